/** Codes of the MongoDB server that this store answers with, and the names drivers show for them. */
export const errorNames = {
  2: 'BadValue',
  9: 'FailedToParse',
  14: 'TypeMismatch',
  20: 'IllegalOperation',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  53: 'InvalidIdField',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  115: 'CommandNotSupported',
  171: 'CannotIndexParallelArrays',
  175: 'QueryPlanKilled',
  292: 'QueryExceededMemoryLimitNoDiskUseAllowed',
  8000: 'StoreFailure',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  16410: 'FieldPathInvalid',
  31249: 'PathCollision',
  31254: 'MixedProjection',
  40324: 'UnrecognizedPipelineStage',
  40415: 'UnknownField',
} as const;

export type ErrorCode = keyof typeof errorNames;

/** An answer of the form `{ ok: 0, code, errmsg }`, or one entry of `writeErrors`. */
export class StoreError extends Error {
  readonly code: ErrorCode;
  /** Further fields of the answer: keyPattern and keyValue of a duplicate key. */
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = 'StoreError';
    this.code = code;
    this.details = details;
  }
}
