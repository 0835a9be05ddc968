import { Decimal128, Double, Int32, Long } from 'bson';
import { expect } from 'chai';
import { calculate } from '../../../app/embedded-mongodb/bson/arithmetic.ts';
import type { NumberValue } from '../../../app/embedded-mongodb/bson/values.ts';

const cases: [NumberValue, 'add' | 'multiply', NumberValue, NumberValue][] = [
  [new Int32(1), 'add', new Int32(2), new Int32(3)],
  [new Int32(2 ** 31 - 1), 'add', new Int32(1), Long.fromNumber(2 ** 31)],
  [new Int32(2), 'multiply', new Double(1.5), new Double(3)],
  [Long.fromNumber(2), 'multiply', new Int32(3), Long.fromNumber(6)],
  [Long.fromString('9007199254740993'), 'add', new Int32(2), Long.fromString('9007199254740995')],
];

describe('embedded store: arithmetic of updates', () => {
  for (const [left, operation, right, expected] of cases) {
    it(`when ${left.constructor.name} ${String(left)} and ${right.constructor.name} ${String(right)} ${operation}`, () => {
      const result = calculate(left, operation, right);
      expect(result.constructor).to.equal(expected.constructor);
      expect(String(result)).to.equal(String(expected));
    });
  }
  it('when a Long overflows or a Decimal128 comes in, it is an error', () => {
    expect(() => calculate(Long.MAX_VALUE, 'add', new Int32(1))).to.throw('overflow');
    expect(() => calculate(Decimal128.fromString('1.1'), 'add', new Int32(1))).to.throw('Decimal128');
  });
});
