/** What a robot hands back to the process; every value is a string, a number or a list of strings. */
export type ReturnValues = Record<string, string | number | boolean | readonly string[]>;

export type ReturnWhen = 'now' | 'accepted' | 'next_change' | 'final';

/**
 * One delivery of a robot by the portal, from the moment it was accepted until its values are back in the process.
 * `received` → (`waiting` →) `answering` → `answered`.
 */
export interface RobotRun {
  /** Derived from portal and event token, so that the same run delivered twice is one. */
  readonly id: string;
  readonly portalId: string;
  /** The robot's code. */
  readonly robot: string;
  readonly state: 'received' | 'waiting' | 'answering' | 'answered';
  readonly receivedAt: Date;
  /** The form as the portal posted it, without `auth` secrets: properties, document_id, user id. */
  readonly request: RobotRunRequest;
  /** Opaque; encrypted at rest by the store. */
  readonly eventToken: string;
  /** Tries of the checks so far (the PDF may not be ready yet). */
  readonly attempts: number;
  readonly dueAt: Date;
  /** While waiting: the signing, when to return, and by when at the latest. */
  readonly signingId?: string;
  readonly returnWhen?: ReturnWhen;
  /** The status code the run last knew, for `next_change`. */
  readonly knownStatus?: number;
  /** What the answer has to say beyond the status (e.g. that no mandate was found). */
  readonly note?: string;
  readonly waitUntil?: Date;
  /** While answering or answered. */
  readonly answer?: { readonly values: ReturnValues; readonly logMessage: string };
  readonly answeredAt?: Date;
}

export interface RobotRunRequest {
  readonly workflowId: string;
  /** `['crm', 'CCrmDocumentDeal', 'DEAL_77']` */
  readonly documentId: readonly string[];
  readonly properties: Readonly<Record<string, string | readonly string[]>>;
  /** Who is behind the run (`auth[user_id]`); empty when nobody is. */
  readonly userId: string;
}

export interface RobotRunStore {
  /** Stores a run. @returns false when the same run is there already (nothing changes then). */
  add(run: RobotRun): Promise<boolean>;
  get(id: string): Promise<RobotRun | undefined>;

  /** received → waiting for a signing. False when the run is not in `received` any more. */
  wait(
    id: string,
    wait: Required<Pick<RobotRun, 'signingId' | 'returnWhen' | 'waitUntil'>> & {
      knownStatus: number;
      note: string;
    },
  ): Promise<boolean>;

  /** received or waiting → answering, with the values. Only the first caller gets true: a run is answered once. */
  answer(id: string, answer: NonNullable<RobotRun['answer']>): Promise<boolean>;

  /** answering → answered. */
  answered(id: string, at: Date): Promise<void>;

  /** Puts the next try off. */
  defer(id: string, attempts: number, dueAt: Date): Promise<void>;

  /** Runs of a signing whose values are not back in the process yet: `waiting` or `answering`. */
  waitingFor(signingId: string): Promise<RobotRun[]>;

  /** Ids of runs with something to do: received or answering and due, or waiting past `waitUntil`. */
  due(now: Date, limit: number): Promise<string[]>;

  purgePortal(portalId: string): Promise<number>;
}
