import type { PortalApp, Registration } from '../../app-registry.ts';
import type { PortalContext } from '../../context.ts';
import { appOf, ok, type Call, type Method, type Methods } from '../method.ts';
import { map, param, text } from '../params.ts';
import { RestError } from '../rest-error.ts';
import { changeRegistration, validationFailure } from '../robot-registration.ts';

const FIELDS = [
  'HANDLER',
  'AUTH_USER_ID',
  'USE_SUBSCRIPTION',
  'NAME',
  'DESCRIPTION',
  'PROPERTIES',
  'RETURN_PROPERTIES',
  'DOCUMENT_TYPE',
  'FILTER',
  'USE_PLACEMENT',
  'PLACEMENT_HANDLER',
];

type Kind = 'robots' | 'activities';

const notInstalled = () => new RestError('ERROR_ACTIVITY_NOT_FOUND', 'Activity or Robot not found!');

function codeOf(call: Call): string {
  const code = text(param(call.params, 'CODE'));
  if (!/^[A-Za-z0-9._-]{1,128}$/.test(code)) throw validationFailure('Wrong activity code!');
  return code;
}

/** Robots and activities share their codes. */
function taken(app: PortalApp, code: string): boolean {
  return app.robots.has(code) || app.activities.has(code);
}

function given(params: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    FIELDS.map((name) => [name, param(params, name)]).filter(([, value]) => value !== undefined),
  ) as Record<string, unknown>;
}

function fresh(code: string): Registration {
  return {
    code,
    handler: '',
    name: '',
    description: '',
    authUserId: 0,
    useSubscription: '',
    properties: {},
    returnProperties: {},
    documentType: null,
    filter: null,
    usePlacement: false,
    placementHandler: '',
  };
}

function crud(kind: Kind, exists: (portal: PortalContext) => boolean): Record<string, Method> {
  const common = { scope: 'bizproc', admin: true, app: true, exists };
  return {
    add: {
      ...common,
      run: (call) => {
        const app = appOf(call);
        const code = codeOf(call);
        const fields = given(call.params);
        for (const name of ['HANDLER', 'NAME']) fields[name] ??= '';
        const registration = changeRegistration(app, fresh(code), fields);
        if (taken(app, code)) {
          throw new RestError('ERROR_ACTIVITY_ALREADY_INSTALLED', 'Activity or Robot already installed!');
        }
        app[kind].set(code, registration);
        return ok(true);
      },
    },
    update: {
      ...common,
      run: (call) => {
        const app = appOf(call);
        const old = app[kind].get(codeOf(call));
        const fields = given(map(param(call.params, 'FIELDS')));
        if (Object.keys(fields).length === 0) throw validationFailure('No fields to update');
        if (!old) throw notInstalled();
        app[kind].set(old.code, changeRegistration(app, old, fields));
        return ok(true);
      },
    },
    delete: {
      ...common,
      run: (call) => {
        if (!appOf(call)[kind].delete(codeOf(call))) throw notInstalled();
        return ok(true);
      },
    },
    list: { ...common, run: (call) => ok([...appOf(call)[kind].keys()]) },
  };
}

const prefixed = (prefix: string, methods: Record<string, Method>): Methods =>
  Object.fromEntries(Object.entries(methods).map(([name, method]) => [`${prefix}.${name}`, method]));

/** Registration of robots and activities; what of it exists depends on the tariff. */
export const robotMethods: Methods = {
  ...prefixed(
    'bizproc.robot',
    crud('robots', ({ tariff }) => tariff.bizproc || tariff.automation),
  ),
  ...prefixed(
    'bizproc.activity',
    crud('activities', ({ tariff }) => tariff.bizproc),
  ),
};
