import { expect } from 'chai';
import { SIGNING_STATUS_CODES, mayFollow } from '../../../app/domain/signing-status.ts';
import type { SigningStatus } from '../../../app/domain/signing-status.ts';
import { findBrokenEntry } from '../../../app/domain/journal.ts';
import type { Signing } from '../../../app/domain/signing.ts';
import { TransitionError } from '../../../app/domain/transitions/draft.ts';
import {
  cancelSigning,
  expireSigning,
  failSigning,
  markCompleted,
  markSealed,
  remindSigners,
  resumeSigning,
} from '../../../app/domain/transitions/end-signing.ts';
import { inviteInsteadOfMandate, markSent } from '../../../app/domain/transitions/send.ts';
import {
  signerDeclined,
  signerOpened,
  signerSigned,
} from '../../../app/domain/transitions/signer-actions.ts';
import {
  T0,
  buildSigning,
  evidence,
  later,
  newSigner,
  pending,
  sentSigning,
  signerOf,
  storedFile,
} from '../../support/signing-builder.ts';

const user = { kind: 'user', id: '1', name: 'Анна Волкова' } as const;
const files = { signedFile: storedFile('signed'), report: storedFile('report') };
const error = { text: 'provider_unavailable', reference: 'ab12cd34' };

/** A signing in every state, reached by the rules themselves. */
const inState: Record<SigningStatus, () => Signing> = {
  created: () => buildSigning(),
  sent: () => sentSigning(),
  opened: () => signerOpened(sentSigning(), 's1', '127.0.0.1', later(1)),
  partly_signed: () => signerSigned(sentSigning(), 's1', evidence(), later(5)),
  signed: () => signerSigned(inState.partly_signed(), 's2', evidence(), later(6)),
  completed: () =>
    markCompleted(markSealed(inState.signed(), files, 'B-B', later(7)), { signed: '401' }, later(8)),
  declined: () => signerDeclined(inState.sent(), 's1', 'Не согласен', later(2)),
  cancelled: () => cancelSigning(inState.sent(), user, '', later(2)),
  expired: () => expireSigning(sentSigning({ expiresAt: later(3) }), later(4)),
  error: () => failSigning(inState.created(), error, later(1)),
};
const STATES = Object.keys(SIGNING_STATUS_CODES) as SigningStatus[];

/** Every rule with what it makes of each state; a state that is not listed must be refused. */
const rules: Record<
  string,
  { apply: (s: Signing) => Signing; to: Partial<Record<SigningStatus, SigningStatus>> }
> = {
  sending: { apply: (s) => markSent(s, { bundle: storedFile('bundle') }, later(9)), to: { created: 'sent' } },
  'the first signer opening': {
    apply: (s) => signerOpened(s, 's1', '127.0.0.1', later(9)),
    to: { sent: 'opened', opened: 'opened' },
  },
  'the first signer signing': {
    apply: (s) => signerSigned(s, 's1', evidence(), later(9)),
    to: { sent: 'partly_signed', opened: 'partly_signed' },
  },
  'the second signer signing': {
    apply: (s) => signerSigned(s, 's2', evidence(), later(9)),
    to: { partly_signed: 'signed' },
  },
  'the second signer declining': {
    apply: (s) => signerDeclined(s, 's2', 'Нет', later(9)),
    to: { partly_signed: 'declined' },
  },
  sealing: { apply: (s) => markSealed(s, files, 'B-B', later(9)), to: { signed: 'signed' } },
  completing: { apply: (s) => markCompleted(s, {}, later(9)), to: { signed: 'completed' } },
  cancelling: {
    apply: (s) => cancelSigning(s, user, '', later(9)),
    to: {
      created: 'cancelled',
      sent: 'cancelled',
      opened: 'cancelled',
      partly_signed: 'cancelled',
      error: 'cancelled',
    },
  },
  expiry: {
    apply: (s) => expireSigning({ ...s, expiresAt: later(8) }, later(9)),
    to: {
      created: 'expired',
      sent: 'expired',
      opened: 'expired',
      partly_signed: 'expired',
      error: 'expired',
    },
  },
  failing: {
    apply: (s) => failSigning(s, error, later(9)),
    to: { created: 'error', sent: 'error', opened: 'error', partly_signed: 'error', signed: 'error' },
  },
  resuming: { apply: (s) => resumeSigning(s, user, later(9)), to: { error: 'created' } },
};

