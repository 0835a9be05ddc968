import { expect } from 'chai';
import type { Difference, Needed } from '../../../app/pdf/verify/comparison.ts';
import { judgePermission, narrow } from '../../../app/pdf/verify/judge-permission.ts';
import type { Rules } from '../../../app/pdf/verify/judge-permission.ts';

const nothingLocked: Rules = { isLocked: () => false };
const difference = (needs: Needed, field?: string): Difference => ({
  code: 'some_change',
  needs,
  path: '/X',
  field,
});
const permitted = (rules: Rules): Needed[] =>
  ([1, 2, 3, 'never'] as const).filter((needs) => judgePermission(difference(needs), rules).permitted);

describe('what signatures permit', () => {
  it('when none of them certifies, expected filling in and signing', () => {
    expect(permitted(nothingLocked)).to.deep.equal([1, 2]);
  });

  for (const [level, expected] of [
    [1, [1]],
    [2, [1, 2]],
    [3, [1, 2, 3]],
  ] as const) {
    it(`when one certifies at level ${level}, expected what needs no more`, () => {
      expect(permitted(narrow(nothingLocked, { level }))).to.deep.equal(expected);
    });
  }

  it('when several narrow it, expected the narrowest to count', () => {
    const rules = narrow(narrow(narrow(nothingLocked, { level: 2 }), { level: 3 }), {});
    expect(permitted(rules)).to.deep.equal([1, 2]);
    expect(permitted(narrow(rules, { level: 1 }))).to.deep.equal([1]);
  });

  it('when a field is locked by any of them, expected its change to be told as that', () => {
    const rules = narrow(narrow(nothingLocked, { isLocked: (name) => name === 'a' }), {
      isLocked: (name) => name === 'b',
    });
    for (const field of ['a', 'b']) {
      expect(judgePermission(difference(2, field), rules)).to.deep.include({
        code: 'field_locked_changed',
        permitted: false,
      });
    }
    expect(judgePermission(difference(2, 'c'), rules)).to.deep.include({
      code: 'some_change',
      permitted: true,
    });
  });
});
