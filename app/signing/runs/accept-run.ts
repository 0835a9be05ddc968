import type { Clock } from '../../ports/clock.ts';
import type { JobQueue } from '../../ports/job-queue.ts';
import type { Log } from '../../ports/log.ts';
import type { RobotRun, RobotRunRequest, RobotRunStore } from '../../ports/robot-run-store.ts';
import { runIdOf } from './run-id.ts';

/** The form of a run as it came over the wire, brackets turned into objects. Nothing in it is believed. */
export type RunForm = Readonly<Record<string, unknown>>;

/** A form that is no run: without an event token there is nobody to answer. */
export class UnreadableRun extends Error {
  constructor(reason: string) {
    super(`not a robot run: ${reason}`);
    this.name = 'UnreadableRun';
  }
}

/** A portal's properties are below 65 535 bytes (bizproc.robot.add); what is longer is cut and then refused as too long. */
const MAX_TEXT = 65_535;
const MAX_ITEMS = 200;
const MAX_PROPERTIES = 100;

export type AcceptRun = (portalId: string, robot: string, form: RunForm) => Promise<string>;

/**
 * Stores a run and wakes its processing. The caller has verified that the portal sent it.
 * @returns the function; it gives the run's id, the same for the same delivery
 */
export function createAcceptRun(deps: {
  runs: RobotRunStore;
  jobs: JobQueue;
  clock: Clock;
  log: Log;
}): AcceptRun {
  const { runs, jobs, clock, log } = deps;
  return async (portalId, robot, form) => {
    const eventToken = form['event_token'];
    if (typeof eventToken !== 'string' || eventToken === '') throw new UnreadableRun('no event token');
    if (eventToken.length > MAX_TEXT) throw new UnreadableRun('event token too long');
    const now = clock.now();
    const run: RobotRun = {
      id: runIdOf(portalId, eventToken),
      portalId,
      robot,
      state: 'received',
      receivedAt: now,
      request: readRequest(form),
      eventToken,
      attempts: 0,
      dueAt: now,
    };
    const added = await runs.add(run);
    log.info({ runId: run.id, portalId, robot, repeated: !added }, 'robot run received');
    // A hint only: the store says that the run is due, and the portal would not deliver again if this failed it.
    if (added) {
      await jobs
        .wakeRun(run.id)
        .catch((error: unknown) => log.warn({ runId: run.id, err: error }, 'run not woken'));
    }
    return run.id;
  };
}

function readRequest(form: RunForm): RobotRunRequest {
  const auth = asRecord(form['auth']);
  const userId = asText(auth['user_id']).trim();
  return {
    workflowId: asText(form['workflow_id']).slice(0, 200),
    documentId: asList(form['document_id'])
      .slice(0, 3)
      .map((part) => part.slice(0, 200)),
    properties: readProperties(asRecord(form['properties'])),
    userId: /^[1-9]\d{0,9}$/.test(userId) ? userId : '',
  };
}

/** Names in small letters, because Bitrix24 takes them in either case; values are texts or lists of texts. */
function readProperties(given: Record<string, unknown>): RobotRunRequest['properties'] {
  const properties = new Map<string, string | string[]>();
  for (const [name, value] of Object.entries(given).slice(0, MAX_PROPERTIES)) {
    const code = name.toLowerCase();
    if (!/^[a-z][a-z0-9_]{0,63}$/.test(code)) continue;
    properties.set(code, typeof value === 'object' && value !== null ? asList(value) : asText(value));
  }
  return Object.fromEntries(properties);
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** A list, also where its brackets made an object of it (`[0]=…&[2]=…`). What is nested deeper is no value. */
const asList = (value: unknown): string[] => Object.values(asRecord(value)).slice(0, MAX_ITEMS).map(asText);

const asText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value).slice(0, MAX_TEXT)
    : '';
