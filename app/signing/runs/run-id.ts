import { createHash } from 'node:crypto';

/**
 * The same delivery has the same id however often it comes: the event token is unique to one step of one process
 * (docs: api-reference/bizproc/bizproc-robot/bizproc-event-send). A hash, because the token itself is a secret.
 */
export const runIdOf = (portalId: string, eventToken: string): string =>
  createHash('sha256')
    .update(JSON.stringify([portalId, eventToken]))
    .digest('hex')
    .slice(0, 32);

/** The signing that a run makes. It can be told from the run before it exists, so that repeating a try makes no second one. */
export const signingIdOf = (runId: string): string => runId;

/** The run that a signing may have been made by; a signing made elsewhere has no such run. */
export const runIdOfSigning = (signingId: string): string => signingId;
