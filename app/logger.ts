import { AsyncLocalStorage } from 'node:async_hooks';
import pino from 'pino';
import type { DestinationStream, Logger } from 'pino';

export type { Logger };

/** Keys whose values never reach a log, wherever they stand up to three levels deep. The lint rule is the first guard. */
const SECRET_KEYS = [
  'access_token',
  'accessToken',
  'refresh_token',
  'refreshToken',
  'application_token',
  'applicationToken',
  'event_token',
  'eventToken',
  'client_secret',
  'clientSecret',
  'AUTH_ID',
  'REFRESH_ID',
  'auth',
  'authorization',
  'cookie',
  'password',
  'secret',
  'oneTimeCode',
  'otp',
  'token',
  'link',
  'signature',
];

const surroundings = new AsyncLocalStorage<Readonly<Record<string, string>>>();

/** Runs work so that every line logged in it, however deep, carries these ids (request, job, signing). */
export function withLogIds<T>(ids: Readonly<Record<string, string>>, work: () => T): T {
  return surroundings.run({ ...surroundings.getStore(), ...ids }, work);
}

/**
 * Structured logs, one JSON line each. ERROR means that a person must act.
 * @param level pino level
 * @param destination where lines go; standard output when absent
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const paths = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  const options: pino.LoggerOptions = {
    level,
    base: undefined,
    mixin: () => ({ ...surroundings.getStore() }),
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths, censor: '***' },
    serializers: { err: describeError },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** An error without what libraries hang on it: axios and the SDK keep requests with tokens on theirs. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack } = error;
  const code = 'code' in error ? String(error.code) : undefined;
  return { name, code, message: maskLinks(message), stack: stack && maskLinks(stack) };
}

/** Query strings and signer links are cut: a URL in an error text may carry a token. */
const maskLinks = (text: string): string =>
  text.replace(/\/s\/[\w-]{16,}/g, '/s/***').replace(/(https?:\/\/[^\s?"']+)\?[^\s"']*/g, '$1?***');
