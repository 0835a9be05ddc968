import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { loadAppSecret } from '../../../app/storage/load-app-secret.ts';

describe('loading APP_SECRET', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'cs-secret-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('when it is configured, expected that one and no file', async () => {
    expect(await loadAppSecret({ appSecret: 'configured', dataDir: folder })).to.equal('configured');
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it('when many start at once on a new folder, expected one secret, in one file only the owner can read', async () => {
    const dataDir = path.join(folder, 'data');
    const load = () => loadAppSecret({ appSecret: '', dataDir });
    const secrets = await Promise.all(Array.from({ length: 20 }, load));
    expect(new Set(secrets).size).to.equal(1);
    expect(secrets[0]).to.match(/^[\w-]{43}$/);
    expect(await readdir(dataDir)).to.deep.equal(['app-secret']);
    const file = path.join(dataDir, 'app-secret');
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect((await readFile(file, 'utf8')).trim()).to.equal(secrets[0]);
    expect(await load()).to.equal(secrets[0]);
  });

  it('when the file is empty, expected an error and not a new secret', async () => {
    await writeFile(path.join(folder, 'app-secret'), '\n');
    const error = await loadAppSecret({ appSecret: '', dataDir: folder }).catch((reason: unknown) => reason);
    expect(String(error)).to.match(/is empty/);
  });
});
