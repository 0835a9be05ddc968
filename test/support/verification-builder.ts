import type { SignatureFinding, VerificationResult } from '../../app/ports/pdf-engine.ts';
import { T0, later } from './signing-builder.ts';

/** A signature that holds, of this service, over the whole file. */
export const aFinding = (fields: Partial<SignatureFinding> = {}): SignatureFinding => ({
  field: 'Seal',
  kind: 'signature',
  integrity: 'valid',
  problems: [],
  certificate: {
    subject: 'CN=Seal',
    commonName: 'Seal',
    issuer: 'CN=Root of Seal',
    serial: '01af',
    fingerprint: 'c'.repeat(64),
    validFrom: T0,
    validTo: later(1000),
  },
  trust: 'ours',
  certificateValidThen: true,
  level: 'B-B',
  revocation: 'not_published',
  covers: 'whole_file',
  revision: 1,
  revisionEnd: 10,
  changesAfter: [],
  ...fields,
});

/** What the engine says of a file with that one signature. */
export const aVerification = (fields: Partial<VerificationResult> = {}): VerificationResult => ({
  verdict: 'unchanged',
  sha256: 'a'.repeat(64),
  size: 10,
  pages: 1,
  signatures: [aFinding()],
  changedPages: [],
  warnings: [],
  ...fields,
});
