import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDF } from '@libpdf/core';
import { loadSealCertificate } from '../app/pdf/certificate/load-seal-certificate.ts';
import { commonNameOf, readCertificate } from '../app/pdf/cms/read-certificate.ts';
import type { JobContext } from '../app/pdf/jobs/job-context.ts';
import type {
  ApplySignatureRequest,
  ExpectedSigner,
  OpenRequest,
  PdfEngine,
  SealCertificate,
  SealRequest,
  SealSigner,
} from '../app/ports/pdf-engine.ts';
import { signaturePng } from '../test/support/signature-png.ts';

const AT = new Date('2026-11-22T10:00:00Z');
const MARK = signaturePng();

const expected: ExpectedSigner[] = ['Иван Петров', 'Алексей Смирнов'].map((name, index) => ({
  id: `s${index + 1}`,
  step: index + 1,
  name,
  company: 'ООО «Ромашка»',
  purposeText: 'Подпись',
}));
/** With a picture as their signature, and text that needs an embedded font. */
export const signers: SealSigner[] = expected.map((signer) => ({
  ...signer,
  identifiedBy: 'код из письма',
  signedAt: AT,
  mark: { kind: 'drawn', png: MARK },
}));
export const signing = {
  id: 'CS-BENCH',
  title: 'Договор',
  lang: 'ru' as const,
  verifyUrl: 'https://sign.example.com/verify/CS-BENCH',
};

export const toSeal = (pdf: Uint8Array): SealRequest => ({ pdf, signing, signers, sealedAt: AT });
export const toOpen = (pdf: Uint8Array): OpenRequest => ({ pdf, signing, signers: expected, openedAt: AT });
/** @param index of the signer, from 0 */
export const toApply = (pdf: Uint8Array, index: number): ApplySignatureRequest => {
  const signer = signers[index];
  if (!signer) throw new RangeError(`no signer ${index}`);
  return { pdf, signing, signers: expected, signer };
};
export const toVerify = (pdf: Uint8Array) => ({ pdf, at: AT });

/** A document on its way through a signing. */
export interface Signed {
  opened: Uint8Array;
  /** With the certification and the signatures of both signers. */
  thrice: Uint8Array;
}

export async function signAll(engine: PdfEngine, pdf: Uint8Array): Promise<Signed> {
  const opened = await engine.openForSigning(toOpen(pdf));
  const once = await engine.applySignature(toApply(opened.pdf, 0));
  const twice = await engine.applySignature(toApply(once.pdf, 1));
  return { opened: opened.pdf, thrice: twice.pdf };
}

/** A self-issued one, as every installation without its own has it (RSA). */
export async function makeCertificate(): Promise<SealCertificate> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cs-bench-'));
  try {
    return await loadSealCertificate({ dataDir });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** For operations that are called without an engine around them. */
export const contextOf = (certificate: SealCertificate): JobContext => ({
  seal: {
    ...certificate,
    name: commonNameOf(readCertificate(certificate.chain[0] ?? new Uint8Array()).x509),
  },
  builtInQpdf: false,
});

/** What a program would do that uses the library and nothing else: an invisible signature, B-B. The floor. */
export async function signPlainly(bytes: Uint8Array, certificate: SealCertificate): Promise<void> {
  const [leaf = new Uint8Array(), ...others] = certificate.chain;
  const pdf = await PDF.load(bytes);
  await pdf.sign({
    signer: {
      certificate: leaf,
      certificateChain: others,
      keyType: certificate.keyType,
      signatureAlgorithm: certificate.keyType === 'RSA' ? 'RSASSA-PKCS1-v1_5' : 'ECDSA',
      sign: (data) => certificate.sign(data),
    },
    signingTime: AT,
  });
}
