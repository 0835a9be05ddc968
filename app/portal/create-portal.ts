import { createTranslator } from '../i18n/translator.ts';
import type { Log } from '../ports/log.ts';
import type { Portal } from '../ports/portal.ts';
import { PortalError } from '../ports/portal.ts';
import type { PortalGateway } from './create-portal-gateway.ts';
import { createDocuments } from './documents.ts';
import { project } from './project.ts';
import { DEAL, readFacts } from './read-facts.ts';
import { searchUsers, usersOfDepartment } from './find-users.ts';

/** Values as a process takes them: booleans are Y and N there. */
const toProcessValue = (value: string | number | boolean | readonly string[]) =>
  typeof value === 'boolean' ? (value ? 'Y' : 'N') : value;

/** Failures that are about us, not about the process: they are told to the caller. */
const OURS = new Set([
  'ACCESS_DENIED',
  'ERROR_METHOD_NOT_FOUND',
  'insufficient_scope',
  'needs_reauth',
  'uninstalled',
  'unknown_portal',
  'PAYMENT_REQUIRED',
  'user_access_error',
  'WRONG_AUTH_TYPE',
  'host_not_allowed',
  'not_found',
]);

/** The portal as the application sees it, on the gateway. */
export function createPortal({ gateway, log }: { gateway: PortalGateway; log: Log }): Portal {
  const documents = createDocuments(gateway, (language) =>
    createTranslator(language)('installer.placeholder_document'),
  );
  return {
    ...documents,
    readFacts: (portalId, query) => readFacts(gateway, portalId, query),
    usersOfDepartment: (portalId, departmentId, deep) =>
      usersOfDepartment(gateway, portalId, departmentId, deep),
    searchUsers: (portalId, text) => searchUsers(gateway, portalId, text),
    project: (portalId, projections, repeat) => project(gateway, portalId, projections, repeat),

    async returnToProcess(portalId, eventToken, values, logMessage) {
      const params = {
        EVENT_TOKEN: eventToken,
        RETURN_VALUES: Object.fromEntries(
          Object.entries(values).map(([key, value]) => [key, toProcessValue(value)]),
        ),
        LOG_MESSAGE: logMessage,
      };
      try {
        // The first answer closes the step and later ones are ignored there, so sending again is harmless.
        await gateway.call(portalId, 'bizproc.event.send', params, { idempotent: true });
      } catch (error) {
        // Older portals say when the process is gone: that is no failure of ours (b24 docs: bizproc.event.send).
        if (!(error instanceof PortalError) || error.retryable || OURS.has(error.code)) throw error;
        log.info({ portalId, code: error.code }, 'the process does not take values any more');
      }
    },

    async logToProcess(portalId, eventToken, message) {
      await gateway.call(portalId, 'bizproc.activity.log', { EVENT_TOKEN: eventToken, LOG_MESSAGE: message });
    },

    async fireTrigger(portalId, code, dealId) {
      const params = { CODE: code, OWNER_TYPE_ID: DEAL, OWNER_ID: dealId };
      await gateway.call(portalId, 'crm.automation.trigger.execute', params);
    },
  };
}
