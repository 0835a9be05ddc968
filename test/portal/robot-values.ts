import { text } from './rest/params.ts';
import type { PropertyDescriptor } from './app-registry.ts';
import { siteDate } from './clock.ts';
import type { PortalContext } from './context.ts';
import type { FormValue } from './types.ts';

/** Y for everything that Bitrix24 takes as yes. */
export function isYes(value: unknown): boolean {
  return value === true || value === 1 || value === 'Y' || value === '1' || value === 'true';
}

export function defaultOf(descriptor: PropertyDescriptor): unknown {
  return descriptor.Default ?? null;
}

/** A property value as the run POST carries it. */
export function wireValue(descriptor: PropertyDescriptor, value: unknown): FormValue {
  if (isYes(descriptor.Multiple)) {
    if (value === null || value === undefined || value === '') return '';
    const list = Array.isArray(value) ? (value as unknown[]) : [value];
    return list.length === 0 ? '' : list.map((one) => singleValue(descriptor, one));
  }
  return singleValue(descriptor, Array.isArray(value) ? (value as unknown[])[0] : value);
}

function singleValue(descriptor: PropertyDescriptor, value: unknown): FormValue {
  if (value === null || value === undefined || value === '') return '';
  switch (descriptor.Type) {
    case 'bool':
      return isYes(value) ? 'Y' : 'N';
    case 'user':
      return /^\d+$/.test(text(value)) ? `user_${text(value)}` : text(value);
    case 'date':
    case 'datetime': {
      const at = typeof value === 'number' ? value : Date.parse(text(value));
      if (Number.isNaN(at)) return text(value);
      return descriptor.Type === 'date' ? siteDate(at).slice(0, 10) : siteDate(at);
    }
    default:
      return text(value);
  }
}

/** A returned value as the workflow keeps it. */
export function resultValue(portal: PortalContext, descriptor: PropertyDescriptor, value: unknown): unknown {
  if (descriptor.Type === 'file' && Array.isArray(value)) {
    const [name, content] = value as [string, string];
    return portal.files.store({
      name,
      content: Buffer.from(content, 'base64'),
      source: 'bizproc.event.send',
    }).id;
  }
  if (isYes(descriptor.Multiple)) return Array.isArray(value) ? value : value === '' ? [] : [value];
  if (descriptor.Type === 'bool') return isYes(value) ? 'Y' : 'N';
  if (descriptor.Type === 'int' && value !== '' && value !== null) {
    const number = Number(value);
    return Number.isFinite(number) ? Math.trunc(number) : null;
  }
  return Array.isArray(value) ? (value as unknown[])[0] : value;
}
