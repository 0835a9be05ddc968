import type { ResultDocuments, Signing, StoredFile } from '../../domain/signing.ts';
import { mayTryAgain } from '../../domain/effect.ts';
import type { Effect } from '../../domain/effect.ts';
import { markCompleted } from '../../domain/transitions/end-signing.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FileStore } from '../../ports/file-store.ts';
import { PortalError } from '../../ports/portal.ts';
import type { Portal } from '../../ports/portal.ts';
import { createTranslator } from '../../i18n/translator.ts';
import { signingNumber } from '../../domain/signing-number.ts';
import { describeFailure } from './describe-failure.ts';
import type { EffectHandler } from './effect-handler.ts';

/**
 * Puts the signed file, the agreement and the report among the deal's documents. The signing is complete even when the
 * portal refuses one of them for good: then that file is in the app only and its id stays empty.
 */
export function createDeliverHandler(deps: {
  files: FileStore;
  portal: Portal;
  clock: Clock;
}): EffectHandler {
  const { files, portal, clock } = deps;

  async function upload(signing: Signing, effect: Effect, file: StoredFile | undefined, suffix: string) {
    if (!file) return undefined;
    const t = createTranslator(signing.language);
    const document = {
      dealId: signing.entity.id,
      title: t(`portal.document_${suffix}`, { title: signing.title }),
      number: `${signingNumber(signing.id)}-${suffix}`,
      pdf: await files.get(file.fileId),
      language: signing.language,
      checkFirst: effect.startedAt !== undefined,
    };
    try {
      return await portal.uploadDocument(signing.portalId, document);
    } catch (error) {
      const forGood =
        error instanceof PortalError && !mayTryAgain(effect, describeFailure(error, effect), clock.now());
      if (!forGood) throw error;
      return undefined;
    }
  }

  return async (signing, effect) => {
    const documents: ResultDocuments = {
      signed: await upload(signing, effect, signing.signedFile, 'signed'),
      agreement: await upload(signing, effect, signing.signedAgreement, 'agreement'),
      report: await upload(signing, effect, signing.report, 'report'),
    };
    return (current, now) => markCompleted(current, documents, now);
  };
}
