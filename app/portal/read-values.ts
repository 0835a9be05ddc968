/** A value of a REST answer as text; numbers are texts too, everything else is empty. */
export const readText = (value: unknown): string =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';

/** An id; Bitrix24 says 0 where there is none. */
export function readId(value: unknown): string {
  const text = readText(value);
  return text === '0' ? '' : text;
}
