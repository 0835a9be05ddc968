import { expect } from 'chai';
import {
  MAX_ATTEMPTS,
  WAIT_PAUSE_S,
  createEffect,
  nextEffectAt,
  nextEffects,
} from '../../../app/domain/effect.ts';
import { effectDone, effectFailed, effectsStarted } from '../../../app/domain/transitions/run-effects.ts';
import { failSigning, resumeSigning } from '../../../app/domain/transitions/end-signing.ts';
import { signerSigned } from '../../../app/domain/transitions/signer-actions.ts';
import { T0, buildSigning, evidence, later, sentSigning } from '../../support/signing-builder.ts';

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

  it('when an essential one was given up, nothing of its lane goes past it; past any other one it does', () => {
    const givenUp = (effect: ReturnType<typeof createEffect>) => ({ ...effect, state: 'given_up' as const });
    const effects = [
      givenUp(createEffect('apply_signature', 1, T0, 's1')),
      givenUp(createEffect('invite', 1, T0, 's2')),
      createEffect('apply_signature', 2, T0, 's2'),
      createEffect('remind', 3, T0, 's2'),
      createEffect('seal', 4, T0),
    ];
    expect(nextEffects(effects).map((effect) => effect.id)).to.deep.equal(['3-remind-s2']);
    expect(nextEffectAt(effects.filter((effect) => effect.lane === 'work'))).to.equal(undefined);
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

  it('when it waits for a person, it keeps its tries for three days', () => {
    const waits = { ...failure, retryable: false, waits: true };
    const { id } = sentSigning().effects.find((effect) => effect.kind === 'timeline')!;
    let signing = effectsStarted(sentSigning(), [id], T0);
    const effect = () => signing.effects.find((each) => each.id === id)!;
    for (let days = 0; days < 3; days += 0.5) signing = effectFailed(signing, id, waits, later(days * 1440));
    expect(effect()).to.include({ state: 'pending', attempts: 0 });
    expect(effect().dueAt).to.deep.equal(later(2.5 * 1440 + WAIT_PAUSE_S / 60));
    signing = effectFailed(signing, id, waits, later(3 * 1440));
    expect(effect().state).to.equal('given_up');
  });

  it('when it keeps the balance exact, it is never given up', () => {
    let signing = signerSigned(sentSigning(), 's1', evidence(), later(1));
    const { id } = signing.effects.find((effect) => effect.kind === 'settle')!;
    for (let tries = 0; tries < 2 * MAX_ATTEMPTS; tries++)
      signing = effectFailed(signing, id, { ...failure, retryable: false }, later(tries));
    expect(signing.effects.find((effect) => effect.id === id)?.state).to.equal('pending');
  });

  it('when a service asks for days, it is asked again within the hour', () => {
    const signing = buildSigning();
    const failed = effectFailed(signing, submitOf(signing).id, { ...failure, retryAfterS: 1e6 }, T0);
    expect(submitOf(failed).dueAt).to.deep.equal(later(60));
  });

  it('when an error is resumed, what was put off is due at once', () => {
    const invite = sentSigning().effects.find((effect) => effect.kind === 'invite')!;
    const waiting = effectFailed(sentSigning(), invite.id, { ...failure, waits: true }, T0);
    const stopped = failSigning(waiting, { text: 'x', reference: 'r' }, later(1));
    const resumed = resumeSigning(stopped, { kind: 'user', id: '1' }, later(2));
    expect(resumed.effects.find((effect) => effect.id === invite.id)?.dueAt).to.deep.equal(later(2));
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
