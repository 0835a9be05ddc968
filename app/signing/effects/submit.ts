import { parseSignaturePositions } from '../../domain/signature-positions.ts';
import type { Effect } from '../../domain/effect.ts';
import type { Signing } from '../../domain/signing.ts';
import { markSent } from '../../domain/transitions/send.ts';
import { createTranslator } from '../../i18n/translator.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FileStore } from '../../ports/file-store.ts';
import type { DocumentPart, IntakeLimits, PdfEngine, SigningRef } from '../../ports/pdf-engine.ts';
import type { SettingsStore } from '../../ports/settings-store.ts';
import type { SigningProvider } from '../../ports/signing-provider.ts';
import { buildAgreement } from '../documents/build-agreement.ts';
import { keepAgreementPositions } from '../documents/positions-in.ts';
import { expectedSigner } from '../documents/describe-signer.ts';
import { pageStrip, signingRef } from '../documents/signing-ref.ts';
import { awaitingTimestamps, timestampPolicy } from '../documents/timestamp-policy.ts';
import type { EffectHandler } from './effect-handler.ts';
import type { StoreOnce } from './store-once.ts';

/**
 * Fixes what is signed (the bundle and, when asked for, the agreement), hands it to the provider and sends it out. Where
 * every signer's action is a signature, the files are opened for that first, so that what a signer looks at is the beginning
 * of the signed file, byte for byte.
 */
export function createSubmitHandler(deps: {
  files: FileStore;
  pdf: PdfEngine;
  settings: SettingsStore;
  storeOnce: StoreOnce;
  provider: (name: Signing['provider']) => SigningProvider;
  publicUrl: string;
  tsaUrls: readonly string[];
  limits: IntakeLimits;
  clock: Clock;
}): EffectHandler {
  const { files, pdf, settings, storeOnce, provider, publicUrl, tsaUrls, limits, clock } = deps;

  /** One file of the signing from the documents it consists of. */
  async function prepare(
    signing: Signing,
    effect: Effect,
    parts: DocumentPart[],
    { ref, positions }: { ref: SigningRef; positions?: string },
  ) {
    const { sealing, portalId } = signing;
    const given = positions ? parseSignaturePositions(positions).positions : undefined;
    const prepared = await pdf.prepareBundle({
      parts,
      limits,
      flattenForms: sealing.flattenForms,
      strip: pageStrip(signing, publicUrl),
      positions: given,
    });
    if (sealing.mode === 'one_seal') return prepared;
    const now = clock.now();
    return awaitingTimestamps(signing, () =>
      pdf.openForSigning(
        {
          pdf: prepared.pdf,
          signers: signing.signers.map((signer) => expectedSigner(signing, signer)),
          positions: given ?? prepared.anchors,
          signing: ref,
          openedAt: now,
          reason: createTranslator(signing.language)('portal.opening_reason'),
          location: publicUrl,
          timestamps: timestampPolicy(signing, tsaUrls, effect, now),
        },
        { portalId },
      ),
    );
  }

  async function makeBundle(signing: Signing, effect: Effect) {
    const parts = await Promise.all(
      signing.documents.map(async ({ title, file }) => ({
        name: title,
        bytes: await files.get(file.fileId),
      })),
    );
    const ref = signingRef(signing, publicUrl);
    return prepare(signing, effect, parts, { ref, positions: signing.positions });
  }

  async function makeAgreement(signing: Signing, effect: Effect, title: string) {
    const { agreement } = await settings.get(signing.portalId);
    const request = buildAgreement(signing, clock.now(), agreement[signing.language], publicUrl);
    const rendered = await pdf.renderAgreement(request);
    const ref = { ...signingRef(signing, publicUrl), title };
    const made = await prepare(signing, effect, [{ name: request.title, bytes: rendered.pdf }], { ref });
    if ('anchors' in made) await keepAgreementPositions(signing, made.anchors, files);
    return made;
  }

  return async (signing, effect) => {
    const { id, portalId } = signing;
    const bundle = await storeOnce({ id: `${id}/bundle`, portalId, name: `${signing.title}.pdf` }, () =>
      makeBundle(signing, effect),
    );
    const t = createTranslator(signing.language);
    const title = t('portal.document_agreement', { title: signing.title });
    const agreement = signing.withAgreement
      ? await storeOnce({ id: `${id}/agreement`, portalId, name: `${title}.pdf` }, () =>
          makeAgreement(signing, effect, title),
        )
      : undefined;
    await provider(signing.provider).send(signing, await files.get(bundle.file.fileId));
    return (current, now) => markSent(current, { bundle: bundle.file, agreement: agreement?.file }, now);
  };
}
