import { expect } from 'chai';
import type { CodeState } from '../../../../app/domain/signing.ts';
import {
  CODE_SENDS,
  CODE_TRIES,
  createOneTimeCodes,
  drawCode,
  waitForCode,
} from '../../../../app/signing/signer/one-time-code.ts';
import { SignerRefusal } from '../../../../app/signing/signer/signer-refusal.ts';
import { createSecrets } from '../../../../app/storage/create-secrets.ts';
import { T0 } from '../../../support/signing-builder.ts';

const codes = createOneTimeCodes({ secrets: createSecrets({ secret: 'a secret for tests only' }) });
const who = ['signing', 's1'] as const;
const drawn = { code: '042137', salt: 'salt' };
const at = (seconds: number): Date => new Date(T0.getTime() + seconds * 1000);
const issue = (previous: CodeState | undefined, now: Date): CodeState =>
  codes.issue(who, drawn, 'email', previous, now);

function refusalOf(work: () => unknown): SignerRefusal | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof SignerRefusal) return error;
    throw error;
  }
  return undefined;
}

describe('one-time codes', () => {
  it('when codes are drawn, expected six digits, leading zeros kept', () => {
    const many = Array.from({ length: 300 }, drawCode);
    for (const code of many) expect(code).to.match(/^\d{6}$/);
    expect(new Set(many).size).to.be.greaterThan(290);
  });

  it('when a code is issued, expected a state without the code in it', () => {
    const state = issue(undefined, T0);
    expect(state).to.include({ channel: 'email', triesLeft: CODE_TRIES, sends: 1 });
    expect(state.expiresAt).to.deep.equal(at(300));
    expect(JSON.stringify(state)).not.to.include(drawn.code);
  });

  it('when it is typed with spaces or a dash, expected it to be right', () => {
    const state = issue(undefined, T0);
    for (const typed of ['042137', ' 042 137 ', '042-137'])
      expect(codes.check(who, typed, state, T0)).to.equal(true);
  });

  it("when it is wrong, short, or another signer's, expected no", () => {
    const state = issue(undefined, T0);
    for (const typed of ['042138', '42137', '', '0421370', 'абвгде']) {
      expect(codes.check(who, typed, state, T0), typed).to.equal(false);
    }
    expect(codes.check(['signing', 's2'], '042137', state, T0)).to.equal(false);
    expect(codes.check(['other', 's1'], '042137', state, T0)).to.equal(false);
  });

  it('when it is old, locked or missing, expected a refusal even of the right digits', () => {
    const state = issue(undefined, T0);
    expect(codes.check(who, '042137', state, at(299))).to.equal(true);
    expect(refusalOf(() => codes.check(who, '042137', state, at(300)))?.code).to.equal('code_expired');
    const locked = { ...state, triesLeft: 0 };
    expect(refusalOf(() => codes.check(who, '042137', locked, T0))?.code).to.equal('code_locked');
    expect(refusalOf(() => codes.check(who, '042137', undefined, T0))?.code).to.equal('code_missing');
  });

  it('when another is asked for within 30 seconds, expected to be told how long to wait', () => {
    const refusal = refusalOf(() => issue(issue(undefined, T0), at(10)));
    expect(refusal?.code).to.equal('code_wait');
    expect(refusal?.values).to.deep.equal({ seconds: 20 });
    expect(waitForCode(issue(undefined, T0), at(30))).to.deep.equal({ waitS: 0, exhausted: false });
  });

  it(`when ${CODE_SENDS} were sent, expected a rest of an hour and then a new beginning`, () => {
    let state = issue(undefined, T0);
    for (let sent = 1; sent < CODE_SENDS; sent++) state = issue(state, at(sent * 30));
    expect(state.sends).to.equal(CODE_SENDS);
    const last = (CODE_SENDS - 1) * 30;
    const refusal = refusalOf(() => issue(state, at(last + 60)));
    expect(refusal?.code).to.equal('code_exhausted');
    expect(refusal?.values).to.deep.equal({ minutes: 59 });
    expect(issue(state, at(last + 3600)).sends).to.equal(1);
  });
});
