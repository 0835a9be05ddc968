import { Timestamp } from 'bson';
import { calculate, zeroLike } from '../bson/arithmetic.ts';
import { compareValues } from '../bson/compare-values.ts';
import { cloneValue, isNumber, isObject, toBoolean } from '../bson/values.ts';
import { StoreError } from '../store-error.ts';
import { arrayOperators } from './array-operators.ts';
import type { UpdateTarget } from './update-target.ts';

export interface OperatorContext {
  /** The document is being inserted by an upsert. */
  readonly inserting: boolean;
  readonly now: Date;
}

export interface UpdateOperator {
  /** Make the missing documents on the way; otherwise a missing path is left alone. */
  readonly create: boolean;
  apply(target: UpdateTarget, argument: unknown, context: OperatorContext): void;
}

const keepLower = (wanted: 1 | -1): UpdateOperator => ({
  create: true,
  apply(target, argument) {
    const value = target.get();
    if (value === undefined || compareValues(argument, value) * wanted < 0) target.set(argument);
  },
});

const arithmetic = (name: '$inc' | '$mul'): UpdateOperator => ({
  create: true,
  apply(target, argument) {
    if (!isNumber(argument))
      throw new StoreError(14, `${name} needs a number for the field '${target.path}'`);
    const value = target.get();
    if (value === undefined) {
      target.set(name === '$inc' ? argument : zeroLike(argument));
      return;
    }
    if (!isNumber(value)) {
      throw new StoreError(14, `Cannot apply ${name} to the field '${target.path}' of non-numeric type`);
    }
    target.set(calculate(value, name === '$inc' ? 'add' : 'multiply', argument));
  },
});

const currentDate: UpdateOperator = {
  create: true,
  apply(target, argument, { now }) {
    const type = isObject(argument) ? argument.$type : 'date';
    if (type === 'timestamp') target.set(new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 }));
    else if (type === 'date' && (isObject(argument) || toBoolean(argument))) target.set(now);
    else throw new StoreError(2, '$currentDate takes true, { $type: "date" } or { $type: "timestamp" }');
  },
};

/** The operators that work on one target at a time; `$rename` needs two (apply-update.ts). */
export const updateOperators: Readonly<Record<string, UpdateOperator>> = {
  $set: { create: true, apply: (target, argument) => target.set(cloneValue(argument)) },
  $setOnInsert: {
    create: true,
    apply: (target, argument, { inserting }) => {
      if (inserting) target.set(cloneValue(argument));
    },
  },
  $unset: { create: false, apply: (target) => target.unset() },
  $inc: arithmetic('$inc'),
  $mul: arithmetic('$mul'),
  $min: keepLower(1),
  $max: keepLower(-1),
  $currentDate: currentDate,
  ...arrayOperators,
};
