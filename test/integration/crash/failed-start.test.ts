import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const main = fileURLToPath(new URL('../../../app/main.ts', import.meta.url));

/** Runs the app until it ends by itself. */
function run(env: Record<string, string>): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main], { env: { PATH: process.env.PATH, ...env } });
    let text = '';
    child.stdout.on('data', (data: Buffer) => (text += data.toString()));
    child.stderr.on('data', (data: Buffer) => (text += data.toString()));
    child.once('exit', (code) => resolve({ code, text }));
  });
}

describe('a start that fails', function () {
  this.timeout(30_000);

  it('when the environment is wrong, everything is listed and the exit code is 78', async () => {
    const { code, text } = await run({ PORT: 'x', SMTP_URL: 'nonsense' });
    expect(code).to.equal(78);
    for (const name of ['PORT', 'SMTP_URL', 'PUBLIC_URL', 'B24_CLIENT_ID', 'B24_CLIENT_SECRET']) {
      expect(text).to.contain(name);
    }
  });

  it('when something fails after the store is open, the process ends instead of standing there', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'cs-start-'));
    const broken = join(dataDir, 'broken.p12');
    await writeFile(broken, 'not a certificate');
    const { code, text } = await run({
      PUBLIC_URL: 'https://sign.example.test',
      B24_CLIENT_ID: 'a',
      B24_CLIENT_SECRET: 'b',
      DATA_DIR: dataDir,
      SEAL_P12: broken,
      LOG_LEVEL: 'silent',
    });
    expect(code).to.equal(1);
    expect(text).to.match(/PKCS|certificate/i);
    await rm(dataDir, { recursive: true, force: true });
  });
});
