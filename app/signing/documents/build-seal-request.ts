import { parseSignaturePositions } from '../../domain/signature-positions.ts';
import { signingNumber } from '../../domain/signing-number.ts';
import type { Signing, StoredFile } from '../../domain/signing.ts';
import { createTranslator } from '../../i18n/translator.ts';
import type { FileStore } from '../../ports/file-store.ts';
import type { SealRequest, SealSigner, SignatureMark, SigningRef } from '../../ports/pdf-engine.ts';
import { describeIdentification } from './describe-identification.ts';

/** How the files refer to the signing: its short number and the public page that checks them. */
export function signingRef(signing: Signing, publicUrl: string): SigningRef {
  return {
    id: signingNumber(signing.id),
    title: signing.title,
    lang: signing.language,
    verifyUrl: `${publicUrl}/verify/${signing.id}`,
    timeZone: signing.timeZone || 'UTC',
  };
}

/**
 * Everything the engine needs to draw the marks and seal one file of a signing.
 * @param file the bundle or the agreement; marks go to the given positions in the bundle only
 */
export async function buildSealRequest(
  signing: Signing,
  file: StoredFile,
  deps: { files: FileStore; publicUrl: string; tsaUrls: readonly string[]; now: Date },
): Promise<SealRequest> {
  const t = createTranslator(signing.language);
  const purposeText = t(`portal.purpose_${signing.purpose}`);
  const isBundle = file.fileId === signing.bundle?.fileId;
  const title = isBundle ? signing.title : t('portal.document_agreement', { title: signing.title });
  const positions =
    isBundle && signing.positions ? parseSignaturePositions(signing.positions).positions : undefined;

  const signers = await Promise.all(
    signing.signers.map(async (signer): Promise<SealSigner> => {
      const { evidence } = signer;
      if (!evidence) throw new Error(`signer ${signer.id} of ${signing.id} has not signed`);
      const mark: SignatureMark =
        evidence.mark.kind === 'typed'
          ? evidence.mark
          : { kind: 'drawn', png: await deps.files.get(evidence.mark.fileId) };
      return {
        id: signer.id,
        step: signer.step,
        name: signer.name,
        role: t(`portal.party_${signer.party}`),
        position: signer.position,
        company: signer.company,
        identifiedBy: describeIdentification(signing, evidence),
        signedAt: evidence.at,
        purposeText,
        mark,
      };
    }),
  );
  return {
    pdf: await deps.files.get(file.fileId),
    signers,
    positions,
    // The page of signatures says what it belongs to.
    signing: { ...signingRef(signing, deps.publicUrl), title },
    sealedAt: deps.now,
    reason: t('portal.seal_reason', { purpose: purposeText }),
    location: deps.publicUrl,
    certification: 1,
    tsaUrls: [...deps.tsaUrls],
    whenTsaDown: 'fail',
  };
}
