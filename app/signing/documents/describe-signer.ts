import type { Signer, Signing } from '../../domain/signing.ts';
import { createTranslator } from '../../i18n/translator.ts';
import type { EmployeeStore } from '../../ports/employee-store.ts';
import type { FileStore } from '../../ports/file-store.ts';
import type { ExpectedSigner, SealSigner, SignatureMark } from '../../ports/pdf-engine.ts';
import { describeIdentification } from './describe-identification.ts';

/** What the signature page says of a signer before they sign. */
export function expectedSigner(signing: Signing, signer: Signer): ExpectedSigner {
  const t = createTranslator(signing.language);
  return {
    id: signer.id,
    step: signer.step,
    name: signer.name,
    role: t(`portal.party_${signer.party}`),
    position: signer.position,
    company: signer.company,
    purposeText: t(`portal.purpose_${signing.purpose}`),
  };
}

/** Only the company's own people sign with its stamp. */
async function stampOf(
  { portalId }: Signing,
  { party, person }: Signer,
  employees: Pick<EmployeeStore, 'get'>,
): Promise<string | undefined> {
  if (party !== 'company' || person.kind !== 'employee') return undefined;
  return (await employees.get(portalId, person.id))?.stamp?.fileId;
}

/**
 * Everything that a signature shows.
 * @throws Error for a signer who has not signed
 */
export async function sealSigner(
  signing: Signing,
  signer: Signer,
  { files, employees }: { files: Pick<FileStore, 'get'>; employees: Pick<EmployeeStore, 'get'> },
): Promise<SealSigner> {
  const { evidence } = signer;
  if (!evidence) throw new Error(`signer ${signer.id} of ${signing.id} has not signed`);
  const mark: SignatureMark =
    evidence.mark.kind === 'typed'
      ? evidence.mark
      : { kind: 'drawn', png: await files.get(evidence.mark.fileId) };
  const stamp = await stampOf(signing, signer, employees);
  return {
    ...expectedSigner(signing, signer),
    identifiedBy: describeIdentification(signing, evidence),
    signedAt: evidence.at,
    mark,
    ...(stamp ? { stampPng: await files.get(stamp) } : {}),
  };
}
