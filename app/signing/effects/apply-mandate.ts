import { findSigner } from '../../domain/signing.ts';
import { inviteInsteadOfMandate } from '../../domain/transitions/send.ts';
import { signerSigned } from '../../domain/transitions/signer-actions.ts';
import type { Clock } from '../../ports/clock.ts';
import { isMandateValid } from '../../ports/employee-store.ts';
import type { EmployeeStore } from '../../ports/employee-store.ts';
import type { EffectHandler } from './effect-handler.ts';

/**
 * Signs for the company with the employee's stored signature. Rights and mandate are checked again at this moment: what
 * was withdrawn since the robot ran turns into an invitation by link.
 */
export function createApplyMandateHandler(deps: { employees: EmployeeStore; clock: Clock }): EffectHandler {
  const { employees, clock } = deps;
  return async (signing, effect) => {
    const signer = findSigner(signing, effect.target);
    if (!signer || signer.status !== 'created') return undefined;
    const employee = await employees.get(signing.portalId, signer.person.id);
    const usable =
      employee && employee.canSign && !employee.blocked && isMandateValid(employee.mandate, clock.now());
    if (!usable || !employee.signature || !employee.mandate || !signing.bundle) {
      return (current, now) => inviteInsteadOfMandate(current, signer.id, now);
    }
    const { signature, mandate } = employee;
    const bundleSha256 = signing.bundle.sha256;
    return (current, now) =>
      signerSigned(
        current,
        signer.id,
        {
          at: now,
          method: 'mandate',
          address: '',
          ip: '',
          agent: '',
          consentVersion: mandate.consentVersion,
          bundleSha256,
          mark: { kind: 'drawn', fileId: signature.fileId },
          mandate: { kind: mandate.kind, grantedAt: mandate.grantedAt },
        },
        now,
      );
  };
}
