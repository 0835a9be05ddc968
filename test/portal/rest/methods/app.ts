import { isoDate } from '../../clock.ts';
import type { PortalContext } from '../../context.ts';
import { hasScope } from '../authorize.ts';
import { appOf, ok, type Call, type Methods } from '../method.ts';
import { methodTable } from '../method-table.ts';
import { list, map, param, requiredText, text } from '../params.ts';
import { argumentMissing } from '../rest-error.ts';

const ALL_SCOPES = [
  'bizproc',
  'crm',
  'department',
  'disk',
  'im',
  'placement',
  'user',
  'user_basic',
  'user_brief',
];

/** Names that exist for this token. */
function available(call: Call): string[] {
  return Object.entries(methodTable())
    .filter(
      ([, method]) =>
        (!method.exists || method.exists(call.portal)) && (!method.scope || hasScope(call, method.scope)),
    )
    .map(([name]) => name);
}

function readOption(options: Record<string, unknown>, call: Call): unknown {
  const name = text(param(call.params, 'option'));
  return name ? (options[name] ?? '') : options;
}

function writeOptions(options: Record<string, unknown>, call: Call): boolean {
  const given = param(call.params, 'options');
  if (given === null || typeof given !== 'object') throw argumentMissing('options');
  Object.assign(options, map(given));
  return true;
}

function userOptions(call: Call): Record<string, unknown> {
  const { userOptions: all } = appOf(call);
  const own = all.get(call.user.id) ?? {};
  all.set(call.user.id, own);
  return own;
}

const license = (portal: PortalContext) =>
  portal.lang === 'ru'
    ? { LICENSE: 'ru_pro100', LICENSE_TYPE: 'pro100', LICENSE_FAMILY: 'pro' }
    : { LICENSE: 'en_pro100', LICENSE_TYPE: 'pro100', LICENSE_FAMILY: 'pro' };

/** What needs no scope: the app itself, its options, what exists. */
export const appMethods: Methods = {
  'app.info': {
    run: (call) => {
      const { app, portal } = call;
      const place = { LANGUAGE_ID: portal.lang, ...license(portal) };
      if (!app) return ok(place);
      return ok({
        ID: app.id,
        CODE: app.descriptor.code,
        VERSION: app.version,
        STATUS: app.descriptor.status ?? 'F',
        INSTALLED: app.installed,
        PAYMENT_EXPIRED: 'N',
        DAYS: null,
        ...place,
      });
    },
  },
  scope: {
    run: (call) =>
      ok(param(call.params, 'full') ? ALL_SCOPES : call.token.scope.split(/[,\s]+/).filter(Boolean)),
  },
  methods: { run: (call) => ok(available(call)) },
  'method.get': {
    run: (call) => {
      const name = text(param(call.params, 'name')).toLowerCase();
      const method = methodTable()[name];
      const isExisting = method !== undefined && (!method.exists || method.exists(call.portal));
      return ok({ isExisting, isAvailable: isExisting && available(call).includes(name) });
    },
  },
  'server.time': { run: (call) => ok(isoDate(call.portal.clock.now())) },
  'feature.get': {
    run: (call) => {
      const code = requiredText(call.params, 'CODE');
      return ok({ value: code.startsWith('rest_') ? 'Y' : 'N' });
    },
  },
  'app.option.get': { app: true, run: (call) => ok(readOption(appOf(call).options, call)) },
  'app.option.set': { app: true, admin: true, run: (call) => ok(writeOptions(appOf(call).options, call)) },
  'user.option.get': { app: true, run: (call) => ok(readOption(userOptions(call), call)) },
  'user.option.set': { app: true, run: (call) => ok(writeOptions(userOptions(call), call)) },
  'user.access': {
    run: (call) => {
      const own = new Set(['AU', `U${call.user.id}`, ...call.user.departments.map((id) => `DR${id}`)]);
      return ok(list(param(call.params, 'ACCESS')).some((right) => own.has(text(right))));
    },
  },
};
