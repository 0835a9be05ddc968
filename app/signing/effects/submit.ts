import type { Signing, StoredFile } from '../../domain/signing.ts';
import { markSent } from '../../domain/transitions/send.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FileStore } from '../../ports/file-store.ts';
import type { PdfEngine } from '../../ports/pdf-engine.ts';
import type { SigningProvider } from '../../ports/signing-provider.ts';
import { buildAgreement } from '../documents/build-agreement.ts';
import type { EffectHandler } from './effect-handler.ts';
import type { StoreOnce } from './store-once.ts';

/** Fixes what is signed (the bundle and, when asked for, the agreement), hands it to the provider and sends it out. */
export function createSubmitHandler(deps: {
  files: FileStore;
  pdf: PdfEngine;
  storeOnce: StoreOnce;
  provider: (name: Signing['provider']) => SigningProvider;
  clock: Clock;
}): EffectHandler {
  const { files, pdf, storeOnce, provider, clock } = deps;
  return async (signing) => {
    const bundle = await storeOnce(
      { id: `${signing.id}/bundle`, portalId: signing.portalId, name: `${signing.title}.pdf` },
      async () => {
        const parts = await Promise.all(
          signing.documents.map(async ({ title, file }) => ({
            name: title,
            bytes: await files.get(file.fileId),
          })),
        );
        return pdf.prepareBundle({ parts });
      },
    );
    let agreement: StoredFile | undefined;
    if (signing.withAgreement) {
      const request = buildAgreement(signing, clock.now());
      agreement = await storeOnce(
        { id: `${signing.id}/agreement`, portalId: signing.portalId, name: `${request.title}.pdf` },
        () => pdf.renderAgreement(request),
      );
    }
    await provider(signing.provider).send(signing, await files.get(bundle.fileId));
    return (current, now) => markSent(current, { bundle, agreement }, now);
  };
}
