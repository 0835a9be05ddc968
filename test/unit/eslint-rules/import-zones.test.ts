import { expect } from 'chai';
import { ESLint } from 'eslint';

const eslint = new ESLint();

/** Complaints of the import rule about a line of code, as if it stood in that file. */
async function complaints(filePath: string, code: string): Promise<number> {
  const config = (await eslint.calculateConfigForFile('app/domain/signing.ts')) as {
    rules: Record<string, unknown>;
  };
  const only = new ESLint({
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: ['**/*.ts'],
        plugins: (config as { plugins?: Record<string, never> }).plugins ?? {},
        rules: { 'countersign/import-zones': config.rules['countersign/import-zones'] as never },
      },
    ],
  });
  const [result] = await only.lintText(code, { filePath });
  return result?.messages.filter(({ ruleId }) => ruleId === 'countersign/import-zones').length ?? 0;
}

describe('lint rule import-zones', () => {
  const refused: [string, string][] = [
    ['app/domain/x.ts', "import '../ports/clock.ts';"],
    ['app/ports/x.ts', "import '../signing/sweep.ts';"],
    ['app/signing/runs/x.ts', "import '../../storage/connect-store.ts';"],
    ['app/storage/x.ts', "import '../portal/create-portal.ts';"],
    ['app/pdf/jobs/x.ts', "import '../../jobs/create-jobs.ts';"],
    ['app/embedded-mongodb/x.ts', "import '../logger.ts';"],
    ['robots/x.ts', "export * from '../app/http/render.ts';"],
    ['app/http/x.ts', "await import('../../test/support/browser.ts');"],
    ['app/jobs/x.ts', "import '../../installer/register-app.ts';"],
  ];
  for (const [file, code] of refused) {
    it(`when ${file} says ${code}, refused`, async () => expect(await complaints(file, code)).to.equal(1));
  }

  const fine: [string, string][] = [
    ['app/signing/runs/x.ts', "import '../../domain/signing.ts';"],
    ['app/pdf/verify/x.ts', "import '../jobs/run-job.ts';"],
    ['app/wiring/x.ts', "import '../storage/connect-store.ts';"],
    ['app/domain/x.ts', "import 'node:crypto';"],
    ['test/unit/x.ts', "import '../../app/http/render.ts';"],
  ];
  for (const [file, code] of fine) {
    it(`when ${file} says ${code}, fine`, async () => expect(await complaints(file, code)).to.equal(0));
  }
});
