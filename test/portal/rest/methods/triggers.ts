import { updateItem } from '../../deal-actions.ts';
import { appOf, ok, type Call, type Methods } from '../method.ts';
import { param, requiredText, text, toInt } from '../params.ts';
import { RestError } from '../rest-error.ts';

const access = { scope: 'crm', admin: true, app: true };

function codeOf(call: Call): string {
  const code = requiredText(call.params, 'CODE');
  if (!/^[a-z0-9._-]+$/.test(code)) throw new RestError('', 'Wrong trigger code');
  return code;
}

/** CRM automation triggers: fired ones are kept, and move the deal where the portal's rules say so. */
export const triggerMethods: Methods = {
  'crm.automation.trigger.add': {
    ...access,
    run: (call) => {
      appOf(call).triggers.set(codeOf(call), requiredText(call.params, 'NAME'));
      return ok(true);
    },
  },
  'crm.automation.trigger.list': {
    ...access,
    run: (call) => ok([...appOf(call).triggers].map(([CODE, NAME]) => ({ CODE, NAME }))),
  },
  'crm.automation.trigger.delete': {
    ...access,
    run: (call) => {
      if (!appOf(call).triggers.delete(codeOf(call))) throw new RestError('', 'Trigger not found');
      return ok(true);
    },
  },
  'crm.automation.trigger.execute': {
    ...access,
    run: (call) => {
      const { portal } = call;
      const code = codeOf(call);
      const ownerTypeId = toInt(param(call.params, 'OWNER_TYPE_ID'), 'OWNER_TYPE_ID');
      const ownerId = toInt(param(call.params, 'OWNER_ID'), 'OWNER_ID');
      if (!appOf(call).triggers.has(code)) throw new RestError('', 'Trigger not found');
      if (!portal.crm.get(ownerTypeId, ownerId)) throw new RestError('', 'Owner not found');
      portal.triggers.fired.push({ code, ownerTypeId, ownerId, at: portal.clock.now() });
      const stageId = portal.triggers.moves.get(code);
      const moves = ownerTypeId === 2 && stageId && text(portal.crm.deal(ownerId)?.['stageId']) !== stageId;
      if (moves) updateItem(portal, { entityTypeId: 2, id: ownerId, fields: { stageId }, userId: 0 });
      return ok(true);
    },
  },
};
