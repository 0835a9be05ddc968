/** A place for the result of an earlier command of the same batch. */
export class ResultReference {
  readonly text: string;
  constructor(command: string, path: readonly (string | number)[]) {
    this.text = `$result[${command}]${path.map((part) => `[${part}]`).join('')}`;
  }
}

/** `$result[deal][item][companyId]` as a parameter of a later command. */
export const resultOf = (command: string, ...path: (string | number)[]): ResultReference =>
  new ResultReference(command, path);

/**
 * Parameters as PHP reads them from a query (`a[b][0]=1`), for commands of a batch.
 * A text that only looks like a reference stays a text: nobody's deal title may pull another command's result in.
 */
export function encodeQuery(params: Readonly<Record<string, unknown>>): string {
  const pairs: string[] = [];
  for (const [key, value] of Object.entries(params)) append(pairs, key, value);
  return pairs.join('&');
}

function append(pairs: string[], name: string, value: unknown): void {
  if (value === undefined) return;
  if (value instanceof ResultReference) {
    pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(value.text)}`);
  } else if (value instanceof Date) {
    append(pairs, name, value.toISOString());
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) append(pairs, `${name}[${key}]`, inner);
  } else {
    pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(scalar(value))}`);
  }
}

function scalar(value: unknown): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' ? value.replaceAll('$result[', '$\u2060result[') : '';
}