describe('transitions of a signing', () => {
  for (const [name, rule] of Object.entries(rules)) {
    for (const state of STATES) {
      const expected = rule.to[state];
      it(`${name} in state ${state}: ${expected ?? 'refused'}`, () => {
        const before = inState[state]();
        expect(before.status).to.equal(state);
        const frozen = structuredClone(before);
        if (!expected) {
          expect(() => rule.apply(before)).to.throw(TransitionError);
        } else {
          const after = rule.apply(before);
          expect(after.status).to.equal(expected);
          expect(findBrokenEntry(after.journal)).to.equal(undefined);
          if (after.status !== before.status && state !== 'error')
            expect(mayFollow(state, after.status)).to.equal(true);
        }
        expect(before, 'the signing it came from').to.deep.equal(frozen);
      });
    }
  }

  it('when sent, the first step is invited and nobody of the second', () => {
    const signing = sentSigning();
    expect(signerOf(signing, 's1').status).to.equal('sent');
    expect(signerOf(signing, 's2').status).to.equal('created');
    expect(pending(signing)).to.include('invite:s1').and.not.include('invite:s2');
  });

  it('when the first step has signed, the second is invited', () => {
    const signing = inState.partly_signed();
    expect(signerOf(signing, 's2').status).to.equal('sent');
    expect(pending(signing)).to.include.members([
      'invite:s2',
      'settle:s1',
      'trigger:signing_partly_signed',
      'return',
    ]);
  });

  it('when two of a step are invited together, the next step waits for both', () => {
    const signers = [newSigner('s1'), newSigner('s2', { step: 1 }), newSigner('s3', { step: 2 })];
    const once = signerSigned(sentSigning({ signers }), 's1', evidence(), later(1));
    expect(signerOf(once, 's3').status).to.equal('created');
    const twice = signerSigned(once, 's2', evidence(), later(2));
    expect(signerOf(twice, 's3').status).to.equal('sent');
    expect(twice.status).to.equal('partly_signed');
    expect(pending(twice).filter((effect) => effect === 'invite:s3')).to.have.length(1);
  });

  it('when a signer acts before their turn, refused', () => {
    expect(() => signerOpened(sentSigning(), 's2', '127.0.0.1', later(1))).to.throw(TransitionError);
    expect(() => signerSigned(sentSigning(), 's2', evidence(), later(1))).to.throw(TransitionError);
  });

  it('when the deadline has passed but nobody noticed yet, signing is refused', () => {
    const signing = sentSigning({ expiresAt: later(3) });
    expect(() => signerSigned(signing, 's1', evidence(), later(3))).to.throw(TransitionError);
  });

  it('when a signer signs twice, the second time is refused', () => {
    expect(() => signerSigned(inState.partly_signed(), 's1', evidence(), later(9))).to.throw(TransitionError);
  });

  it('when the company signs under a mandate, no invitation goes out and the journal says how', () => {
    const signers = [newSigner('s1', { method: 'mandate' }), newSigner('s2')];
    const sent = sentSigning({ signers });
    expect(pending(sent)).to.include('apply_mandate:s1').and.not.include('invite:s1');
    const mandate = { kind: 'consent', grantedAt: T0 } as const;
    const signed = signerSigned(sent, 's1', evidence({ method: 'mandate', mandate }), later(1));
    expect(signed.journal.map((entry) => entry.type)).to.include('signed_by_mandate');
    expect(pending(signed)).to.include('invite:s2');
  });

  it('when the mandate is gone at its turn, the employee is invited by link instead', () => {
    const sent = sentSigning({ signers: [newSigner('s1', { method: 'mandate' }), newSigner('s2')] });
    const invited = inviteInsteadOfMandate(sent, 's1', later(1));
    expect(signerOf(invited, 's1')).to.include({ method: 'link', status: 'sent' });
    expect(pending(invited)).to.include('invite:s1');
    expect(inviteInsteadOfMandate(invited, 's1', later(2))).to.equal(invited);
  });

  it('when declined, the others are cancelled, pending invitations are dropped, the balance is released', () => {
    const declined = inState.declined();
    expect(declined.signers.map((signer) => signer.status)).to.deep.equal(['declined', 'cancelled']);
    expect(pending(declined)).to.include.members([
      'release',
      'trigger:signing_declined',
      'mail:declined:initiator',
    ]);
    expect(pending(declined)).to.not.include('invite:s1');
  });

  it('when final, values go back before the trigger is fired, in one lane', () => {
    const completed = inState.completed();
    const lane = completed.effects.filter((effect) => effect.lane === 'process').map((effect) => effect.kind);
    expect(lane.at(-2)).to.equal('return');
    expect(lane.at(-1)).to.equal('trigger');
  });

  it('when resumed, the effect that was given up is due again and the state is the one before', () => {
    const failed = failSigning(inState.signed(), error, later(9));
    const stuck = {
      ...failed,
      effects: failed.effects.map((e) =>
        e.kind === 'seal' ? { ...e, state: 'given_up' as const, attempts: 9 } : e,
      ),
    };
    const resumed = resumeSigning(stuck, user, later(10));
    expect(resumed.status).to.equal('signed');
    expect(resumed.error).to.equal(undefined);
    expect(resumed.effects.find((effect) => effect.kind === 'seal')).to.include({
      state: 'pending',
      attempts: 0,
    });
  });

  it('when everybody signed and only the sealing failed, the deadline does not end it', () => {
    const failed = failSigning(inState.signed(), error, later(9));
    expect(() => expireSigning({ ...failed, expiresAt: later(10) }, later(11))).to.throw(TransitionError);
  });

  it('when reminded, only those whose turn it is', () => {
    const reminded = remindSigners(sentSigning(), user, undefined, later(1));
    expect(pending(reminded).filter((effect) => effect.startsWith('remind'))).to.deep.equal(['remind:s1']);
    const nobody = remindSigners(sentSigning(), user, 's2', later(1));
    expect(nobody.journal.map((entry) => entry.type)).to.not.include('reminded');
  });
});
