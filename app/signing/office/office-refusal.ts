import type { CertificateFault } from '../../ports/certificate-store.ts';

/** Why an action of the office was refused: `office.refused_<reason>` in the catalogs. */
export type OfficeRefusalReason =
  | 'not_allowed'
  | 'nobody_to_remind'
  | 'reminded_lately'
  | 'not_cancellable'
  | 'not_resumable'
  | 'user_unknown'
  | 'not_registered'
  | 'blocked'
  | 'no_signature'
  | 'consent_outdated'
  | 'settings_invalid'
  | 'documents_invalid'
  | 'certificate_missing'
  | 'certificate_too_large'
  | `certificate_${CertificateFault}`
  | 'png_missing'
  | 'png_too_large'
  | 'png_not_png'
  | 'png_damaged'
  | 'png_dimensions'
  | 'portal_unavailable';

/** An action that was understood and refused; the person reads why, and nothing was changed. */
export class OfficeRefusal extends Error {
  readonly reason: OfficeRefusalReason;
  readonly values: Record<string, string | number>;
  constructor(reason: OfficeRefusalReason, values: Record<string, string | number> = {}) {
    super(`office: ${reason}`);
    this.name = 'OfficeRefusal';
    this.reason = reason;
    this.values = values;
  }
}
