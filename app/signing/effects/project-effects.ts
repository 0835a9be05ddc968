import type { Effect } from '../../domain/effect.ts';
import type { JournalEntry, JournalType } from '../../domain/journal.ts';
import { signingNumber } from '../../domain/signing-number.ts';
import type { Signer, Signing } from '../../domain/signing.ts';
import { isFinal } from '../../domain/signing-status.ts';
import { describeEntry } from '../../i18n/describe-entry.ts';
import { formatDateTime } from '../../i18n/format-date-time.ts';
import { createTranslator } from '../../i18n/translator.ts';
import type { Portal, Projection, SigningCard } from '../../ports/portal.ts';
import type { SettingsStore } from '../../ports/settings-store.ts';
import type { ApplyEffect } from './effect-handler.ts';

export interface ProjectionResult {
  readonly effect: Effect;
  readonly error?: Error;
  readonly apply?: ApplyEffect;
}

/** Shows a signing's new journal entries in the portal: timeline, live card, notifications, in as few requests as possible. */
export type ProjectEffects = (signing: Signing, effects: readonly Effect[]) => Promise<ProjectionResult[]>;

/** Icons of Bitrix24's timeline (crm.timeline.icon.list). */
const ICONS: Partial<Record<JournalType, string>> = {
  created: 'document',
  sent: 'mail-outcome',
  opened: 'view',
  signed: 'check',
  signed_by_mandate: 'check',
  completed: 'circle-check',
  declined: 'circle-crossed',
  cancelled: 'circle-crossed',
  expired: 'clock',
  error: 'attention',
  undelivered: 'attention',
};

const TONES: Record<Signing['status'], SigningCard['statusTone']> = {
  created: 'secondary',
  sent: 'primary',
  opened: 'primary',
  partly_signed: 'warning',
  signed: 'primary',
  completed: 'success',
  declined: 'failure',
  cancelled: 'secondary',
  expired: 'failure',
  error: 'failure',
};

export function createProjectEffects(deps: {
  portal: Portal;
  settings: SettingsStore;
  /** In-portal address of a signing (REST_APP_URI), for links in notifications. */
  inPortalUrl: (signingId: string) => string;
}): ProjectEffects {
  const { portal, settings, inPortalUrl } = deps;

  return async (signing, effects) => {
    const { notify } = await settings.get(signing.portalId);
    const newestCard = effects.findLast((effect) => effect.kind === 'card');
    const planned: { effect: Effect; projection?: Projection }[] = effects.map((effect) => {
      const entry = signing.journal.find((each) => each.seq === effect.entrySeq);
      // An older card would only be painted over by the newer one; an entry may be archived by now.
      if (!entry || (effect.kind === 'card' && effect !== newestCard)) return { effect };
      if (effect.kind === 'card') return { effect, projection: { kind: 'card', card: cardOf(signing) } };
      if (effect.kind === 'timeline') return { effect, projection: timelineOf(signing, entry) };
      const wanted = signing.responsible.userId && (notify[notifiedAs(entry.type)] ?? false);
      return wanted ? { effect, projection: notificationOf(signing, entry) } : { effect };
    });

    const sent = planned.filter((plan) => plan.projection !== undefined);
    const repeat = effects.some((effect) => effect.startedAt !== undefined) || isCardUncertain(signing);
    const outcomes =
      sent.length > 0
        ? await portal.project(
            signing.portalId,
            sent.map((plan) => plan.projection!),
            repeat,
          )
        : [];

    return planned.map((plan): ProjectionResult => {
      const outcome = outcomes[sent.indexOf(plan)];
      if (!outcome) return { effect: plan.effect };
      if (!outcome.ok) return { effect: plan.effect, error: outcome.error };
      const { cardId } = outcome;
      return { effect: plan.effect, apply: cardId ? (current) => ({ ...current, cardId }) : undefined };
    });
  };

  /** An earlier card that was given up may be there without our knowing its id. */
  function isCardUncertain({ cardId, effects }: Signing): boolean {
    return !cardId && effects.some((effect) => effect.kind === 'card' && effect.state === 'given_up');
  }

  function timelineOf(signing: Signing, entry: JournalEntry): Projection {
    const t = createTranslator(signing.language);
    return {
      kind: 'timeline',
      entry: {
        dealId: signing.entity.id,
        title: t('portal.timeline_title', { number: signingNumber(signing.id), seq: entry.seq }),
        text: plainBb(withActor(describeEntry(t, entry), entry)),
        icon: ICONS[entry.type] ?? 'info',
      },
    };
  }

  function notificationOf(signing: Signing, entry: JournalEntry): Projection {
    const t = createTranslator(signing.language);
    return {
      kind: 'notify',
      notification: {
        userId: signing.responsible.userId,
        message: t('portal.notification', {
          title: plainBb(signing.title),
          text: plainBb(withActor(describeEntry(t, entry), entry)),
          url: inPortalUrl(signing.id),
        }),
        tag: `countersign|${signing.id}|${signing.responsible.userId}`,
      },
    };
  }
}

/** The timeline shows no actor of ours, so the text names who did it where it does not already. */
function withActor(text: string, { actor }: JournalEntry): string {
  const name = actor.kind === 'signer' || actor.kind === 'user' ? (actor.name ?? '') : '';
  return name === '' || text.includes(name) ? text : `${text}: ${name}`;
}

/** A signature under a mandate is a signature in the notification settings. */
const notifiedAs = (type: JournalType): string => (type === 'signed_by_mandate' ? 'signed' : type);

/** Notifications understand BB codes, other texts of the portal may: brackets in names and titles must not become any. */
const plainBb = (text: string): string => text.replaceAll('[', '(').replaceAll(']', ')');

function cardOf(signing: Signing): SigningCard {
  const t = createTranslator(signing.language);
  const rows = signing.signers.map((signer) => ({
    title: signer.name,
    value: describeSigner(signer, signing),
  }));
  return {
    signingId: signing.id,
    dealId: signing.entity.id,
    responsibleId: signing.responsible.userId,
    cardId: signing.cardId,
    completed: isFinal(signing.status),
    deadline: signing.expiresAt,
    title: t('portal.card_title', { number: signingNumber(signing.id), title: signing.title }),
    statusText: t(`statuses.signing_${signing.status}`),
    statusTone: TONES[signing.status],
    rows,
    openLabel: t('portal.card_open'),
  };
}

function describeSigner(signer: Signer, signing: Signing): string {
  const t = createTranslator(signing.language);
  const at = (moment: Date) => formatDateTime(moment, signing.language, signing.timeZone);
  if (signer.signedAt) return t('portal.card_signer_signed', { at: at(signer.signedAt) });
  if (signer.declinedAt) return t('portal.card_signer_declined', { at: at(signer.declinedAt) });
  return t(`statuses.signer_${signer.status}`);
}
