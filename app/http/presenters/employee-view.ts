import { isMandateValid } from '../../ports/employee-store.ts';
import type { Employee } from '../../ports/employee-store.ts';

export type MandateState = 'none' | 'valid' | 'revoked' | 'expired';

export interface EmployeeView {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly position: string;
  readonly canSign: boolean;
  readonly canSend: boolean;
  readonly blocked: boolean;
  readonly hasSignature: boolean;
  /** Changes with the picture, so that a page knows when to load it again. */
  readonly signatureVersion: string;
  readonly mandate: {
    readonly state: MandateState;
    readonly kind?: 'consent' | 'paper';
    readonly grantedAt?: Date;
    readonly validUntil?: Date;
    readonly revokedAt?: Date;
  };
}

export function employeeView(employee: Employee, now: Date): EmployeeView {
  const { mandate, signature } = employee;
  return {
    userId: employee.userId,
    name: employee.name,
    email: employee.email,
    position: employee.position,
    canSign: employee.canSign,
    canSend: employee.canSend,
    blocked: employee.blocked,
    hasSignature: signature !== undefined,
    signatureVersion: signature?.sha256.slice(0, 12) ?? '',
    mandate: {
      state: mandateState(employee, now),
      kind: mandate?.kind,
      grantedAt: mandate?.grantedAt,
      validUntil: mandate?.validUntil,
      revokedAt: mandate?.revokedAt,
    },
  };
}

function mandateState({ mandate }: Employee, now: Date): MandateState {
  if (!mandate) return 'none';
  if (mandate.revokedAt) return 'revoked';
  return isMandateValid(mandate, now) ? 'valid' : 'expired';
}
