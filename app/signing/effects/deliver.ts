import type { ResultDocuments, Signing, StoredFile } from '../../domain/signing.ts';
import { MAX_ATTEMPTS } from '../../domain/effect.ts';
import { markCompleted } from '../../domain/transitions/end-signing.ts';
import type { FileStore } from '../../ports/file-store.ts';
import { PortalError } from '../../ports/portal.ts';
import type { Portal } from '../../ports/portal.ts';
import { createTranslator } from '../../i18n/translator.ts';
import { signingNumber } from '../../domain/signing-number.ts';
import type { EffectHandler } from './effect-handler.ts';

/**
 * Puts the signed file, the agreement and the report among the deal's documents. The signing is complete even when the
 * portal refuses them for good: then the files are in the app only and the ids stay empty.
 */
export function createDeliverHandler(deps: { files: FileStore; portal: Portal }): EffectHandler {
  const { files, portal } = deps;

  async function upload(signing: Signing, file: StoredFile | undefined, suffix: string, checkFirst: boolean) {
    if (!file) return undefined;
    const t = createTranslator(signing.language);
    return portal.uploadDocument(signing.portalId, {
      dealId: signing.entity.id,
      title: t(`portal.document_${suffix}`, { title: signing.title }),
      number: `${signingNumber(signing.id)}-${suffix}`,
      pdf: await files.get(file.fileId),
      language: signing.language,
      checkFirst,
    });
  }

  return async (signing, effect) => {
    const repeat = effect.startedAt !== undefined;
    let documents: ResultDocuments = {};
    try {
      documents = {
        signed: await upload(signing, signing.signedFile, 'signed', repeat),
        agreement: await upload(signing, signing.signedAgreement, 'agreement', repeat),
        report: await upload(signing, signing.report, 'report', repeat),
      };
    } catch (error) {
      const last = effect.attempts + 1 >= MAX_ATTEMPTS;
      if (!(error instanceof PortalError) || (error.retryable && !last)) throw error;
    }
    return (current, now) => markCompleted(current, documents, now);
  };
}
