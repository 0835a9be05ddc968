import { Refusal } from '../../app/domain/refusal.ts';
import { SIGNING_STATUS_CODES } from '../../app/domain/signing-status.ts';
import type { SigningStore } from '../../app/ports/signing-store.ts';
import type { RobotHandler } from '../../app/signing/runs/robot-handler.ts';
import { isReturnDue } from '../../app/signing/runs/is-return-due.ts';
import { refuseWhenSwitchedOff } from '../inputs/refuse-when-switched-off.ts';
import type { SettingsStore } from '../../app/ports/settings-store.ts';
import { waitUntil } from '../inputs/wait-until.ts';
import { readCheckRequest } from './request.ts';
import { shown } from '../inputs/read-values.ts';

/** *Check signing status*: what is known of a signing, now or when it changes. */
export function createCheckStatus(deps: { settings: SettingsStore; signings: SigningStore }): RobotHandler {
  const { settings, signings } = deps;
  return {
    async process(run) {
      await refuseWhenSwitchedOff(settings, run);
      const request = readCheckRequest(run.request);
      const signing = request.signingId
        ? await signings.get(request.signingId, run.portalId)
        : await signings.findByDocument(run.portalId, request.documentId);
      if (!signing) {
        const text = request.signingId ? 'no_such_signing' : 'no_signing_of_document';
        const values = { id: shown(request.signingId || request.documentId) };
        throw new Refusal('SIGNING_NOT_FOUND', [{ text, values }]);
      }
      const knownStatus = SIGNING_STATUS_CODES[signing.status];
      if (isReturnDue(signing, request.returnWhen, knownStatus)) return { kind: 'answer', signing, note: '' };
      return {
        kind: 'wait',
        signing,
        returnWhen: request.returnWhen,
        knownStatus,
        waitUntil: waitUntil(run, request.maxWaitHours, signing),
        note: '',
      };
    },
  };
}
