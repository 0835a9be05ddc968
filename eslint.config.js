import js from '@eslint/js';
import { importX } from 'eslint-plugin-import-x';
import ts from 'typescript-eslint';
import noSecretInLog from './eslint-rules/no-secret-in-log.js';

/** Who may import whom (docs/architecture.md). Each zone: files in `target` may not import from `from`. */
const adapters = ['portal', 'providers', 'storage', 'jobs', 'notify', 'pdf', 'http'];
const zones = [
  { target: './app/domain', from: './app', except: ['./domain'], message: 'domain imports nothing' },
  { target: './app/domain', from: ['./robots', './installer'], message: 'domain imports nothing' },
  { target: './app/ports', from: './app', except: ['./domain', './ports'], message: 'ports import domain' },
  {
    target: './app/signing',
    from: './app',
    except: ['./domain', './ports', './signing', './i18n'],
    message: 'use cases import domain, ports and texts',
  },
  {
    target: './robots',
    from: './app',
    except: ['./domain', './ports', './signing', './i18n'],
    message: 'robots know no Express, no store, no provider',
  },
  ...adapters
    .filter((name) => name !== 'http')
    .map((name) => ({
      target: `./app/${name}`,
      from: './app',
      except: [
        './domain',
        './ports',
        './i18n',
        './logger.ts',
        `./${name}`,
        ...(name === 'jobs' ? ['./signing'] : []),
      ],
      message: `app/${name} is an adapter: domain, ports and its own library`,
    })),
  {
    target: './app/embedded-mongodb',
    from: './app',
    except: ['./embedded-mongodb'],
    message: 'the embedded store is a package of its own',
  },
  {
    target: ['./app', './robots', './installer'],
    from: './test',
    message: 'production code never imports tests',
  },
];

export default ts.config(
  { ignores: ['node_modules/', 'data/', 'public/vendor/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [ts.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { 'import-x': importX, countersign: { rules: { 'no-secret-in-log': noSecretInLog } } },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.js', '.json'] } } },
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
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': 'off',
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
