import type { Actor, JournalType } from '../domain/journal.ts';
import { formatDateTime } from '../i18n/format-date-time.ts';
import { createTranslator } from '../i18n/translator.ts';
import type { Language, TextValues } from '../i18n/translator.ts';
import type { LetterRequest } from '../ports/letter-composer.ts';

/** A letter as the templates show it: plain texts, nothing to decide any more. */
export interface LetterContent {
  readonly language: Language;
  readonly fromName: string;
  readonly subject: string;
  /** What a mail program shows beside the subject. */
  readonly preview: string;
  readonly heading: string;
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  /** The initiator's own words, and whose they are. */
  readonly quote?: { readonly by: string; readonly text: string };
  readonly facts: readonly { readonly label: string; readonly value: string; readonly url?: string }[];
  readonly code?: string;
  readonly button?: { readonly label: string; readonly url: string };
  readonly notes: readonly string[];
  readonly footer: string;
}

/**
 * Says everything in the recipient's language. What the initiator's copy leaves out: signers' links and addresses; what
 * the signers' copies leave out: each other's reasons and addresses.
 */
export function letterContent(request: LetterRequest, publicUrl: string): LetterContent {
  const { kind, signing, signer, link, code, attached } = request;
  const language = signer?.language ?? signing.language;
  const t = createTranslator(language);
  const whom = signer ? 'signer' : 'initiator';
  const values: TextValues = {
    initiator: signing.initiator.name,
    name: signer?.name ?? signing.initiator.name,
    title: signing.title,
    who: actorOf(request)?.name ?? signing.initiator.name,
    deadline: formatDateTime(signing.expiresAt, language, signing.timeZone),
    attached: attached ? 'yes' : 'no',
  };
  const say = (part: string): string => t(`mail.${kind}_${part}`, values);
  const sayTo = (part: string): string => t(`mail.${kind}_${part}_${whom}`, values);
  const asks = kind === 'invitation' || kind === 'reminder';
  const notices = !asks && kind !== 'code';

  return {
    language,
    fromName: signer ? t('mail.from_name', { name: senderOf(request) }) : 'Countersign',
    subject: kind === 'invitation' && signing.subject ? signing.subject : say('subject'),
    preview: say('preview'),
    heading: say('heading'),
    greeting: t('mail.greeting', values),
    paragraphs: notices ? [sayTo('text')] : [say('text')],
    ...(asks && signing.message && { quote: { by: signing.initiator.name, text: signing.message } }),
    facts: factsOf(request, language, publicUrl),
    ...(code && { code }),
    ...(link &&
      kind !== 'code' && { button: { label: notices ? sayTo('button') : say('button'), url: link } }),
    notes: asks
      ? [t('mail.note_code'), t('mail.note_personal')]
      : kind === 'code'
        ? [t('mail.note_not_you', values)]
        : [],
    footer: t(signer ? 'mail.footer_signer' : 'mail.footer_initiator', {
      initiator: signing.initiator.name,
      origin: publicUrl,
    }),
  };
}

/** The person whose action this letter is about (the newest entry of that kind), if it was one. */
function actorOf({ kind, signing }: LetterRequest): Actor | undefined {
  const type: Partial<Record<LetterRequest['kind'], JournalType>> = {
    cancelled: 'cancelled',
    declined: 'declined',
    reminder: 'reminded',
  };
  const entry = signing.journal.findLast((each) => each.type === type[kind]);
  return entry && entry.actor.kind !== 'system' && entry.actor.kind !== 'robot' ? entry.actor : undefined;
}

/** Letters go out in the initiator's name, except those that another colleague set off (LIME-14). */
function senderOf(request: LetterRequest): string {
  const actor = actorOf(request);
  return (actor?.kind === 'user' && actor.name) || request.signing.initiator.name;
}

function factsOf(request: LetterRequest, language: Language, publicUrl: string): LetterContent['facts'] {
  const { kind, signing, signer } = request;
  const t = createTranslator(language);
  const fact = (key: string, value: string | undefined, url?: string) =>
    value ? [{ label: t(`mail.fact_${key}`), value, ...(url && { url }) }] : [];
  const document = fact('document', signing.title);

  if (kind === 'code') return document;
  if (kind === 'invitation' || kind === 'reminder') {
    return [
      ...fact('from', signing.initiator.name),
      ...document,
      ...fact('purpose', t(`portal.purpose_${signing.purpose}`)),
      ...fact('deadline', formatDateTime(signing.expiresAt, language, signing.timeZone)),
    ];
  }
  if (kind === 'completed') {
    const sha256 = signing.signedFile?.sha256;
    const verifyUrl = `${publicUrl}/verify/${signing.id}${sha256 ? `?h=${sha256}` : ''}`;
    return [
      ...document,
      ...fact('signers', signing.signers.map((each) => each.name).join(', ')),
      ...fact('fingerprint', sha256),
      ...fact('verify', verifyUrl, verifyUrl),
    ];
  }
  const forInitiator = signer ? [] : initiatorFacts(request, fact);
  return [...document, ...forInitiator];
}

function initiatorFacts(
  { kind, signing }: LetterRequest,
  fact: (key: string, value: string | undefined) => LetterContent['facts'],
): LetterContent['facts'] {
  const decliner = signing.signers.find((each) => each.status === 'declined');
  const reasonGiven = signing.journal.findLast((entry) => entry.type === 'cancelled')?.data['reason'];
  if (kind === 'declined')
    return [...fact('declined_by', decliner?.name), ...fact('reason', decliner?.declineReason)];
  if (kind === 'cancelled')
    return fact('reason', reasonGiven === undefined ? undefined : String(reasonGiven));
  if (kind === 'error') return fact('reference', signing.error?.reference);
  return [];
}
