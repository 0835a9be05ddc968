import type { Signer, StoredFile } from '../../domain/signing.ts';
import { markSealed } from '../../domain/transitions/end-signing.ts';
import { createTranslator } from '../../i18n/translator.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FileStore } from '../../ports/file-store.ts';
import type { IssuedFileStore } from '../../ports/issued-file-store.ts';
import type { PdfEngine } from '../../ports/pdf-engine.ts';
import { buildReport } from '../documents/build-report.ts';
import { buildSealRequest } from '../documents/build-seal-request.ts';
import type { EffectHandler } from './effect-handler.ts';
import type { StoreOnce } from './store-once.ts';

/**
 * Makes the signed file, the signed agreement and the report. Each is stored once under its own id, so a crash at any
 * line only means that the next try goes on from there.
 */
export function createSealHandler(deps: {
  files: FileStore;
  pdf: PdfEngine;
  storeOnce: StoreOnce;
  issued: IssuedFileStore;
  publicUrl: string;
  tsaUrls: readonly string[];
  consentText: (version: string, signer: Signer) => string | undefined;
  clock: Clock;
}): EffectHandler {
  const { pdf, storeOnce, issued, publicUrl, consentText, clock } = deps;
  return async (signing) => {
    const { bundle, agreement, portalId } = signing;
    if (!bundle) throw new Error(`signing ${signing.id} has no bundle`);
    const t = createTranslator(signing.language);
    const name = (key: string) => `${t(`portal.document_${key}`, { title: signing.title })}.pdf`;

    const seal = (file: StoredFile, kind: 'signed' | 'agreement') =>
      storeOnce({ id: `${signing.id}/sealed-${kind}`, portalId, name: name(kind) }, async () =>
        pdf.sealBundle(await buildSealRequest(signing, file, { ...deps, now: clock.now() })),
      );

    const signedFile = await seal(bundle, 'signed');
    const signedAgreement = agreement && (await seal(agreement, 'agreement'));
    const report = await storeOnce({ id: `${signing.id}/report`, portalId, name: name('report') }, () =>
      pdf.renderReport(buildReport(signing, signedFile, { publicUrl, now: clock.now(), consentText })),
    );

    const made = { signed: signedFile, agreement: signedAgreement, report };
    for (const [kind, file] of Object.entries(made) as [keyof typeof made, StoredFile | undefined][]) {
      if (file) await issued.add({ sha256: file.sha256, signingId: signing.id, kind, issuedAt: clock.now() });
    }
    return (current, now) => markSealed(current, { signedFile, signedAgreement, report }, now);
  };
}
