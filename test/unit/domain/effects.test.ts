import { expect } from 'chai';
import { MAX_ATTEMPTS, createEffect, nextEffectAt, nextEffects } from '../../../app/domain/effect.ts';
import { effectDone, effectFailed, effectsStarted } from '../../../app/domain/transitions/run-effects.ts';
import { T0, buildSigning, later, sentSigning } from '../../support/signing-builder.ts';

const failure = { text: 'timeout', reference: 'ab12cd34', retryable: true };
const submitOf = (signing: ReturnType<typeof buildSigning>) =>
  signing.effects.find((effect) => effect.kind === 'submit')!;

describe('effects', () => {
  it('when several are pending in a lane, only the oldest is next; lanes do not wait for each other', () => {
    const effects = [
      createEffect('return', 1, T0),
      createEffect('trigger', 1, T0, 'signing_sent'),
      createEffect('invite', 2, T0, 's1'),
      createEffect('invite', 3, T0, 's2'),
    ];
    expect(nextEffects(effects).map((effect) => effect.id)).to.deep.equal([
      '1-return',
      '2-invite-s1',
      '3-invite-s2',
    ]);
  });

  it('when nothing is pending, nothing is due', () => {
    expect(nextEffectAt([])).to.equal(undefined);
    expect(
      nextEffectAt([createEffect('return', 1, later(2)), createEffect('settle', 2, later(1), 's1')]),
    ).to.deep.equal(later(1));
  });

  it('when one failed but may pass, it is put off with growing pauses', () => {
    const signing = buildSigning();
    const { id } = submitOf(signing);
    const once = effectFailed(signing, id, failure, T0);
    expect(submitOf(once).attempts).to.equal(1);
    expect(submitOf(once).dueAt.getTime() - T0.getTime()).to.equal(2000);
    const twice = effectFailed(once, id, failure, T0);
    expect(submitOf(twice).dueAt.getTime() - T0.getTime()).to.equal(4000);
    const told = effectFailed(twice, id, { ...failure, retryAfterS: 90 }, T0);
    expect(submitOf(told).dueAt.getTime() - T0.getTime()).to.equal(90_000);
  });

  it('when an essential one cannot pass, the signing stops in state 90 with the reference', () => {
    const signing = buildSigning();
    const failed = effectFailed(signing, submitOf(signing).id, { ...failure, retryable: false }, later(1));
    expect(failed.status).to.equal('error');
    expect(failed.error?.reference).to.equal('ab12cd34');
    expect(submitOf(failed).state).to.equal('given_up');
  });

  it('when an essential one was tried often enough, the signing stops as well', () => {
    let signing = buildSigning();
    const { id } = submitOf(signing);
    for (let tries = 0; tries < MAX_ATTEMPTS; tries++)
      signing = effectFailed(signing, id, failure, later(tries));
    expect(signing.status).to.equal('error');
  });

  it('when another one is given up, the journal says so and the signing goes on', () => {
    const signing = sentSigning();
    const invite = signing.effects.find((effect) => effect.kind === 'invite')!;
    const failed = effectFailed(signing, invite.id, { ...failure, retryable: false }, later(1));
    expect(failed.status).to.equal('sent');
    expect(failed.journal.at(-1)).to.deep.include({ type: 'effect_failed' });
  });

  it('when started, it says so until it is done, and done it is gone', () => {
    const signing = buildSigning();
    const { id } = submitOf(signing);
    const started = effectsStarted(signing, [id], later(1));
    expect(submitOf(started).startedAt).to.deep.equal(later(1));
    expect(submitOf(effectsStarted(started, [id], later(2))).startedAt).to.deep.equal(later(1));
    expect(effectDone(started, id).effects.some((effect) => effect.id === id)).to.equal(false);
  });
});
