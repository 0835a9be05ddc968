import { expect } from 'chai';
import { hasText } from '../../../app/i18n/translator.ts';
import { certificateFaults } from '../../../app/ports/certificate-store.ts';
import { makeP12 } from '../../fixtures/pdf/make-p12.ts';
import { startOfficeApp } from './office-app.ts';
import type { OfficeApp } from './office-app.ts';
import { PEOPLE } from './people.ts';

const DAY_MS = 86_400_000;
const PASSWORD = 'a password that nobody may see';

describe('the portal’s own certificate', function () {
  this.timeout(30_000);
  let app: OfficeApp;
  let admin: string;
  let p12: Uint8Array;
  before(async () => {
    const validFrom = new Date('2026-11-01T00:00:00Z');
    p12 = await makeP12({ password: PASSWORD, name: 'ООО «Ромашка» <b>', validFrom, days: 100 });
  });
  beforeEach(async () => {
    app = await startOfficeApp(PEOPLE);
    admin = await app.sessionOf('/app', 'admin');
  });
  afterEach(() => app.close());

  const upload = (file: Uint8Array | undefined, password = PASSWORD) => {
    const form = new FormData();
    form.set('password', password);
    if (file) form.set('file', new Blob([Buffer.from(file)]), 'company.p12');
    return app.call(admin, '/office/settings/certificate', form);
  };
  /** The session ends after an hour, so whoever comes later comes anew. */
  const pageAt = async (at: Date) => {
    app.setNow(at);
    return (await app.call(await app.sessionOf('/app', 'admin'), '/office/settings')).text();
  };

  it('when none was uploaded, expected the operator’s named', async () => {
    const html = await pageAt(app.now());
    expect(html).to.include('Operator’s certificate').and.not.include('remove-certificate');
  });

  it('when one is uploaded, expected its facts on the page, escaped, and neither key nor password', async () => {
    const response = await upload(p12);
    expect(response.status).to.equal(200);
    const { fingerprint } = (await app.certificates.get('portal-a'))!;
    for (const html of [await response.text(), await pageAt(app.now())]) {
      expect(html).to.include('CN=ООО «Ромашка» &lt;b&gt;').and.include(fingerprint);
      expect(html).to.include('Your own certificate').and.include('until');
      expect(html).not.to.include(PASSWORD).and.not.include('PRIVATE');
    }
    expect(await app.certificates.sealCertificate('portal-a')).to.include({ fingerprint });
    expect(await app.certificates.get('portal-b')).to.equal(undefined);
  });

  it('when it expires within 30 days, expected a warning; when it has, that nothing is signed', async () => {
    await upload(p12);
    const validTo = new Date('2026-11-01T00:00:00Z').getTime() + 100 * DAY_MS;
    expect(await pageAt(new Date(validTo - 31 * DAY_MS))).not.to.include('certificate-warning');
    const soon = await pageAt(new Date(validTo - 29 * DAY_MS));
    expect(soon).to.include('Expires soon').and.include('Upload the next one');
    const expired = await pageAt(new Date(validTo + 1000));
    expect(expired).to.include('signing has stopped').and.include('alert-danger');
  });

  it('when it is removed, expected the operator’s again', async () => {
    await upload(p12);
    const response = await app.call(admin, '/office/settings/certificate/remove', {});
    expect(await response.text()).to.include('Operator’s certificate');
    expect(await app.certificates.sealCertificate('portal-a')).to.equal(undefined);
  });

  it('when a file cannot be used, expected the reason in words and what there was kept', async () => {
    await upload(p12);
    const { fingerprint } = (await app.certificates.get('portal-a'))!;
    const cases: [Promise<Response>, string][] = [
      [upload(p12, 'wrong'), 'certificate_wrong_password'],
      [upload(undefined), 'certificate_missing'],
    ];
    for (const [response, error] of cases) {
      const { status } = await response;
      expect([status, ((await (await response).json()) as { error: string }).error]).to.deep.equal([
        409,
        error,
      ]);
    }
    const others: [Uint8Array, string][] = [
      [Buffer.from('-----BEGIN CERTIFICATE-----'), 'certificate_unreadable'],
      [await makeP12({ password: PASSWORD, withoutKey: true }), 'certificate_no_key'],
      [await makeP12({ password: PASSWORD, validFrom: new Date('2024-01-01') }), 'certificate_expired'],
      [new Uint8Array(64 * 1024 + 1), 'certificate_too_large'],
    ];
    for (const [file, error] of others) {
      const answer = (await (await upload(file)).json()) as { error: string; message: string };
      expect(answer.error).to.equal(error);
      expect(answer.message).not.to.include(PASSWORD);
    }
    expect((await app.call(admin, '/office/settings/certificate', {})).status, 'no file form').to.equal(400);
    expect(await app.certificates.get('portal-a')).to.include({ fingerprint });
  });

  it('when a file may be refused for a reason, expected a text for it', () => {
    for (const fault of certificateFaults)
      expect(hasText(`office.refused_certificate_${fault}`), fault).to.equal(true);
  });
});
