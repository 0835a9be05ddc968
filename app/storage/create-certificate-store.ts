import { randomUUID, X509Certificate } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { CertificateStore, StoredCertificate } from '../ports/certificate-store.ts';
import type { Clock } from '../ports/clock.ts';
import { PdfEngineFailure } from '../ports/pdf-engine.ts';
import type { SealCertificate } from '../ports/pdf-engine.ts';
import type { Secrets } from '../ports/secrets.ts';
import { certificateModel } from './models/certificate-model.ts';
import type { CertificateRecord } from './models/certificate-model.ts';
import { toPlain } from './to-plain.ts';

/** How key files are read; the storage knows nothing of their formats. */
export interface KeyFiles {
  /**
   * @param now the certificate must be valid then
   * @returns key and chain (leaf first) as one PEM text, not encrypted
   * @throws CertificateRefused
   */
  read(p12: Uint8Array, password: string, now: Date): Promise<string>;
  open(pem: string): SealCertificate;
}

/** So many former certificates of a portal are remembered. */
const MAX_KNOWN = 50;

const contextOf = (portalId: string): string => `certificate:${portalId}`;
const toStored = (
  portalId: string,
  { sealed: _sealed, ...facts }: NonNullable<CertificateRecord['current']>,
): StoredCertificate => toPlain({ portalId, ...facts });

/** Portals' certificates, their keys sealed under APP_SECRET. Opened keys are kept in memory while they are the newest. */
export function createCertificateStore(deps: {
  connection: Connection;
  secrets: Secrets;
  clock: Clock;
  keyFiles: KeyFiles;
}): CertificateStore {
  const { secrets, clock, keyFiles } = deps;
  const certificates = certificateModel.on(deps.connection);
  const opened = new Map<string, { revision: string; certificate: SealCertificate }>();

  const read = (portalId: string) => certificates.findOne({ _id: portalId }).lean();

  const open = async (portalId: string, revision: string): Promise<SealCertificate | undefined> => {
    const kept = opened.get(portalId);
    if (kept?.revision === revision) return kept.certificate;
    const record = await read(portalId);
    if (!record?.current) return undefined;
    const certificate = keyFiles.open(secrets.open(record.current.sealed, contextOf(portalId)));
    opened.set(portalId, { revision: record.revision, certificate });
    return certificate;
  };

  return {
    get: async (portalId) => {
      const record = await read(portalId);
      return record?.current && toStored(portalId, record.current);
    },

    save: async (portalId, p12, password) => {
      const savedAt = clock.now();
      const pem = await keyFiles.read(p12, password, savedAt);
      const { chain, subject, issuer, fingerprint, validTo } = keyFiles.open(pem);
      const leaf = Buffer.from(chain[0] ?? []);
      const validFrom = new Date(new X509Certificate(leaf).validFrom);
      const sealed = secrets.seal(pem, contextOf(portalId));
      const current = { subject, issuer, fingerprint, validFrom, validTo, savedAt, sealed };
      const before = (await read(portalId))?.known ?? [];
      const mine = leaf.toString('base64');
      const known = [...before.filter((each) => each !== mine), mine].slice(-MAX_KNOWN);
      await certificates.replaceOne({ _id: portalId }, toPlain({ revision: randomUUID(), current, known }), {
        upsert: true,
      });
      return toStored(portalId, current);
    },

    remove: async (portalId) => {
      await certificates.updateOne(
        { _id: portalId },
        { $unset: { current: 1 }, $set: { revision: randomUUID() } },
      );
      opened.delete(portalId);
    },

    sealCertificate: async (portalId) => {
      const newest = await certificates.findOne({ _id: portalId }, { revision: 1 }).lean();
      const certificate = newest ? await open(portalId, newest.revision) : undefined;
      if (!certificate) opened.delete(portalId);
      else if (certificate.validTo <= clock.now()) {
        throw new PdfEngineFailure('certificate_expired', 'the certificate of the portal has expired');
      }
      return certificate;
    },

    all: async () => {
      const records = await certificates.find({}, { known: 1 }).lean();
      return records.flatMap(({ known }) => known.map((der) => new Uint8Array(Buffer.from(der, 'base64'))));
    },

    purgePortal: async (portalId) => {
      await certificates.deleteOne({ _id: portalId });
      opened.delete(portalId);
    },
  };
}
