import { PLACEMENTS, SINGLE_PLACEMENTS } from '../../placement-codes.ts';
import { appOf, ok, type Methods } from '../method.ts';
import { checkHandler, map, param, requiredText, text } from '../params.ts';
import { RestError } from '../rest-error.ts';

/** Placements of the app. */
export const placementMethods: Methods = {
  'placement.list': {
    scope: 'placement',
    run: () => ok(PLACEMENTS),
  },
  'placement.get': {
    scope: 'placement',
    app: true,
    admin: true,
    run: (call) =>
      ok(
        appOf(call).placements.map((one) => ({
          placement: one.placement,
          userId: one.userId,
          handler: one.handler,
          options: one.options,
          title: one.title,
          description: one.description,
          langAll: one.langAll,
        })),
      ),
  },
  'placement.bind': {
    scope: 'placement',
    app: true,
    admin: true,
    run: (call) => {
      const app = appOf(call);
      const placement = requiredText(call.params, 'PLACEMENT').toUpperCase();
      const handler = requiredText(call.params, 'HANDLER');
      checkHandler(handler);
      const scopes = call.token.scope.split(/[,\s]+/);
      if (!PLACEMENTS.includes(placement) || (placement.startsWith('CRM_') && !scopes.includes('crm'))) {
        throw new RestError('ERROR_PLACEMENT_NOT_FOUND', 'Placement not found');
      }
      const own = app.placements.filter((one) => one.placement === placement);
      if (own.some((one) => one.handler === handler)) {
        throw new RestError('ERROR_CORE', 'Unable to set placement handler: Handler already binded');
      }
      if (SINGLE_PLACEMENTS.includes(placement) && own.length > 0) {
        throw new RestError('ERROR_PLACEMENT_MAX_COUNT', 'Placement max count was exceeded');
      }
      const langAll = map(param(call.params, 'LANG_ALL')) as Record<string, Record<string, string>>;
      const words = langAll[call.portal.lang] ?? langAll['en'] ?? {};
      app.placements.push({
        placement,
        handler,
        title:
          words['TITLE'] ??
          (text(param(call.params, 'TITLE')) || (app.descriptor.name ?? app.descriptor.code)),
        description: words['DESCRIPTION'] ?? text(param(call.params, 'DESCRIPTION')),
        groupName: words['GROUP_NAME'] ?? text(param(call.params, 'GROUP_NAME')),
        langAll,
        options: map(param(call.params, 'OPTIONS')),
        userId: Number(text(param(call.params, 'USER_ID')) || 0),
      });
      return ok(true);
    },
  },
  'placement.unbind': {
    scope: 'placement',
    app: true,
    admin: true,
    run: (call) => {
      const app = appOf(call);
      const placement = requiredText(call.params, 'PLACEMENT').toUpperCase();
      const handler = text(param(call.params, 'HANDLER'));
      const before = app.placements.length;
      app.placements = app.placements.filter(
        (one) => one.placement !== placement || (handler !== '' && one.handler !== handler),
      );
      // The real counter says two a handler.
      return ok({ count: (before - app.placements.length) * 2 });
    },
  },
};
