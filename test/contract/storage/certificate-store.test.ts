import { verify, X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import { createPortalKeys } from '../../../app/pdf/certificate/create-portal-keys.ts';
import { createCertificateStore } from '../../../app/storage/create-certificate-store.ts';
import { makeP12 } from '../../fixtures/pdf/make-p12.ts';
import { openTestStore } from '../../support/store.ts';
import type { TestStore } from '../../support/store.ts';

const NOW = new Date('2026-11-22T10:00:00Z');
const DAY_MS = 86_400_000;
const PASSWORD = 'пароль файла';

describe('portals’ certificates', function () {
  this.timeout(30_000);
  let store: TestStore;
  let now = NOW;
  let p12: Uint8Array;
  let other: Uint8Array;
  before(async () => {
    const validFrom = new Date(NOW.getTime() - DAY_MS);
    p12 = await makeP12({ password: PASSWORD, name: 'ООО «Ромашка»', validFrom, days: 31 });
    other = await makeP12({ name: 'Other', validFrom, rsa: 2048 });
  });
  beforeEach(async () => {
    now = NOW;
    store = await openTestStore({ clock: { now: () => now } });
  });
  afterEach(() => store.close());

  /** Another process on the same store. */
  const elsewhere = () => createCertificateStore({ ...store, keyFiles: createPortalKeys() });
  const faultOf = (work: Promise<unknown>) =>
    work.then(
      () => 'none',
      (error: { code?: string; fault?: string }) => error.fault ?? error.code,
    );

  it('when a portal has none, expected nothing', async () => {
    expect(await store.certificates.get('portal-a')).to.equal(undefined);
    expect(await store.certificates.sealCertificate('portal-a')).to.equal(undefined);
    expect(await store.certificates.all()).to.deep.equal([]);
    await store.certificates.remove('portal-a');
    expect(await store.certificates.get('portal-a')).to.equal(undefined);
  });

  it('when one is saved, expected its facts, and a key that signs, on this portal only', async () => {
    const saved = await store.certificates.save('portal-a', p12, PASSWORD);
    expect(saved).to.include({ portalId: 'portal-a', subject: 'O=ООО «Ромашка», CN=ООО «Ромашка»' });
    expect(saved.savedAt).to.deep.equal(NOW);
    expect(await store.certificates.get('portal-a')).to.deep.equal(saved);

    const certificate = await elsewhere().sealCertificate('portal-a');
    expect(certificate).to.include({ fingerprint: saved.fingerprint, selfIssued: false, keyType: 'EC' });
    const { publicKey } = new X509Certificate(certificate!.chain[0]!);
    const signature = await certificate!.sign(Buffer.from('data'));
    expect(verify('sha256', Buffer.from('data'), publicKey, signature)).to.equal(true);
    expect(await store.certificates.get('portal-b')).to.equal(undefined);
    expect(await store.certificates.sealCertificate('portal-b')).to.equal(undefined);
  });

  it('when it is asked for again, expected the opened one; a change elsewhere counts at once', async () => {
    await store.certificates.save('portal-a', p12, PASSWORD);
    const first = await store.certificates.sealCertificate('portal-a');
    expect(await store.certificates.sealCertificate('portal-a')).to.equal(first);
    await elsewhere().save('portal-a', other, '');
    expect(await store.certificates.sealCertificate('portal-a')).to.include({ keyType: 'RSA' });
    await elsewhere().remove('portal-a');
    expect(await store.certificates.sealCertificate('portal-a')).to.equal(undefined);
  });

  it('when one is replaced or removed, expected what was signed with it to stay known', async () => {
    const fingerprints = async () =>
      (await store.certificates.all()).map((der) =>
        new X509Certificate(der).fingerprint256.replaceAll(':', '').toLowerCase(),
      );
    const one = await store.certificates.save('portal-a', p12, PASSWORD);
    const two = await store.certificates.save('portal-a', other, '');
    await store.certificates.save('portal-a', p12, PASSWORD);
    await store.certificates.remove('portal-a');
    expect(await fingerprints()).to.have.members([one.fingerprint, two.fingerprint]);
    expect(await store.certificates.get('portal-a')).to.equal(undefined);
    const [record] = await store.db.collection('certificates').find().toArray();
    expect(record, 'no key is left').to.have.all.keys('_id', 'revision', 'known');
  });

  it('when its time is over, expected no signing with it, and never with another one instead', async () => {
    await store.certificates.save('portal-a', p12, PASSWORD);
    now = new Date(NOW.getTime() + 31 * DAY_MS);
    expect(await faultOf(store.certificates.sealCertificate('portal-a'))).to.equal('certificate_expired');
    expect(await faultOf(elsewhere().sealCertificate('portal-a'))).to.equal('certificate_expired');
    expect(await store.certificates.get('portal-a'), 'still shown').not.to.equal(undefined);
  });

  it('when a file is refused, expected the reason, and the certificate before it kept', async () => {
    const { fingerprint } = await store.certificates.save('portal-a', p12, PASSWORD);
    const save = (file: Uint8Array, password = '') => store.certificates.save('portal-a', file, password);
    expect(await faultOf(save(p12, 'wrong'))).to.equal('wrong_password');
    expect(await faultOf(save(new Uint8Array()))).to.equal('unreadable');
    expect(await faultOf(save(p12.subarray(0, 200), PASSWORD))).to.equal('unreadable');
    expect(await store.certificates.get('portal-a')).to.include({ fingerprint });
  });

  it('when the store is read, expected neither key nor password in it', async () => {
    await store.certificates.save('portal-a', p12, PASSWORD);
    const text = JSON.stringify(await store.db.collection('certificates').find().toArray());
    expect(text).not.to.include('PRIVATE KEY').and.not.to.include(PASSWORD);
    const { sealed } = (await store.db.collection('certificates').findOne())!['current'] as {
      sealed: string;
    };
    expect(store.secrets.open(sealed, 'certificate:portal-a')).to.include('BEGIN PRIVATE KEY');
    expect(() => store.secrets.open(sealed, 'certificate:portal-b')).to.throw('another context');
  });

  it('when a portal is purged, expected nothing of it', async () => {
    await store.certificates.save('portal-a', p12, PASSWORD);
    await store.certificates.save('portal-b', other, '');
    await store.certificates.sealCertificate('portal-a');
    await store.certificates.purgePortal('portal-a');
    expect(await store.certificates.sealCertificate('portal-a')).to.equal(undefined);
    expect(await store.certificates.all()).to.have.length(1);
  });
});
