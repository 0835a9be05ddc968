/**
 * Records whose keys come from outside (a robot's properties, a settings form) are stored as lists of name and value: a
 * key with a dot or a dollar sign means something else to MongoDB, and `__proto__` to JavaScript.
 */
export interface Entry<T> {
  readonly name: string;
  readonly value: T;
}

export const toEntries = <T>(record: Readonly<Record<string, T>>): Entry<T>[] =>
  Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));

export const fromEntries = <T>(entries: readonly Entry<T>[]): Record<string, T> =>
  Object.fromEntries(entries.map(({ name, value }) => [name, value]));
