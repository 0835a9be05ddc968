import { parseSignaturePositions } from '../../domain/signature-positions.ts';
import type { Effect } from '../../domain/effect.ts';
import type { FilePair, Signer, Signing, StoredFile } from '../../domain/signing.ts';
import { markSealed } from '../../domain/transitions/end-signing.ts';
import { createTranslator } from '../../i18n/translator.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EmployeeStore } from '../../ports/employee-store.ts';
import type { FileStore } from '../../ports/file-store.ts';
import type { IssuedFileStore } from '../../ports/issued-file-store.ts';
import type { PdfEngine } from '../../ports/pdf-engine.ts';
import { buildReport } from '../documents/build-report.ts';
import type { FinishedFiles } from '../documents/build-report.ts';
import { positionsIn } from '../documents/positions-in.ts';
import { sealSigner } from '../documents/describe-signer.ts';
import { signingRef } from '../documents/signing-ref.ts';
import { awaitingTimestamps, timestampPolicy } from '../documents/timestamp-policy.ts';
import type { EffectHandler } from './effect-handler.ts';
import type { StoreOnce } from './store-once.ts';

/**
 * Makes the signed file, the signed agreement and the report. Each is stored once under its own id, so a crash at any
 * line only means that the next try goes on from there.
 */
export function createSealHandler(deps: {
  files: FileStore;
  pdf: PdfEngine;
  employees: Pick<EmployeeStore, 'get'>;
  storeOnce: StoreOnce;
  issued: IssuedFileStore;
  publicUrl: string;
  tsaUrls: readonly string[];
  consentText: (version: string, signer: Signer) => string | undefined;
  clock: Clock;
}): EffectHandler {
  const { files, pdf, employees, storeOnce, issued, publicUrl, tsaUrls, consentText, clock } = deps;

  /** For one seal at the end: every signer's marks, and the seal over them. */
  async function sealAtOnce(signing: Signing, effect: Effect, kind: keyof FilePair, file: StoredFile) {
    const t = createTranslator(signing.language);
    const purpose = t(`portal.purpose_${signing.purpose}`);
    const title =
      kind === 'signed' ? signing.title : t('portal.document_agreement', { title: signing.title });
    const now = clock.now();
    const { pdf: sealed } = await pdf.sealBundle(
      {
        pdf: await files.get(file.fileId),
        signers: await Promise.all(
          signing.signers.map((signer) => sealSigner(signing, signer, { files, employees })),
        ),
        positions: parseSignaturePositions(await positionsIn(signing, kind, files)).positions,
        // The page of signatures says what it belongs to.
        signing: { ...signingRef(signing, publicUrl), title },
        sealedAt: now,
        reason: t('portal.seal_reason', { purpose }),
        location: publicUrl,
        contact: signing.initiator.email,
        timestamps: timestampPolicy(signing, tsaUrls, effect, now),
      },
      { portalId: signing.portalId },
    );
    return sealed;
  }

  async function finish(signing: Signing, effect: Effect, kind: keyof FilePair, file: StoredFile) {
    return awaitingTimestamps(signing, async () => {
      const now = clock.now();
      const signed =
        signing.sealing.mode === 'one_seal'
          ? await sealAtOnce(signing, effect, kind, file)
          : await files.get(file.fileId);
      return pdf.finishDocument(
        {
          pdf: signed,
          signing: signingRef(signing, publicUrl),
          level: signing.sealing.level,
          timestamps: timestampPolicy(signing, tsaUrls, effect, now),
          finishedAt: now,
        },
        { portalId: signing.portalId },
      );
    });
  }

  /** As provable as the files that it speaks of. */
  async function makeReport(signing: Signing, effect: Effect, finished: FinishedFiles) {
    const now = clock.now();
    const timestamps = timestampPolicy(signing, tsaUrls, effect, now);
    const { portalId, sealing } = signing;
    const request = buildReport(signing, finished, { publicUrl, now, consentText, timestamps });
    return awaitingTimestamps(signing, async () => {
      const { pdf: report } = await pdf.renderReport(request, { portalId });
      const wanted = { signing: request.signing, level: sealing.level, timestamps, finishedAt: now };
      return pdf.finishDocument({ pdf: report, ...wanted }, { portalId });
    });
  }

  return async (signing, effect) => {
    const { bundle, agreement, portalId } = signing;
    if (!bundle) throw new Error(`signing ${signing.id} has no bundle`);
    const t = createTranslator(signing.language);
    const name = (key: string) => `${t(`portal.document_${key}`, { title: signing.title })}.pdf`;
    const last: FilePair = signing.signedSoFar ?? { signed: bundle, agreement };

    const seal = (kind: keyof FilePair, file: StoredFile) =>
      storeOnce({ id: `${signing.id}/sealed-${kind}`, portalId, name: name(kind) }, () =>
        finish(signing, effect, kind, file),
      );
    const signed = await seal('signed', last.signed);
    const signedAgreement = last.agreement && (await seal('agreement', last.agreement));
    const report = await storeOnce({ id: `${signing.id}/report`, portalId, name: name('report') }, () =>
      makeReport(signing, effect, { signed, agreement: signedAgreement }),
    );

    const made = { signed: signed.file, agreement: signedAgreement?.file, report: report.file };
    for (const [kind, file] of Object.entries(made) as [keyof typeof made, StoredFile | undefined][]) {
      if (file) await issued.add({ sha256: file.sha256, signingId: signing.id, kind, issuedAt: clock.now() });
    }
    const result = { signedFile: made.signed, signedAgreement: made.agreement, report: made.report };
    return (current, now) => markSealed(current, result, signed.level ?? 'B-B', now);
  };
}
