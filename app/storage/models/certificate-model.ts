import { Schema } from 'mongoose';
import type { StoredCertificate } from '../../ports/certificate-store.ts';
import { defineModel, schemaOptions } from './define-model.ts';

export interface CertificateRecord {
  /** Portal id. */
  readonly _id: string;
  /** Changes with every change, so that a process notices what another one did. */
  readonly revision: string;
  /** Absent after the certificate was removed. */
  readonly current?: Omit<StoredCertificate, 'portalId'> & {
    /** Key and chain as PEM. */
    readonly sealed: string;
  };
  /** DER in base64 of the present one and of those before it, oldest first. */
  readonly known: readonly string[];
}

const schema = new Schema<CertificateRecord>(
  { _id: String, revision: String, current: Schema.Types.Mixed, known: [String] },
  schemaOptions,
);

export const certificateModel = defineModel('certificates', schema);
