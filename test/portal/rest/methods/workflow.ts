import { ok, type Call, type Methods } from '../method.ts';
import { map, param, requiredText, text } from '../params.ts';
import { RestError, accessDenied } from '../rest-error.ts';

const exists = ({ portal }: Pick<Call, 'portal'>) => portal.tariff.bizproc || portal.tariff.automation;

function tokenOf(call: Call): string {
  const token = requiredText(call.params, 'EVENT_TOKEN');
  if (!call.portal.workflows.isTokenValid(token)) throw accessDenied();
  return token;
}

/** Answers of robots to the workflow that started them. */
export const workflowMethods: Methods = {
  'bizproc.event.send': {
    scope: 'bizproc',
    app: true,
    exists: (portal) => exists({ portal }),
    run: (call) => {
      const token = tokenOf(call);
      const values = map(param(call.params, 'RETURN_VALUES'));
      const message = text(param(call.params, 'LOG_MESSAGE'));
      // A background job after the request; true whatever has become of the workflow.
      call.afterRequest(() => call.portal.workflows.answer(token, values, message));
      return ok(true);
    },
  },
  'bizproc.activity.log': {
    scope: 'bizproc',
    app: true,
    exists: (portal) => exists({ portal }),
    run: (call) => {
      const message = text(param(call.params, 'LOG_MESSAGE'));
      if (!message) throw new RestError('ERROR_EMPTY_LOG_MESSAGE', 'Empty log message!');
      if (!call.portal.workflows.log(tokenOf(call), message)) {
        throw new RestError('ERROR_CORE', 'Workflow is not running');
      }
      return ok(true);
    },
  },
};
