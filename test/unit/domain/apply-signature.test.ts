import { expect } from 'chai';
import { nextEffects } from '../../../app/domain/effect.ts';
import { SYSTEM, findBrokenEntry } from '../../../app/domain/journal.ts';
import { DEFAULT_SEALING } from '../../../app/domain/sealing-plan.ts';
import type { Signing } from '../../../app/domain/signing.ts';
import { signatureApplied } from '../../../app/domain/transitions/apply-signature.ts';
import { cancelSigning, markSealed, resumeSigning } from '../../../app/domain/transitions/end-signing.ts';
import { effectDone, effectFailed } from '../../../app/domain/transitions/run-effects.ts';
import { signerDeclined, signerSigned } from '../../../app/domain/transitions/signer-actions.ts';
import { evidence, later, sentSigning, storedFile } from '../../support/signing-builder.ts';

const work = (signing: Signing) =>
  signing.effects
    .filter(({ lane, state }) => lane === 'work' && state === 'pending')
    .map(({ kind, target }) => (target ? `${kind}:${target}` : kind));
const started = (fields = {}) => sentSigning(fields);
const first = (signing: Signing) => signerSigned(signing, 's1', evidence(), later(5));
const second = (signing: Signing) => signerSigned(signing, 's2', evidence(), later(6));

describe('signatures into the files', () => {
  it('when each signer signs, expected their signatures to be applied in that order, and then the sealing', () => {
    const all = second(first(started()));
    expect(work(all).filter((name) => name !== 'submit')).to.deep.equal([
      'apply_signature:s1',
      'apply_signature:s2',
      'seal',
    ]);
  });

  it('when one seal at the end is wanted, expected the sealing alone', () => {
    const all = second(first(started({ sealing: { ...DEFAULT_SEALING, mode: 'one_seal' } })));
    expect(work(all).filter((name) => name !== 'submit')).to.deep.equal(['seal']);
  });

  it('when somebody declines, expected nothing more to be applied', () => {
    const declined = signerDeclined(first(started()), 's2', 'Нет', later(7));
    expect(work(declined)).to.not.include('apply_signature:s1');
    expect(nextEffects(declined.effects).map(({ kind }) => kind)).to.not.include('apply_signature');
  });

  it('when one fails for good, expected the others and the sealing to wait, and a cancellation to end them', () => {
    const all = effectDone(second(first(started())), '1-submit');
    const { id } = all.effects.find(({ kind }) => kind === 'apply_signature')!;
    const failed = effectFailed(all, id, { text: 'x', reference: 'r', retryable: false }, later(7));
    const next = (signing: Signing) => nextEffects(signing.effects).filter(({ lane }) => lane === 'work');
    expect(next(failed)).to.deep.equal([]);
    expect(next(resumeSigning(failed, SYSTEM, later(8))).map((effect) => effect.id)).to.deep.equal([id]);
    const cancelled = cancelSigning(failed, SYSTEM, 'gone', later(8));
    expect(work(cancelled)).to.deep.equal([]);
  });

  it('when one is applied, expected an entry for each file with its hashes, and the files kept until sealed', () => {
    const files = { signed: storedFile('step'), agreement: storedFile('step-agreement') };
    const applied = { before: 'a'.repeat(64), after: 'b'.repeat(64), level: 'B-T' } as const;
    const signing = signatureApplied(
      second(first(started())),
      's1',
      files,
      [
        { ...applied, file: 'signed', trustedAt: later(5), withoutTimestamp: false },
        { ...applied, file: 'agreement', level: 'B-B', withoutTimestamp: true },
      ],
      later(7),
    );
    const entries = signing.journal.filter(({ type }) => type === 'signature_applied');
    const { before, after } = applied;
    expect(entries.map(({ data }) => data)).to.deep.equal([
      {
        signer: 's1',
        name: 'Подписант s1',
        file: 'signed',
        before,
        after,
        level: 'B-T',
        trusted: later(5).toISOString(),
      },
      {
        signer: 's1',
        name: 'Подписант s1',
        file: 'agreement',
        before,
        after,
        level: 'B-B',
        note: 'no_timestamp',
      },
    ]);
    expect(findBrokenEntry(signing.journal)).to.equal(undefined);
    expect(signing.signedSoFar).to.deep.equal(files);
    const sealed = markSealed(
      signing,
      { signedFile: storedFile('f'), report: storedFile('r') },
      'B-LTA',
      later(8),
    );
    expect(sealed.signedSoFar).to.equal(undefined);
    expect(sealed.journal.at(-1)?.data['level']).to.equal('B-LTA');
  });
});
