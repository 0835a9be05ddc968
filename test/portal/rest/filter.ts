import type { Answer } from './method.ts';
import { list, map, text } from './params.ts';

type Row = Record<string, unknown>;

/** Filters and sorts rows as REST lists do: `>`, `>=`, `<`, `<=`, `!`, `=`, `%`, `@`, `!@` before the name. */
export function filterRows<T extends Row>(rows: T[], filter: unknown, order: unknown): T[] {
  const conditions = Object.entries(map(filter)).map(([key, wanted]) => {
    const [, operator = '', name = ''] = /^(!@|>=|<=|>|<|!%|!=|!|=%|%=|=|%|@)?(.*)$/.exec(key) ?? [];
    return { operator, name, wanted };
  });
  const kept = rows.filter((row) =>
    conditions.every((one) => holds(row[one.name], one.operator, one.wanted)),
  );
  const orders = Object.entries(map(order));
  if (orders.length === 0) return kept;
  return kept.toSorted((a, b) => {
    for (const [name, direction] of orders) {
      const result = compare(a[name], b[name]);
      if (result !== 0) return /desc/i.test(text(direction)) ? -result : result;
    }
    return 0;
  });
}

function holds(actual: unknown, operator: string, wanted: unknown): boolean {
  switch (operator) {
    case '>':
      return compare(actual, wanted) > 0;
    case '>=':
      return compare(actual, wanted) >= 0;
    case '<':
      return compare(actual, wanted) < 0;
    case '<=':
      return compare(actual, wanted) <= 0;
    case '!':
    case '!=':
    case '!@':
      return !equals(actual, wanted);
    case '%':
    case '=%':
    case '%=':
      return text(actual).toLowerCase().includes(text(wanted).replaceAll('%', '').toLowerCase());
    case '!%':
      return !text(actual).toLowerCase().includes(text(wanted).toLowerCase());
    default:
      return equals(actual, wanted);
  }
}

function equals(actual: unknown, wanted: unknown): boolean {
  if (wanted !== null && typeof wanted === 'object') return list(wanted).some((one) => equals(actual, one));
  if (Array.isArray(actual)) return actual.some((one) => equals(one, wanted));
  if (actual !== null && typeof actual === 'object') return equals((actual as Row)['VALUE'], wanted);
  return text(actual) === text(wanted === true ? 'Y' : wanted === false ? 'N' : wanted);
}

function compare(a: unknown, b: unknown): number {
  const [left, right] = [text(a), text(b)];
  const [leftNumber, rightNumber] = [Number(left), Number(right)];
  if (left !== '' && right !== '' && !Number.isNaN(leftNumber) && !Number.isNaN(rightNumber)) {
    return leftNumber - rightNumber;
  }
  return left < right ? -1 : left > right ? 1 : 0;
}

/** One page; `start: -1` = no counting. */
export function page<T>(
  rows: T[],
  start: unknown,
  size = 50,
): { rows: T[] } & Pick<Answer, 'total' | 'next'> {
  const from = Number(text(start) || 0);
  if (from < 0) return { rows: rows.slice(0, size) };
  const end = from + size;
  return { rows: rows.slice(from, end), total: rows.length, ...(end < rows.length ? { next: end } : {}) };
}

/** Only the selected keys; nothing selected or `*` = all but `hidden`, which `*` alone brings. */
export function selectKeys(row: Row, select: unknown, hidden: string[] = []): Row {
  const names = list(select).map(text).filter(Boolean);
  if (names.includes('*')) return row;
  const keys = names.length === 0 ? Object.keys(row) : ['id', 'ID', ...names];
  return Object.fromEntries(
    Object.entries(row).filter(([key]) => keys.includes(key) && !hidden.includes(key)),
  );
}
