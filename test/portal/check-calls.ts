import { text } from './rest/params.ts';
import { restRules } from './rest-rules.ts';

interface Rule {
  name: string;
  required: boolean;
  type: string;
}

const rulesOf = (line: string): Rule[] =>
  line
    .split(' ')
    .filter(Boolean)
    .map((word) => {
      const [name = '', type = 'any'] = word.split(':');
      return { name: name.replace('*', ''), required: name.endsWith('*'), type };
    });

/**
 * Every violation of the documented parameters in recorded calls, each once: an unknown method, a missing, unknown or
 * wrongly typed parameter. Empty = all is well.
 */
export function checkCalls(calls: { method: string; params: Record<string, unknown> }[]): string[] {
  const found = new Set<string>();
  for (const call of calls) {
    const method = call.method.toLowerCase();
    const line = restRules[method];
    if (line === undefined) {
      found.add(`${method}: not a method that this project knows`);
      continue;
    }
    if (method === 'event.test') continue;
    checkNode(method, rulesOf(line), call.params, found);
    for (const [key, value] of Object.entries(call.params)) {
      const nested = Object.keys(restRules).find(
        (name) => name.toLowerCase() === `${method} > ${key.toLowerCase()}`,
      );
      if (nested && value !== null && typeof value === 'object') {
        checkNode(nested, rulesOf(restRules[nested] ?? ''), value as Record<string, unknown>, found);
      }
    }
  }
  return [...found];
}

function checkNode(where: string, rules: Rule[], given: Record<string, unknown>, found: Set<string>): void {
  const keys = Object.keys(given);
  for (const rule of rules) {
    const key = keys.find((one) => one.toLowerCase() === rule.name.toLowerCase());
    if (key === undefined) {
      if (rule.required) found.add(`${where}: ${rule.name} is missing`);
    } else if (!fits(rule.type, given[key])) {
      found.add(`${where}: ${rule.name} is not ${rule.type}: ${JSON.stringify(given[key]).slice(0, 60)}`);
    }
  }
  for (const key of keys) {
    if (/^(uf_|ufcrm|parentid|parent_id_)/i.test(key)) continue;
    if (!rules.some((rule) => rule.name.toLowerCase() === key.toLowerCase())) {
      found.add(`${where}: ${key} is unknown`);
    }
  }
}

function fits(type: string, value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  switch (type) {
    case 'int':
      return (typeof value === 'number' || typeof value === 'string') && /^-?\d+$/.test(String(value));
    case 'num':
      return (typeof value === 'number' || typeof value === 'string') && !Number.isNaN(Number(value));
    case 'bool':
      return (
        ['boolean', 'string', 'number'].includes(typeof value) && /^(true|false|Y|N|0|1)$/.test(text(value))
      );
    case 'obj':
      return typeof value === 'object';
    default:
      return true;
  }
}
