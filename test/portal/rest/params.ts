import { RestError, argumentMissing, requiredMissing } from './rest-error.ts';

type Params = Record<string, unknown>;

/** A parameter by its name in any letter case, as the older methods read theirs. */
export function param(params: Params, name: string): unknown {
  if (name in params) return params[name];
  const key = Object.keys(params).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : params[key];
}

export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export function requiredText(params: Params, name: string): string {
  const value = text(param(params, name)).trim();
  if (!value) throw argumentMissing(name);
  return value;
}

/** An id that a controller demands under exactly this name. */
export function requiredId(params: Params, name: string): number {
  const value = params[name];
  if (value === undefined || value === null || value === '') throw requiredMissing(name);
  return toInt(value, name);
}

export function toInt(value: unknown, name: string): number {
  if (!/^-?\d+$/.test(text(value))) {
    throw new RestError(
      '100',
      `Invalid value {${text(value)}} to match with parameter {${name}}. Should be value of type int.`,
    );
  }
  return Number(value);
}

/** A nested map; PHP's empty `[]` counts as one. */
export function map(value: unknown): Params {
  if (value === null || typeof value !== 'object') return {};
  return Array.isArray(value) ? Object.fromEntries(value.entries()) : (value as Params);
}

export function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  if (value !== null && typeof value === 'object') return Object.values(value);
  return value === undefined || value === null || value === '' ? [] : [value];
}

/** `[name, base64]` as PHP or JSON brings it; throws on anything else. */
export function filePair(value: unknown): { name: string; content: Buffer } {
  const [name, body] = list(value);
  if (typeof name !== 'string' || typeof body !== 'string' || list(value).length !== 2 || !name) {
    throw new RestError('100', 'A file is [name, base64]');
  }
  return { name, content: base64(body) };
}

/** Strict base64; a `data:` prefix is not understood. */
export function base64(body: string): Buffer {
  const clean = body.replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(clean)) throw new RestError('100', 'Wrong file content');
  return Buffer.from(clean, 'base64');
}

/** http(s), at most 1000 characters, a dot in the host. */
export function checkHandler(url: string): void {
  let parsed: URL | undefined;
  try {
    parsed = new URL(url);
  } catch {
    throw new RestError('ERROR_WRONG_HANDLER_URL', 'Wrong handler URL');
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw new RestError('ERROR_UNSUPPORTED_PROTOCOL', 'Unsupported event handler protocol');
  }
  if (url.length > 1000 || !parsed.hostname.includes('.')) {
    throw new RestError('ERROR_WRONG_HANDLER_URL', 'Wrong handler URL');
  }
}
