const MAX_LENGTH = 2000;
const HIDDEN = new Set(['auth', 'access_token']);

/** The parameters of a call as `name: type`, nested; of a batch, each command's method and parameter names. */
export function shapeOf(method: string, params: unknown): string {
  const text =
    method === 'batch' && isRecord(params) && isRecord(params['cmd'])
      ? Object.values(params['cmd']).map(commandShape).join('; ')
      : describe(params, 0);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

function commandShape(command: unknown): string {
  const [method = '', query = ''] = String(command).split('?', 2);
  const names = new Set([...new URLSearchParams(query).keys()].map((key) => key.replace(/\[\d+\]/g, '[]')));
  return `${method}(${[...names].join(',')})`;
}

function describe(value: unknown, depth: number): string {
  if (Array.isArray(value))
    return `[${value.length}${value.length > 0 ? ` ${describe(value[0], depth + 1)}` : ''}]`;
  if (!isRecord(value)) return value === null ? 'null' : typeof value;
  if (depth >= 4) return '{…}';
  const fields = Object.entries(value).filter(([key]) => !HIDDEN.has(key));
  return `{${fields.map(([key, inner]) => `${key}:${describe(inner, depth + 1)}`).join(',')}}`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
