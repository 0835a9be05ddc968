import { parsePhpQuery } from '../php-query.ts';
import { errorBody, phpArray } from './envelope.ts';
import type { Answer } from './method.ts';
import { map, text } from './params.ts';
import { RestError } from './rest-error.ts';

const MAX = 50;
const FORBIDDEN = /^(batch|download|upload|.*\.(getpdf|getimage|download|getfile))$/;

export interface BatchMember {
  key: string;
  method: string;
  query: string;
}

/** The commands of a batch, in order. */
export function batchMembers(params: Record<string, unknown>): BatchMember[] {
  return Object.entries(map(params['cmd'])).map(([key, command]) => {
    const line = text(command);
    const at = line.indexOf('?');
    const name = at < 0 ? line : line.slice(0, at);
    return {
      key,
      method: name.replace(/\.json$/i, '').toLowerCase(),
      query: at < 0 ? '' : line.slice(at + 1),
    };
  });
}

/**
 * Runs the commands one after the other. `call` runs one and throws `RestError`; references to earlier results are
 * put in before. Errors stay inside; the batch itself always succeeds.
 */
export async function runBatch(
  params: Record<string, unknown>,
  call: (method: string, params: Record<string, unknown>) => Promise<Answer & { time: unknown }>,
): Promise<Answer> {
  const result: Record<string, unknown> = {};
  const errors: Record<string, unknown> = {};
  const total: Record<string, unknown> = {};
  const next: Record<string, unknown> = {};
  const time: Record<string, unknown> = {};
  const halt = !['', '0', 'false', 'N'].includes(text(params['halt']));
  let count = 0;
  for (const { key, method, query } of batchMembers(params)) {
    count += 1;
    try {
      if (count > MAX) throw new RestError('ERROR_BATCH_LENGTH_EXCEEDED', 'Max batch length exceeded');
      if (FORBIDDEN.test(method)) {
        throw new RestError('ERROR_BATCH_METHOD_NOT_ALLOWED', 'Method is not allowed for batch usage');
      }
      const given = resolve(parsePhpQuery(query), result) as Record<string, unknown>;
      const answer = await call(method, given);
      result[key] = answer.result;
      if (answer.total !== undefined) total[key] = answer.total;
      if (answer.next !== undefined) next[key] = answer.next;
      time[key] = answer.time;
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      errors[key] = errorBody(error);
      if (halt) break;
    }
  }
  return {
    result: {
      result: phpArray(result),
      result_error: phpArray(errors),
      result_total: phpArray(total),
      result_next: phpArray(next),
      result_time: phpArray(time),
    },
  };
}

const REFERENCE = /\$result((?:\[[^[\]]+\])+)/g;

/** Replaces `$result[name][field]`; a reference that leads nowhere becomes empty. */
function resolve(value: unknown, results: Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((one) => resolve(one, results));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolve(one, results)]));
  }
  if (typeof value !== 'string' || !value.includes('$result')) return value;
  const whole = /^\$result((?:\[[^[\]]+\])+)$/.exec(value);
  if (whole) return lookUp(whole[1] ?? '', results) ?? '';
  return value.replace(REFERENCE, (_all, path: string) => text(lookUp(path, results)));
}

function lookUp(path: string, results: Record<string, unknown>): unknown {
  let node: unknown = results;
  for (const match of path.matchAll(/\[([^[\]]+)\]/g)) {
    const key = match[1] ?? '';
    node =
      node !== null && typeof node === 'object' && Object.hasOwn(node, key)
        ? (node as Record<string, unknown>)[key]
        : undefined;
  }
  return node;
}
