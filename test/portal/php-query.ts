import type { FormValue } from './types.ts';

type Tree = { [key: string]: string | Tree };

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Parses a query string or form body as PHP does: bracket keys nest, `[]` counts on, lists become arrays. */
export function parsePhpQuery(text: string): Record<string, unknown> {
  const root: Tree = {};
  for (const pair of text.split('&')) {
    if (!pair) continue;
    const at = pair.indexOf('=');
    const name = decode(at < 0 ? pair : pair.slice(0, at));
    put(root, pathOf(name), at < 0 ? '' : decode(pair.slice(at + 1)));
  }
  return listsToArrays(root) as Record<string, unknown>;
}

/** Writes nested values as PHP bracket keys, percent-encoded; null and undefined become empty strings. */
export function encodePhpQuery(fields: Record<string, FormValue>): string {
  const parts: string[] = [];
  const walk = (key: string, value: FormValue): void => {
    if (value !== null && typeof value === 'object') {
      for (const [name, inner] of Object.entries(value)) walk(`${key}[${name}]`, inner);
    } else {
      parts.push(`${encodeURIComponent(key)}=${encodeURIComponent(value == null ? '' : String(value))}`);
    }
  };
  for (const [key, value] of Object.entries(fields)) walk(key, value);
  return parts.join('&');
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

function pathOf(name: string): string[] {
  const open = name.indexOf('[');
  if (open <= 0) return [name];
  const path = [name.slice(0, open)];
  for (const match of name.slice(open).matchAll(/\[([^\]]*)\]/g)) path.push(match[1] ?? '');
  return path;
}

function put(root: Tree, path: string[], value: string): void {
  if (path.some((key) => FORBIDDEN.has(key))) return;
  let node = root;
  path.forEach((part, index) => {
    const key = part === '' && index > 0 ? String(Object.keys(node).length) : part;
    if (index === path.length - 1) {
      node[key] = value;
      return;
    }
    const next = node[key];
    if (next === undefined || typeof next === 'string') node[key] = {};
    node = node[key] as Tree;
  });
}

function listsToArrays(value: string | Tree, top = true): unknown {
  if (typeof value === 'string') return value;
  const keys = Object.keys(value);
  const isList = !top && keys.length > 0 && keys.every((key, index) => key === String(index));
  if (isList) return keys.map((key) => listsToArrays(value[key] ?? '', false));
  return Object.fromEntries(keys.map((key) => [key, listsToArrays(value[key] ?? '', false)]));
}
