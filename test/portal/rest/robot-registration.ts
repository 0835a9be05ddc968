import type { PortalApp, PropertyDescriptor, Registration } from '../app-registry.ts';
import { isYes } from '../robot-values.ts';
import { checkHandler, list, map, text } from './params.ts';
import { RestError } from './rest-error.ts';

const BASE_TYPES = ['bool', 'date', 'datetime', 'double', 'file', 'int', 'select', 'string', 'text', 'user'];

export const validationFailure = (reason: string) =>
  new RestError('ERROR_ACTIVITY_VALIDATION_FAILURE', reason);

/** A registration with new fields, checked as the platform checks them. */
export function changeRegistration(
  app: PortalApp,
  old: Registration,
  fields: Record<string, unknown>,
): Registration {
  const next = { ...old };
  if ('HANDLER' in fields) {
    checkHandler(text(fields['HANDLER']));
    next.handler = text(fields['HANDLER']);
  }
  if ('NAME' in fields) next.name = localised(fields['NAME'], 'NAME', true);
  if ('DESCRIPTION' in fields) next.description = localised(fields['DESCRIPTION'], 'DESCRIPTION', false);
  if ('AUTH_USER_ID' in fields) next.authUserId = Number(text(fields['AUTH_USER_ID']) || 0);
  if ('USE_SUBSCRIPTION' in fields) next.useSubscription = yesNo(fields['USE_SUBSCRIPTION']);
  if ('DOCUMENT_TYPE' in fields) {
    const type = list(fields['DOCUMENT_TYPE']).map(text);
    if (type.length > 0 && type.length !== 3) throw validationFailure('Wrong document type!');
    next.documentType = type.length === 3 ? type : null;
  }
  if ('PROPERTIES' in fields) next.properties = properties(fields['PROPERTIES'], next.documentType !== null);
  if ('RETURN_PROPERTIES' in fields) {
    next.returnProperties = properties(fields['RETURN_PROPERTIES'], next.documentType !== null);
  }
  if ('FILTER' in fields) {
    const unknown = Object.keys(map(fields['FILTER'])).filter(
      (key) => key !== 'INCLUDE' && key !== 'EXCLUDE',
    );
    if (unknown.length > 0) throw validationFailure('Wrong activity FILTER!');
    next.filter = fields['FILTER'];
  }
  if ('USE_PLACEMENT' in fields) next.usePlacement = isYes(fields['USE_PLACEMENT']);
  if ('PLACEMENT_HANDLER' in fields) next.placementHandler = text(fields['PLACEMENT_HANDLER']);
  if (next.usePlacement) {
    checkHandler(next.placementHandler);
    const others = [...app.robots.values(), ...app.activities.values()];
    if (
      others.some(
        (one) => one.code !== old.code && one.usePlacement && one.placementHandler === next.placementHandler,
      )
    ) {
      throw new RestError('ERROR_CORE', 'Unable to set placement handler: Handler already binded');
    }
  }
  return next;
}

function localised(value: unknown, field: string, required: boolean): unknown {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    if (Object.values(value).some((one) => typeof one !== 'string'))
      throw validationFailure(`Wrong activity ${field}!`);
    if (required && Object.keys(value).length === 0) throw validationFailure(`Empty activity ${field}!`);
    return value;
  }
  if (required && text(value) === '') throw validationFailure(`Empty activity ${field}!`);
  return text(value);
}

function yesNo(value: unknown): string {
  if (value === '' || value === null) return '';
  return isYes(value) ? 'Y' : 'N';
}

function properties(value: unknown, withDocumentTypes: boolean): Record<string, PropertyDescriptor> {
  if (value === '' || value === null) return {};
  if (typeof value !== 'object') throw validationFailure('Wrong properties array!');
  const entries = Object.entries(map(value)) as [string, PropertyDescriptor][];
  if (Buffer.byteLength(JSON.stringify(value)) >= 65_535) throw validationFailure('Too much properties!');
  const seen = new Set<string>();
  for (const [key, descriptor] of entries) {
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(key)) throw validationFailure(`Wrong property key (${key})!`);
    if (seen.has(key.toLowerCase())) throw validationFailure(`Property key (${key}) is not unique!`);
    seen.add(key.toLowerCase());
    if (descriptor === null || typeof descriptor !== 'object' || !descriptor.Name) {
      throw validationFailure(`Empty property NAME (${key})!`);
    }
    const type = descriptor.Type ?? 'string';
    if (!withDocumentTypes && !BASE_TYPES.includes(type))
      throw validationFailure(`Wrong property type (${key})!`);
    if (
      type === 'select' &&
      Object.values(map(descriptor.Options)).some((title) => typeof title !== 'string')
    ) {
      throw validationFailure(`Wrong property options (${key})!`);
    }
  }
  return Object.fromEntries(entries);
}

/** A name in the portal's language: exact → (ua → ru) → en → the first. */
export function localName(value: unknown, lang: string): string {
  if (typeof value === 'string') return value;
  const words = Object.fromEntries(
    Object.entries(map(value)).map(([key, word]) => [key.toLowerCase(), text(word)]),
  );
  return (
    words[lang] ?? (lang === 'ua' ? words['ru'] : undefined) ?? words['en'] ?? Object.values(words)[0] ?? ''
  );
}
