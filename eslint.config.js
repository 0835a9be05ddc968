import js from '@eslint/js';
import ts from 'typescript-eslint';
import importZones from './eslint-rules/import-zones.js';
import noSecretInLog from './eslint-rules/no-secret-in-log.js';

/** Who may import whom inside `app` (docs/architecture.md); what is not listed (container, wiring, admin) may everything. */
const MAY_IMPORT = {
  domain: [],
  ports: ['domain'],
  i18n: ['domain'],
  signing: ['domain', 'ports', 'i18n'],
  http: ['domain', 'ports', 'i18n', 'logger.ts', 'signing', 'portal/verify-frame.ts'],
  jobs: ['domain', 'ports', 'i18n', 'logger.ts', 'signing'],
  'embedded-mongodb': [],
  net: [],
  ...Object.fromEntries(
    ['portal', 'providers', 'storage', 'notify', 'pdf', 'tsa'].map((adapter) => [
      adapter,
      ['domain', 'ports', 'i18n', 'logger.ts'],
    ]),
  ),
  // The adapters that connect to hosts which somebody else names share one guard.
  ...Object.fromEntries(
    ['portal', 'tsa'].map((adapter) => [adapter, ['domain', 'ports', 'i18n', 'logger.ts', 'net']]),
  ),
};
const zones = [
  ...Object.entries(MAY_IMPORT).flatMap(([folder, allowed]) => [
    {
      target: `app/${folder}`,
      from: 'app',
      except: [folder, ...allowed],
      message: `app/${folder} imports ${allowed.join(', ') || 'nothing of ours'}`,
    },
    { target: `app/${folder}`, from: 'installer', message: 'only the wiring knows the installer' },
    { target: `app/${folder}`, from: 'robots', message: 'only the wiring knows the robots' },
  ]),
  {
    target: 'robots',
    from: 'app',
    except: ['domain', 'ports', 'i18n', 'signing'],
    message: 'robots know no Express, no store, no provider',
  },
  {
    target: 'installer',
    from: 'app',
    except: ['domain', 'ports', 'i18n', 'portal'],
    message: 'the installer knows the portal, not the store',
  },
  ...['app', 'robots', 'installer'].map((target) => ({
    target,
    from: 'test',
    message: 'production code never imports tests',
  })),
];

export default ts.config(
  { ignores: ['node_modules/', 'data/', 'public/vendor/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [ts.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { countersign: { rules: { 'import-zones': importZones, 'no-secret-in-log': noSecretInLog } } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      'countersign/import-zones': ['error', zones],
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'countersign/no-secret-in-log': 'error',
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      'no-console': 'off',
    },
  },
  { files: ['app/admin/**/*.ts', 'test/demo/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['public/**/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'window',
          'document',
          'fetch',
          'console',
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'FormData',
          'URL',
          'URLSearchParams',
          'location',
          'navigator',
          'HTMLElement',
          'Event',
          'CustomEvent',
          'ResizeObserver',
          'IntersectionObserver',
          'FileReader',
          'Image',
          'Blob',
          'history',
          'requestAnimationFrame',
          'confirm',
          'parent',
          'crypto',
          'AbortController',
        ].map((n) => [n, 'readonly']),
      ),
    },
  },
  { files: ['**/*.js'], languageOptions: { globals: { process: 'readonly', console: 'readonly' } } },
);
