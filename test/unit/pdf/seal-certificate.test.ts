import { verify, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadSealCertificate } from '../../../app/pdf/certificate/load-seal-certificate.ts';
import { sealBundle } from '../../../app/pdf/sealing/seal-bundle.ts';
import { verifyDocument } from '../../../app/pdf/verify/verify-document.ts';
import { pdfWithPages } from '../../fixtures/pdf/build-pdf.ts';
import { execute, hasProgram } from '../../fixtures/pdf/outside-programs.ts';
import { aSealRequest } from '../../fixtures/pdf/test-engine.ts';

describe('sealing certificate', function () {
  this.timeout(30_000);
  let dataDir: string;
  beforeEach(async () => (dataDir = await mkdtemp(join(tmpdir(), 'countersign-test-'))));
  afterEach(() => rm(dataDir, { recursive: true }));

  it('when there is none, expected one to be made, kept for the owner alone, and used again', async () => {
    const folder = join(dataDir, 'new');
    const made = await loadSealCertificate({ dataDir: folder, organisation: 'Test' });
    const again = await loadSealCertificate({ dataDir: folder });

    expect(made).to.deep.include({
      selfIssued: true,
      keyType: 'RSA',
      subject: 'O=Test, CN=Test document seal',
    });
    expect(again.fingerprint).to.equal(made.fingerprint);
    expect(await readdir(folder)).to.deep.equal(['seal-certificate.pem']);
    expect((await stat(join(folder, 'seal-certificate.pem'))).mode & 0o777).to.equal(0o600);
    const [leaf, root] = made.chain.map((der) => new X509Certificate(der));
    expect(leaf?.verify(root?.publicKey ?? leaf.publicKey)).to.equal(true);
    expect(leaf?.keyUsage).to.have.members(['1.3.6.1.5.5.7.3.4', '1.3.6.1.5.5.7.3.36']);
    expect(new X509Certificate(made.rootPem).ca).to.equal(true);
    const signature = await again.sign(Buffer.from('data'));
    expect(leaf && verify('sha256', Buffer.from('data'), leaf.publicKey, signature)).to.equal(true);
  });

  it('when two processes start at once, expected both to use the same one', async () => {
    const [one, two] = await Promise.all([
      loadSealCertificate({ dataDir }),
      loadSealCertificate({ dataDir }),
    ]);
    expect(one.fingerprint).to.equal(two.fingerprint);
  });

  it('when the file is no PKCS#12, expected a clear error', async () => {
    const error = await loadSealCertificate({ dataDir, p12: Buffer.from('nonsense') }).catch(
      (e: unknown) => e,
    );
    expect(error).to.include({ code: 'unreadable' });
  });

  if (hasProgram('openssl', 'PKCS#12 files made by OpenSSL')) {
    const kinds: [kind: 'RSA' | 'EC', newKey: string[], export_: string[], password: string][] = [
      ['RSA', ['-newkey', 'rsa:2048'], [], 'пароль'],
      ['EC', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], [], 'secret'],
      ['EC', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'], [], ''],
      ['EC', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-521'], [], 'secret'],
      [
        'RSA',
        ['-newkey', 'rsa:2048'],
        ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
        'old',
      ],
    ];
    for (const [kind, newKey, exporting, password] of kinds) {
      it(`when a PKCS#12 file holds ${newKey.at(-1)} ${exporting.length ? 'in the old encryption' : ''}, expected it to seal`, async () => {
        const path = (leaf: string): string => join(dataDir, leaf);
        const subject = ['-subj', '/CN=Operator Ltd', '-days', '30', '-nodes'];
        execute('openssl', [
          'req',
          '-x509',
          ...newKey,
          ...subject,
          '-keyout',
          path('k.pem'),
          '-out',
          path('c.pem'),
        ]);
        const pair = ['-inkey', path('k.pem'), '-in', path('c.pem'), '-passout', `pass:${password}`];
        execute('openssl', ['pkcs12', '-export', ...pair, ...exporting, '-out', path('s.p12')]);
        const p12 = await readFile(path('s.p12'));

        const certificate = await loadSealCertificate({ p12, password, dataDir });
        expect(certificate).to.deep.include({ keyType: kind, selfIssued: false, subject: 'CN=Operator Ltd' });
        const name = 'Operator Ltd';
        const context = { seal: { ...certificate, name }, builtInQpdf: false };
        const { pdf } = await sealBundle(aSealRequest(new Uint8Array(pdfWithPages(['x']))), context);
        const checked = await verifyDocument({ pdf, at: new Date() }, context);
        expect(checked.verdict).to.equal('unchanged');
        expect(checked.signatures[0]).to.deep.include({ trust: 'ours', level: 'B-B' });
        const wrong = await loadSealCertificate({ p12, password: 'wrong', dataDir }).catch((e: unknown) => e);
        expect(wrong).to.include({
          code: 'wrong_password',
          message: 'The password of the PKCS#12 file is wrong',
        });
      });
    }
  }
});
