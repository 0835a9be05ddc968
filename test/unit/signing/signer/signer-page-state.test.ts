import { expect } from 'chai';
import type { Signing } from '../../../../app/domain/signing.ts';
import {
  cancelSigning,
  expireSigning,
  failSigning,
  markCompleted,
  markSealed,
} from '../../../../app/domain/transitions/end-signing.ts';
import { signerDeclined, signerSigned } from '../../../../app/domain/transitions/signer-actions.ts';
import { consentIn, findConsent } from '../../../../app/signing/signer/consent.ts';
import { maskEmail, maskPhone } from '../../../../app/signing/signer/mask-address.ts';
import { signerPageState } from '../../../../app/signing/signer/signer-page-state.ts';
import {
  buildSigning,
  evidence,
  later,
  sentSigning,
  signerOf,
  storedFile,
} from '../../../support/signing-builder.ts';

const stateOf = (signing: Signing, id: string, minutes = 5) =>
  signerPageState(signing, signerOf(signing, id), later(minutes));
const both = (signing: Signing): string[] => [stateOf(signing, 's1'), stateOf(signing, 's2')];
const AFTER = 15 * 24 * 60;

describe("what a signer's page shows", () => {
  const sent = sentSigning();
  const half = signerSigned(sent, 's1', evidence(), later(1));
  const all = signerSigned(half, 's2', evidence(), later(2));
  const user = { kind: 'user', id: '12' } as const;

  it('when nothing is sent yet, expected to wait', () =>
    expect(both(buildSigning())).to.deep.equal(['not_yet', 'not_yet']));
  it('when the first step is invited, expected only its signer to sign', () =>
    expect(both(sent)).to.deep.equal(['sign', 'not_yet']));
  it('when the first has signed, expected the second to sign', () =>
    expect(both(half)).to.deep.equal(['signed', 'sign']));
  it('when all have signed, expected thanks, also after the deadline', () => {
    expect(both(all)).to.deep.equal(['signed', 'signed']);
    expect(stateOf(all, 's1', AFTER)).to.equal('signed');
  });
  it('when it is completed, expected the files', () => {
    const sealed = markSealed(all, { signedFile: storedFile('f'), report: storedFile('r') }, 'B-B', later(3));
    expect(both(markCompleted(sealed, {}, later(4)))).to.deep.equal(['completed', 'completed']);
  });
  it('when the deadline has passed and the sweep has not come yet, expected "expired" all the same', () => {
    expect(stateOf(half, 's1', AFTER)).to.equal('expired');
    expect(stateOf(half, 's2', AFTER)).to.equal('expired');
    expect(both(expireSigning(half, later(AFTER)))).to.deep.equal(['expired', 'expired']);
  });
  it('when somebody declines, expected them and the others to be told different things', () =>
    expect(both(signerDeclined(half, 's2', 'no', later(3)))).to.deep.equal(['declined', 'declined_by_me']));
  it('when it is cancelled, expected that', () =>
    expect(both(cancelSigning(half, user, '', later(3)))).to.deep.equal(['cancelled', 'cancelled']));
  it('when it has failed, expected who has signed not to be alarmed', () =>
    expect(both(failSigning(half, { text: 'x', reference: 'r' }, later(3)))).to.deep.equal([
      'signed',
      'error',
    ]));
});

describe('masked addresses', () => {
  it('when an e-mail or phone is masked, expected only its owner to know it again', () => {
    expect(maskEmail('anna.k@example.com')).to.equal('a***@example.com');
    expect(maskEmail('нет адреса')).to.equal('***');
    expect(maskPhone('+7 912 345-67-89')).to.equal('+7 *** ** 89');
    expect(maskPhone('12')).to.equal('***');
  });
});

describe('consent', () => {
  it('when it is shown in a language, expected a version that leads back to exactly that text', () => {
    const [ru, en] = [consentIn('ru'), consentIn('en')];
    expect(ru.version).to.match(/^1-ru-[0-9a-f]{16}$/);
    expect(ru.sha256.startsWith(ru.version.slice(-16))).to.equal(true);
    expect(findConsent(ru.version)).to.deep.equal(ru);
    expect(findConsent(en.version)).to.deep.equal(en);
    expect(findConsent('1-ru-0000000000000000')).to.equal(undefined);
  });
});
