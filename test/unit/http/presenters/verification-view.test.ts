import { expect } from 'chai';
import { verificationView } from '../../../../app/http/presenters/verification-view.ts';
import { createTranslator } from '../../../../app/i18n/translator.ts';
import type { SignatureFinding, VerificationResult } from '../../../../app/ports/pdf-engine.ts';
import { T0, evidence, later, sentSigning } from '../../../support/signing-builder.ts';
import { signerSigned } from '../../../../app/domain/transitions/signer-actions.ts';

const t = createTranslator('en');
export const finding = (fields: Partial<SignatureFinding> = {}): SignatureFinding => ({
  field: 'Seal',
  kind: 'signature',
  integrity: 'valid',
  problems: [],
  certificate: {
    subject: 'CN=Seal',
    commonName: 'Seal',
    issuer: 'CN=Seal',
    serial: '1',
    fingerprint: 'c'.repeat(64),
    validFrom: T0,
    validTo: later(1000),
  },
  trust: 'ours',
  certificateValidThen: true,
  level: 'B-B',
  covers: 'whole_file',
  revision: 1,
  revisionEnd: 10,
  changesAfter: [],
  ...fields,
});
const result = (fields: Partial<VerificationResult> = {}): VerificationResult => ({
  verdict: 'unchanged',
  sha256: 'a'.repeat(64),
  size: 10,
  pages: 1,
  signatures: [finding()],
  warnings: [],
  ...fields,
});
const issued = {
  sha256: 'a'.repeat(64),
  signingId: '0123456789abcdef01234567',
  kind: 'signed',
  issuedAt: T0,
} as const;

describe('what is said about a checked file', () => {
  it('when it is whole and ours, expected green and the name of the seal', () => {
    const view = verificationView(result(), undefined, undefined, 'a.pdf', t);
    expect(view).to.include({ headline: 'unchanged', tone: 'success', signedBy: 'Seal' });
    expect(view.signatures[0]?.selfIssued).to.equal(true);
  });

  it('when we issued it, expected the people who signed it', () => {
    const signing = signerSigned(sentSigning(), 's1', evidence(), later(5));
    const view = verificationView(result(), issued, signing, 'a.pdf', t);
    expect(view).to.include({ headline: 'issued', tone: 'success', signedBy: 'Подписант s1' });
    expect(view.issued).to.deep.equal({ at: T0, kind: 'signed', number: 'CS-01234567' });
  });

  it('when anyone could have made the certificate, expected it never green', () => {
    const view = verificationView(
      result({ signatures: [finding({ trust: 'unknown' })] }),
      undefined,
      undefined,
      '',
      t,
    );
    expect(view).to.include({ headline: 'unknown_signer', tone: 'warning' });
    expect(view.signatures[0]?.tone).to.equal('warning');
  });

  it('when bytes were added that nobody signed, or something else is wrong, expected a warning in place of green', () => {
    const added = finding({ changesAfter: [{ code: 'trailing_bytes', path: '', permitted: true }] });
    for (const signature of [added, finding({ problems: ['trailing_data'] })]) {
      const view = verificationView(result({ signatures: [signature] }), undefined, undefined, '', t);
      expect(view).to.include({ verdict: 'unchanged', headline: 'extended', tone: 'warning' });
      expect(view.signatures[0]?.tone).to.equal('warning');
    }
    const permitted = finding({ changesAfter: [{ code: 'validation_data', path: '', permitted: true }] });
    const view = verificationView(result({ signatures: [permitted] }), undefined, undefined, '', t);
    expect(view).to.include({ headline: 'unchanged', tone: 'success' });
  });

  it('when it was changed afterwards, expected red at verdict and signature with the change named', () => {
    const change = { code: 'page_content', path: '/Pages', permitted: false, page: 2 };
    const changed = result({ verdict: 'changed', signatures: [finding({ changesAfter: [change] })] });
    const view = verificationView(changed, undefined, undefined, '', t);
    expect(view).to.include({ headline: 'changed', tone: 'danger' });
    expect(view.signatures[0]).to.include({ tone: 'danger' });
    expect(view.signatures[0]?.changes[0]?.text).to.match(/content of a page/);
  });

  it('when the engine names something that has no text yet, expected its code instead of a failure', () => {
    const view = verificationView(result({ warnings: ['brand_new'] }), undefined, undefined, '', t);
    expect(view.warnings).to.deep.equal(['brand_new']);
  });
});
