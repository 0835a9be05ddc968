import { expect } from 'chai';
import { verifyDocument } from '../../../app/pdf/verify/verify-document.ts';
import type { SignatureFinding, VerificationResult } from '../../../app/ports/pdf-engine.ts';
import { certificateMaker } from '../../fixtures/pdf/make-certificates.ts';
import type { Identity, KeyKind } from '../../fixtures/pdf/make-certificates.ts';
import { signOddly } from '../../fixtures/pdf/sign-oddly.ts';
import type { Oddities } from '../../fixtures/pdf/sign-oddly.ts';
import { testCertificate } from '../../fixtures/pdf/test-engine.ts';

const GOST_2012 = '1.2.643.7.1.1.3.2';
const GOST_DIGEST = '1.2.643.7.1.1.2.2';

describe('signatures of other programs', function () {
  this.timeout(30_000);
  const make = certificateMaker(() => new Date());
  let root: Identity;
  before(async () => (root = await make.root('Their authority')));

  const examine = async (pdf: Uint8Array): Promise<VerificationResult> => {
    const seal = { ...(await testCertificate()), name: 'ours' };
    return verifyDocument({ pdf, at: new Date(), anchors: [root.raw] }, { seal });
  };
  const findingFor = async (odd: Oddities, key: KeyKind = 'RSA'): Promise<SignatureFinding> => {
    const signer = await make.signer('Somebody', root, {}, { key });
    return (await examine(await signOddly(signer, odd))).signatures[0]!;
  };

  it('when one has no signed attributes, expected it to be checked over the file itself, as plain CMS', async () => {
    const odd = { withoutAttributes: true };
    expect(await findingFor(odd)).to.deep.include({ integrity: 'valid', level: 'cms', trust: 'anchored' });
    const signer = await make.signer('Somebody', root, {}, { key: 'RSA' });
    const changed = Buffer.from(await signOddly(signer, odd));
    changed[changed.indexOf('contract')]! ^= 1;
    expect((await examine(changed)).signatures[0]).to.deep.include({
      integrity: 'broken',
      problems: ['signature_wrong'],
    });
  });

  it('when such a one claims to be PAdES, or its file begins with something else, expected it not to be taken', async () => {
    for (const odd of [{ subFilter: 'ETSI.CAdES.detached' }, { lateHeader: true }]) {
      expect(await findingFor({ withoutAttributes: true, ...odd })).to.deep.include({
        integrity: 'unsupported',
        problems: ['attributes_missing'],
      });
    }
  });

  for (const key of ['Ed25519', 'P-256', 'P-521'] as const) {
    it(`when the key is ${key}, expected it to be checked`, async () => {
      expect(await findingFor({ subFilter: 'ETSI.CAdES.detached' }, key)).to.deep.include({
        integrity: 'valid',
        level: 'B-B',
      });
    });
  }

  const unknown: [what: string, odd: Oddities][] = [
    ['an algorithm', { signatureAlgorithm: GOST_2012 }],
    ['a digest', { digestAlgorithm: GOST_DIGEST }],
    ['a way of signing (adbe.pkcs7.sha1)', { subFilter: 'adbe.pkcs7.sha1' }],
    ['a way of signing (adbe.x509.rsa_sha1)', { subFilter: 'adbe.x509.rsa_sha1' }],
  ];
  for (const [what, odd] of unknown) {
    it(`when it uses ${what} that is not known, expected "unsupported" and neither valid nor broken`, async () => {
      expect((await findingFor(odd)).integrity).to.equal('unsupported');
    });
  }

  it('when an algorithm that is known does not fit the key, expected no crash and nothing valid', async () => {
    const finding = await findingFor({ signatureAlgorithm: '1.3.101.112' }, 'P-256');
    expect(finding.integrity).to.not.equal('valid');
  });
});
