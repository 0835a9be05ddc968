import { Schema } from 'mongoose';
import { defineModel, schemaOptions } from './define-model.ts';

export interface Reservation {
  readonly signingId: string;
  /** Signatures still held; what was settled is taken off. */
  readonly left: number;
  /** Signers whose signature is settled. */
  readonly settled: readonly string[];
}

/** One account: `available + reserved + spent` is what was ever granted, and `reserved` the sum of `left`. */
export interface BalanceRecord {
  /** Portal id. */
  readonly _id: string;
  readonly available: number;
  readonly reserved: number;
  readonly spent: number;
  readonly reservations: readonly Reservation[];
  /** Ids of the newest grants. */
  readonly grants: readonly string[];
}

const schema = new Schema<BalanceRecord>(
  {
    _id: String,
    available: Number,
    reserved: Number,
    spent: Number,
    reservations: [{ _id: false, signingId: String, left: Number, settled: [String] }],
    grants: [String],
  },
  schemaOptions,
);

export const balanceModel = defineModel('balances', schema);
