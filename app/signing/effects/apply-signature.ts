import { parseSignaturePositions } from '../../domain/signature-positions.ts';
import type { Effect } from '../../domain/effect.ts';
import { findSigner } from '../../domain/signing.ts';
import type { FilePair, Signer, Signing, StoredFile } from '../../domain/signing.ts';
import { signatureApplied } from '../../domain/transitions/apply-signature.ts';
import type { AppliedSignature } from '../../domain/transitions/apply-signature.ts';
import { createTranslator } from '../../i18n/translator.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EmployeeStore } from '../../ports/employee-store.ts';
import type { FileStore } from '../../ports/file-store.ts';
import type { PdfEngine } from '../../ports/pdf-engine.ts';
import { expectedSigner, sealSigner } from '../documents/describe-signer.ts';
import { stepFileId } from '../documents/step-file-id.ts';
import { signingRef } from '../documents/signing-ref.ts';
import { awaitingTimestamps, timestampPolicy } from '../documents/timestamp-policy.ts';
import type { EffectHandler } from './effect-handler.ts';
import type { StoreOnce } from './store-once.ts';

/** Puts a signer's signature into the document and the agreement, each as one more revision of the file. */
export function createApplySignatureHandler(deps: {
  files: FileStore;
  pdf: PdfEngine;
  employees: Pick<EmployeeStore, 'get'>;
  storeOnce: StoreOnce;
  publicUrl: string;
  tsaUrls: readonly string[];
  clock: Clock;
}): EffectHandler {
  const { files, pdf, employees, storeOnce, publicUrl, tsaUrls, clock } = deps;

  async function sign(
    signing: Signing,
    effect: Effect,
    signer: Signer,
    kind: keyof FilePair,
    file: StoredFile,
  ) {
    const t = createTranslator(signing.language);
    const purpose = t(`portal.purpose_${signing.purpose}`);
    const positions = kind === 'signed' ? parseSignaturePositions(signing.positions).positions : [];
    const request = {
      pdf: await files.get(file.fileId),
      signer: await sealSigner(signing, signer, { files, employees }),
      signers: signing.signers.map((each) => expectedSigner(signing, each)),
      positions,
      signing: signingRef(signing, publicUrl),
      reason: purpose,
      location: publicUrl,
      contact: signing.initiator.email,
      timestamps: timestampPolicy(signing, tsaUrls, effect, clock.now()),
    };
    return awaitingTimestamps(signing, () => pdf.applySignature(request, { portalId: signing.portalId }));
  }

  return async (signing, effect) => {
    const { bundle, agreement, portalId } = signing;
    const signer = findSigner(signing, effect.target);
    if (!bundle || !signer) throw new Error(`signing ${signing.id} has nothing for ${effect.target} to sign`);
    const before: FilePair = signing.signedSoFar ?? { signed: bundle, agreement };
    const wantsTimestamp = timestampPolicy(signing, tsaUrls, effect, clock.now()) !== undefined;

    const apply = async (kind: keyof FilePair, file: StoredFile) => {
      const id = stepFileId(signing, kind, signer.id);
      const made = await storeOnce({ id, portalId, name: file.name }, () =>
        sign(signing, effect, signer, kind, file),
      );
      const { timestampAt } = made;
      const applied: AppliedSignature = {
        file: kind,
        before: file.sha256,
        after: made.file.sha256,
        level: made.level ?? 'B-B',
        ...(timestampAt ? { trustedAt: timestampAt } : {}),
        withoutTimestamp: wantsTimestamp && !timestampAt,
      };
      return { file: made.file, applied };
    };
    const signed = await apply('signed', before.signed);
    const signedAgreement = before.agreement && (await apply('agreement', before.agreement));
    const applied = [signed.applied, ...(signedAgreement ? [signedAgreement.applied] : [])];
    const pair: FilePair = { signed: signed.file, agreement: signedAgreement?.file };
    return (current, now) => signatureApplied(current, signer.id, pair, applied, now);
  };
}
