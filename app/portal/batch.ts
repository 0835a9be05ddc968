import { PortalError } from '../ports/portal.ts';
import { encodeQuery } from './encode-query.ts';
import { isRecord, portalError, readFailure } from './rest-error.ts';

export interface BatchCommand {
  /** Letters, digits and underscores; what references and outcomes go by. */
  readonly key: string;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export type BatchOutcome =
  | { readonly ok: true; readonly result: unknown; readonly total?: number; readonly next?: number }
  | { readonly ok: false; readonly error: PortalError };

export type BatchOutcomes = ReadonlyMap<string, BatchOutcome>;

/** Commands in one request (docs: settings/how-to-call-rest-api/batch). */
export const BATCH_SIZE = 50;

/**
 * The parameters of the `batch` method. The SDK's own batch is not used: it drops the answers of all commands when the
 * portal leaves one of them out.
 */
export function batchParams(
  commands: readonly BatchCommand[],
  halt: boolean,
): { halt: 0 | 1; cmd: Record<string, string> } {
  const cmd = Object.fromEntries(
    commands.map(({ key, method, params }) => [key, `${method}?${encodeQuery(params)}`]),
  );
  return { halt: halt ? 1 : 0, cmd };
}

/** Every command's own outcome. PHP writes empty maps as `[]`. */
export function readBatch(commands: readonly BatchCommand[], body: unknown, now: Date): BatchOutcomes {
  const parts = isRecord(body) ? body : {};
  const field = (name: string, key: string): unknown => {
    const map = parts[name];
    return typeof map === 'object' && map !== null ? (map as Record<string, unknown>)[key] : undefined;
  };
  const outcomes = new Map<string, BatchOutcome>();
  for (const { key, method } of commands) {
    const error = field('result_error', key);
    const result = field('result', key);
    if (error !== undefined) {
      const time = field('result_time', key);
      const failure = readFailure(
        400,
        typeof error === 'string' ? { error } : { ...(error as object), ...(isRecord(time) && { time }) },
      );
      outcomes.set(key, { ok: false, error: portalError(method, failure, now) });
    } else if (result === undefined) {
      outcomes.set(key, {
        ok: false,
        error: new PortalError('not_executed', `${method}: no answer in the batch`, true),
      });
    } else {
      const [total, next] = [field('result_total', key), field('result_next', key)].map((value) =>
        value === undefined ? undefined : Number(value),
      );
      outcomes.set(key, {
        ok: true,
        result,
        ...(total !== undefined && { total }),
        ...(next !== undefined && { next }),
      });
    }
  }
  return outcomes;
}

/** The result of a command that must have succeeded. @throws PortalError the command's own */
export function resultIn(outcomes: BatchOutcomes, key: string): unknown {
  const outcome = outcomes.get(key);
  if (outcome?.ok) return outcome.result;
  throw outcome?.error ?? new PortalError('not_executed', `${key}: not asked`, false);
}

/** Reading methods may be sent again when no answer came. */
export const isRead = (method: string): boolean =>
  /\.(get|list|fields|info|search)$/.test(method) ||
  ['profile', 'user.admin', 'user.current', 'methods', 'events', 'scope', 'server.time'].includes(method);
