import type { Doc } from '../bson/codec.ts';
import type { IndexField } from '../keys/index-keys.ts';
import type { Test } from '../query/walk-path.ts';

/** A MongoDB index: a SQLite table of order-preserving keys (keys/encode-key.ts). */
export interface Index {
  readonly id: number;
  readonly name: string;
  /** As the client declared it and listIndexes shows it. */
  readonly spec: Doc;
  readonly key: Doc;
  readonly fields: readonly IndexField[];
  readonly table: string;
  readonly unique: boolean;
  readonly sparse: boolean;
  /** Only documents that pass are in the index. */
  readonly partial?: { readonly filter: Doc; readonly test: Test } | undefined;
  readonly expireAfterSeconds?: number | undefined;
  /** Some document has several keys here; set at the first one and never taken back. */
  multikey: boolean;
}

/** A MongoDB collection: a SQLite table of BSON documents, and its indexes, `_id_` first. */
export interface Collection {
  readonly id: number;
  readonly namespace: string;
  readonly table: string;
  indexes: Index[];
}
