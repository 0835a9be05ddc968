import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { pdfWithPages } from '../../fixtures/pdf/build-pdf.ts';
import { makeP12 } from '../../fixtures/pdf/make-p12.ts';
import { aSealRequest } from '../../fixtures/pdf/test-engine.ts';
import { openApp } from '../../support/office-client.ts';
import { openStage } from '../../support/run-app.ts';
import type { Stage } from '../../support/run-app.ts';

const PASSWORD = 'a password that nobody may see';
const DAY_MS = 86_400_000;

describe('a portal’s own certificate in the running app', function () {
  this.timeout(60_000);
  const lines: string[] = [];
  let now = new Date('2026-11-22T10:00:00Z');
  let stage: Stage;
  let portalId: string;
  before(async () => {
    stage = await openStage({ clock: { now: () => now }, logTo: (line) => void lines.push(line) });
    portalId = (await stage.app.container.portals.list())[0]!.id;
  });
  after(() => stage?.close());

  const upload = async (password: string) => {
    const validFrom = new Date(now.getTime() - DAY_MS);
    const p12 = await makeP12({ password: PASSWORD, name: 'Romashka', validFrom, days: 90 });
    const admin = await openApp(stage.portal);
    return admin.upload('/office/settings/certificate', 'company.p12', p12, 'application/x-pkcs12', {
      password,
    });
  };
  const sealedBy = async () => {
    const { pdf } = stage.app.container;
    const sealed = await pdf.sealBundle(aSealRequest(pdfWithPages(['One page'])), { portalId });
    const { signatures } = await pdf.verify({ pdf: sealed.pdf, at: now });
    return signatures.map(({ certificate }) => certificate?.commonName);
  };

  it('when it is uploaded, expected documents signed with it from then on', async () => {
    expect(await sealedBy()).to.deep.equal(['Countersign document seal']);
    expect((await upload('wrong')).status).to.equal(409);
    expect((await upload(PASSWORD)).status).to.equal(200);
    expect(await sealedBy()).to.deep.equal(['Romashka']);
    await stage.restart();
    expect(await sealedBy(), 'after a restart').to.deep.equal(['Romashka']);
  });

  it('when it has expired, expected nothing signed instead of another signature', async () => {
    const then = now;
    now = new Date(now.getTime() + 91 * DAY_MS);
    const error = await sealedBy().catch((thrown: unknown) => thrown);
    now = then;
    expect(error).to.include({ code: 'certificate_expired', retryable: false });
  });

  it('when the portal is purged, expected the operator’s again and no trace of it', async () => {
    await stage.app.container.purgePortal(portalId);
    expect(await sealedBy()).to.deep.equal(['Countersign document seal']);
    expect(await stage.app.container.certificates.all()).to.deep.equal([]);
  });

  it('when all was done, expected password and key neither in the log nor in the files', async () => {
    expect(lines.join('\n')).to.include('the portal has a certificate of its own');
    expect(lines.join('\n')).not.to.include(PASSWORD).and.not.include('PRIVATE KEY');
    const files = await readdir(stage.dataDir, { recursive: true, withFileTypes: true });
    for (const file of files.filter((each) => each.isFile() && each.name !== 'seal-certificate.pem')) {
      const bytes = await readFile(join(file.parentPath, file.name), 'latin1');
      expect(bytes.includes(PASSWORD) || bytes.includes('PRIVATE KEY'), file.name).to.equal(false);
    }
  });
});
