import { Binary, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { expect } from 'chai';
import { compareValues } from '../../../app/embedded-mongodb/bson/compare-values.ts';
import { emptyArray } from '../../../app/embedded-mongodb/bson/values.ts';
import { encodeKey, keyAfterPrefix } from '../../../app/embedded-mongodb/keys/encode-key.ts';
import { indexKeys } from '../../../app/embedded-mongodb/keys/index-keys.ts';

/** Strictly ascending, in the order of the MongoDB manual ("Comparison/Sort Order"). */
const ascending: unknown[] = [
  new MinKey(),
  emptyArray,
  null,
  NaN,
  -Infinity,
  Long.MIN_VALUE,
  -1.5,
  -1,
  0,
  Number.MIN_VALUE,
  1,
  new Double(1.5),
  2 ** 53,
  Long.fromString('9007199254740993'),
  Long.fromString('9007199254740995'),
  Long.MAX_VALUE,
  Infinity,
  '',
  'A',
  'a',
  'a\0',
  'a\0b',
  'ab',
  'b',
  'я',
  '\uffff',
  '😀',
  {},
  { a: 1 },
  { b: 1 },
  { a: 1, b: 1 },
  { a: 'x' },
  [],
  [1],
  [1, 2],
  [2],
  ['a'],
  new Binary(Buffer.from([9])),
  new Binary(Buffer.from([1, 2])),
  new ObjectId('000000000000000000000001'),
  new ObjectId('000000000000000000000002'),
  false,
  true,
  new Date(-1),
  new Date(0),
  new Date(1),
  new Timestamp({ t: 1, i: 2 }),
  new MaxKey(),
];
// { a: 1 } < { a: 1, b: 1 } < { b: 1 }: names are compared before the number of fields
ascending.splice(
  ascending.findIndex((v) => JSON.stringify(v) === '{"b":1}'),
  2,
  { a: 1, b: 1 },
  { b: 1 },
);

describe('embedded store: order of values and keys', () => {
  it('when values of every type are compared, values and keys have the same strict order', () => {
    for (const [i, left] of ascending.entries()) {
      for (const [j, right] of ascending.entries()) {
        const order = Math.sign(i - j);
        const what = `${String(i)} and ${String(j)}`;
        expect(Math.sign(compareValues(left, right)), what).to.equal(order);
        expect(Buffer.compare(encodeKey(left), encodeKey(right)), what).to.equal(order);
        expect(Buffer.compare(encodeKey(left, true), encodeKey(right, true)), what).to.equal(-order + 0 || 0);
      }
    }
  });

  const equal: [unknown, unknown][] = [
    [new Int32(1), new Double(1)],
    [Long.fromNumber(1), 1],
    [-0, 0],
    [null, undefined],
    [{ a: new Int32(1) }, { a: new Double(1) }],
    [Long.fromString('9007199254740993'), Long.fromString('9007199254740993')],
  ];
  it('when values are equal across types, so are their keys', () => {
    for (const [left, right] of equal) {
      expect(compareValues(left, right)).to.equal(0);
      expect(encodeKey(left).equals(encodeKey(right))).to.equal(true);
    }
  });

  it('when a key is a prefix, the key after it is above everything that starts with it', () => {
    expect(keyAfterPrefix(Buffer.from([1, 2]))).to.deep.equal(Buffer.from([1, 3]));
    expect(keyAfterPrefix(Buffer.from([1, 0xff]))).to.deep.equal(Buffer.from([2]));
    expect(keyAfterPrefix(Buffer.from([0xff]))).to.equal(undefined);
  });

  const fields = (...paths: string[]) =>
    paths.map((path) => ({ path, steps: path.split('.'), descending: false }));
  const keyed: [string, object, string[], unknown[][]][] = [
    ['a scalar', { a: 1 }, ['a'], [[1]]],
    ['a missing field', {}, ['a', 'b'], [[undefined, undefined]]],
    [
      'an array',
      { a: [1, 2, 1], b: 'x' },
      ['a', 'b'],
      [
        [1, 'x'],
        [2, 'x'],
      ],
    ],
    ['an empty array', { a: [] }, ['a', 'a.b'], [[emptyArray, undefined]]],
    [
      'two fields of one array',
      { l: [{ a: 1, b: 2 }, { a: 3 }] },
      ['l.a', 'l.b'],
      [
        [1, 2],
        [3, undefined],
      ],
    ],
    ['an array inside an array', { l: [{ m: [1, 2] }, { m: 3 }] }, ['l.m'], [[1], [2], [3]]],
    ['a nested array as element', { a: [[1, 2]] }, ['a'], [[[1, 2]]]],
    ['a position', { a: [{ b: 1 }, { b: 2 }] }, ['a.1.b'], [[2]]],
  ];
  for (const [what, doc, paths, expected] of keyed) {
    it(`when a document is indexed: ${what}`, () => {
      const { keys } = indexKeys(doc as Record<string, unknown>, fields(...paths));
      expect(keys.map(({ values }) => values)).to.deep.equal(expected);
    });
  }
});
