import { appendFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { RecordedCall } from './types.ts';

const SECRET_KEYS =
  /^(auth|access_token|refresh_token|client_secret|application_token|event_token|token|password)$/i;
const LONG = 2000;

export type Recorder = ReturnType<typeof createRecorder>;

/** Keeps every REST call, batch members one by one, with secrets masked and long values cut. */
export function createRecorder({ file }: { file?: string }) {
  const calls: RecordedCall[] = [];
  const line = (call: RecordedCall) => `${JSON.stringify({ method: call.method, params: call.params })}\n`;
  return {
    calls,
    requests: 0,
    record(call: RecordedCall): void {
      const masked = { ...call, params: mask(call.params) as Record<string, unknown> };
      calls.push(masked);
      if (file) appendFileSync(file, line(masked));
    },
    clear(): void {
      calls.length = 0;
      this.requests = 0;
    },
    save: (target: string): Promise<void> => writeFile(target, calls.map(line).join('')),
  };
}

/** A copy with secrets as `***` and base64 bodies cut. */
export function mask(value: unknown): unknown {
  if (typeof value === 'string')
    return value.length > LONG ? `${value.slice(0, 100)}…(${value.length})` : value;
  if (Array.isArray(value)) return value.map(mask);
  if (value === null || typeof value !== 'object') return value;
  const copy: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (/^(auth|access_token)$/i.test(key) && typeof inner === 'string') continue;
    copy[key] = SECRET_KEYS.test(key) ? '***' : mask(inner);
  }
  return copy;
}
