import type { Language, Person, SourceDocument } from '../../app/domain/signing.ts';
import type { NewSigning } from '../../app/domain/transitions/create-signing.ts';
import { createTranslator } from '../../app/i18n/translator.ts';
import type { Deal } from '../../app/ports/portal.ts';
import type { RobotRun } from '../../app/ports/robot-run-store.ts';
import type { PortalSettings } from '../../app/ports/settings-store.ts';
import { signingIdOf } from '../../app/signing/runs/run-id.ts';
import type { SendRequest } from './request.ts';

const DAY_MS = 86_400_000;
const MAX_TITLE = 250;

/** The signing that a checked run asks for. */
export function describeSigning(checked: {
  run: RobotRun;
  request: SendRequest;
  portalSettings: PortalSettings;
  language: Language;
  timeZone: string;
  documents: readonly SourceDocument[];
  positions: string;
  signers: NewSigning['signers'];
  deal: Deal;
  responsible: Person;
  now: Date;
}): NewSigning {
  const { run, request, portalSettings, language, timeZone, documents, positions } = checked;
  const { signers, deal, responsible, now } = checked;
  const t = createTranslator(language);
  const title = shorten(documents.map((document) => document.title).join(', '));
  const days = request.expiresInDays ?? portalSettings.expiresInDays;
  return {
    id: signingIdOf(run.id),
    portalId: run.portalId,
    expiresAt: new Date(now.getTime() + days * DAY_MS),
    language,
    timeZone,
    title,
    subject: request.subject || shorten(t('robots.response.default_subject', { title })),
    message: request.message,
    purpose: request.purpose,
    order: request.order,
    provider: request.provider,
    entity: { type: 'deal', id: deal.id, title: deal.title },
    initiator: responsible,
    responsible,
    documents,
    positions,
    withAgreement: request.withAgreement,
    sealing: portalSettings.documents,
    signers,
  };
}

const shorten = (text: string): string =>
  text.length > MAX_TITLE ? `${text.slice(0, MAX_TITLE - 1)}…` : text;
