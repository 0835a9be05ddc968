import { ok, type Call, type Methods } from '../method.ts';
import { param, text } from '../params.ts';
import { RestError } from '../rest-error.ts';

const MAX_ATTACH = 60_000;

function notify(call: Call, kind: 'personal' | 'system'): number | false {
  const userId = Number(text(param(call.params, 'USER_ID')));
  if (!Number.isInteger(userId) || userId <= 0)
    throw new RestError('USER_ID_EMPTY', 'User ID cannot be empty');
  const message = text(param(call.params, 'MESSAGE')).trim();
  if (!message) throw new RestError('MESSAGE_EMPTY', 'Message cannot be empty');
  const attach = param(call.params, 'ATTACH');
  if (attach !== undefined && Buffer.byteLength(JSON.stringify(attach)) > MAX_ATTACH) {
    throw new RestError('ATTACH_OVERSIZE', 'You have exceeded the maximum allowable size of attach');
  }
  if (!call.portal.users.get(userId)?.active) return false;
  return call.portal.notifications.add({
    userId,
    kind,
    fromUserId: kind === 'personal' ? call.user.id : 0,
    message,
    messageOut: text(param(call.params, 'MESSAGE_OUT')) || undefined,
    tag: text(param(call.params, 'TAG')),
    subTag: text(param(call.params, 'SUB_TAG')),
    attach,
  }).id;
}

/** Notifications. */
export const notifyMethods: Methods = {
  'im.notify.system.add': { scope: 'im', app: true, run: (call) => ok(notify(call, 'system')) },
  'im.notify.personal.add': { scope: 'im', run: (call) => ok(notify(call, 'personal')) },
};
