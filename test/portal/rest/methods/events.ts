import { ok, type Methods } from '../method.ts';
import { checkHandler, param, requiredText, text } from '../params.ts';
import { RestError, accessDenied } from '../rest-error.ts';
import { appOf } from '../method.ts';
import type { FormValue } from '../../types.ts';

const EVENTS = [
  'ONAPPINSTALL',
  'ONAPPUPDATE',
  'ONAPPUNINSTALL',
  'ONAPPPAYMENT',
  'ONAPPMETHODCONFIRM',
  'ONAPPTEST',
  'ONOFFLINEEVENT',
  'ONCRMDEALADD',
  'ONCRMDEALUPDATE',
  'ONCRMDEALDELETE',
  'ONCRMDEALMOVETOCATEGORY',
  'ONCRMCONTACTUPDATE',
  'ONCRMDOCUMENTGENERATORDOCUMENTADD',
  'ONCRMDOCUMENTGENERATORDOCUMENTUPDATE',
  'ONCRMDOCUMENTGENERATORDOCUMENTDELETE',
  'ONCRMTIMELINEITEMACTION',
];

/** Event handlers of the app. */
export const eventMethods: Methods = {
  events: { run: () => ok(EVENTS) },
  'event.bind': {
    app: true,
    run: (call) => {
      const app = appOf(call);
      const event = requiredText(call.params, 'event').toUpperCase();
      const eventType = text(param(call.params, 'event_type')) || 'online';
      const handler = eventType === 'offline' ? '' : requiredText(call.params, 'handler');
      if (handler) checkHandler(handler);
      if (!EVENTS.includes(event)) throw new RestError('ERROR_EVENT_NOT_FOUND', 'Event not found');
      const authType = Number(text(param(call.params, 'auth_type')) || 0);
      if (!call.user.isAdmin) {
        if (eventType === 'offline') throw accessDenied();
        if (authType !== 0 && authType !== call.user.id) throw accessDenied();
      }
      const bound = app.handlers.some(
        (one) =>
          one.event === event &&
          one.handler === handler &&
          one.authType === authType &&
          one.eventType === eventType,
      );
      if (bound) throw new RestError('ERROR_CORE', 'Unable to set event handler: Handler already binded');
      app.handlers.push({ id: call.portal.apps.nextHandlerId(), event, handler, authType, eventType });
      return ok(true);
    },
  },
  'event.unbind': {
    app: true,
    run: (call) => {
      const app = appOf(call);
      const event = requiredText(call.params, 'event').toUpperCase();
      const handler = requiredText(call.params, 'handler');
      const authType = text(param(call.params, 'auth_type'));
      const before = app.handlers.length;
      app.handlers = app.handlers.filter(
        (one) =>
          one.event !== event ||
          one.handler !== handler ||
          (authType !== '' && one.authType !== Number(authType)),
      );
      return ok({ count: before - app.handlers.length });
    },
  },
  'event.get': {
    app: true,
    run: (call) =>
      ok(
        appOf(call).handlers.map((one) => ({
          event: one.event,
          handler: one.handler,
          auth_type: String(one.authType),
          offline: one.eventType === 'offline' ? 1 : 0,
        })),
      ),
  },
  'event.test': {
    app: true,
    run: (call) => {
      const app = appOf(call);
      const data = { QUERY: call.params as Record<string, FormValue>, LANGUAGE_ID: call.portal.lang };
      const options = { app, userId: call.user.id, refresh: true };
      call.afterRequest(() => void call.portal.queue.fire('ONAPPTEST', data, options));
      return ok(true);
    },
  },
};
