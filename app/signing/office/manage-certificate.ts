import { CertificateRefused } from '../../ports/certificate-store.ts';
import type { CertificateStore, StoredCertificate } from '../../ports/certificate-store.ts';
import type { Clock } from '../../ports/clock.ts';
import { OfficeRefusal } from './office-refusal.ts';

/** A key with a chain has 3 to 10 KB. */
export const MAX_CERTIFICATE_BYTES = 64 * 1024;
const SOON_MS = 30 * 86_400_000;

export interface ShownCertificate extends StoredCertificate {
  /** `expired`: nothing is signed until somebody puts in another certificate or removes this one. */
  readonly state: 'valid' | 'expires_soon' | 'expired';
}

/** The portal's own sealing certificate, in place of the operator's. */
export interface ManageCertificate {
  show(portalId: string): Promise<ShownCertificate | undefined>;
  /** @throws OfficeRefusal `certificate_…` */
  upload(portalId: string, p12: Uint8Array, password: string): Promise<StoredCertificate>;
  /** What was signed with it stays recognised; what is signed from now on has the operator's. */
  remove(portalId: string): Promise<void>;
}

export function createManageCertificate(deps: {
  certificates: CertificateStore;
  clock: Clock;
}): ManageCertificate {
  const { certificates, clock } = deps;
  const stateOf = ({ validTo }: StoredCertificate): ShownCertificate['state'] => {
    const leftMs = validTo.getTime() - clock.now().getTime();
    if (leftMs <= 0) return 'expired';
    return leftMs < SOON_MS ? 'expires_soon' : 'valid';
  };
  return {
    async show(portalId) {
      const certificate = await certificates.get(portalId);
      return certificate && { ...certificate, state: stateOf(certificate) };
    },

    async upload(portalId, p12, password) {
      if (p12.length > MAX_CERTIFICATE_BYTES) throw new OfficeRefusal('certificate_too_large');
      try {
        return await certificates.save(portalId, p12, password);
      } catch (error) {
        if (error instanceof CertificateRefused) throw new OfficeRefusal(`certificate_${error.fault}`);
        throw error;
      }
    },

    remove: (portalId) => certificates.remove(portalId),
  };
}
