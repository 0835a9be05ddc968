import type { StoredFile } from '../domain/signing.ts';

/** The standing consent to have the stored signature applied without a click each time. */
export interface Mandate {
  /** Given by the employee in the app, or on paper and recorded by an operator. */
  readonly kind: 'consent' | 'paper';
  readonly grantedAt: Date;
  readonly validUntil?: Date;
  readonly revokedAt?: Date;
  /** Version of the text consented to; of a paper, its file. */
  readonly consentVersion: string;
  readonly file?: StoredFile;
  readonly recordedBy: string;
}

/** A portal user registered in the app. */
export interface Employee {
  readonly portalId: string;
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly position: string;
  readonly canSign: boolean;
  readonly canSend: boolean;
  readonly blocked: boolean;
  /** PNG. */
  readonly signature?: StoredFile;
  readonly stamp?: StoredFile;
  readonly mandate?: Mandate;
  readonly updatedAt: Date;
}

export interface EmployeeStore {
  get(portalId: string, userId: string): Promise<Employee | undefined>;
  list(portalId: string): Promise<Employee[]>;
  save(employee: Employee): Promise<void>;
  remove(portalId: string, userId: string): Promise<void>;
  purgePortal(portalId: string): Promise<number>;
}

/** Whether a mandate may be used at a moment. */
export const isMandateValid = (mandate: Mandate | undefined, now: Date): boolean =>
  mandate !== undefined && !mandate.revokedAt && (!mandate.validUntil || mandate.validUntil > now);
