/** Why a robot or a person was refused: the key of the published response code (robots/response-codes.ts). */
export const REFUSAL_CODES = {
  MISSING_PARAMETER: 101,
  INVALID_PARAMETER: 102,
  INSUFFICIENT_BALANCE: 110,
  SENDING_NOT_PERMITTED: 120,
  SIGNER_NOT_REGISTERED: 121,
  SIGNER_NOT_PERMITTED: 122,
  DOCUMENT_NOT_FOUND: 130,
  DOCUMENT_NOT_READY: 131,
  DOCUMENT_NOT_SUPPORTED: 132,
  CONTACT_NOT_FOUND: 140,
  CONTACT_FIELD_MISSING: 141,
  DUPLICATE_SIGNER: 142,
  ENTITY_NOT_FOUND: 150,
  ENTITY_NOT_A_DEAL: 151,
  ALREADY_IN_SIGNING: 160,
  ROBOT_DISABLED: 170,
  SIGNING_NOT_FOUND: 200,
  WAIT_ENDED: 210,
  PROVIDER_REJECTED: 300,
  PROVIDER_UNAVAILABLE: 301,
  INTERNAL_ERROR: 500,
} as const;

export type RefusalKey = keyof typeof REFUSAL_CODES;

/** The refusals after which the same request may succeed later without being changed. */
const RETRYABLE: ReadonlySet<RefusalKey> = new Set(['DOCUMENT_NOT_READY', 'PROVIDER_UNAVAILABLE']);

/** One thing that is wrong: a catalog key of the area `refusals` and its values. */
export interface Problem {
  readonly text: string;
  readonly values?: Record<string, string | number>;
}

/**
 * A request that was understood and refused. It is an answer, not a fault: it goes back to the process as values.
 * `problems` lists everything the failing check found, so that nobody repairs one thing at a time.
 */
export class Refusal extends Error {
  readonly key: RefusalKey;
  readonly problems: readonly Problem[];
  /** The signing that stands in the way (ALREADY_IN_SIGNING). */
  readonly signingId?: string;

  constructor(key: RefusalKey, problems: readonly Problem[] = [], signingId?: string) {
    super(`${key}: ${problems.map((problem) => problem.text).join(', ')}`);
    this.name = 'Refusal';
    this.key = key;
    this.problems = problems;
    this.signingId = signingId;
  }

  get code(): number {
    return REFUSAL_CODES[this.key];
  }

  get retryable(): boolean {
    return RETRYABLE.has(this.key);
  }
}
