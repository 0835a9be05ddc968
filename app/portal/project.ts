import type { Projection, ProjectionOutcome, SigningCard, TimelineEntry } from '../ports/portal.ts';
import { PortalError } from '../ports/portal.ts';
import type { BatchCommand, BatchOutcome, BatchOutcomes } from './batch.ts';
import { ORIGINATOR, cardFields, cardLayout } from './card-layout.ts';
import type { PortalGateway } from './create-portal-gateway.ts';
import { DEAL } from './read-facts.ts';
import { isRecord } from './rest-error.ts';
import { readId, readText } from './read-values.ts';

/** What the look before a repeat found. */
interface Found {
  /** Deal id → `title\ntext` of its newest log entries. */
  readonly entries: ReadonlyMap<string, ReadonlySet<string>>;
  /** Signing id → id of its card. */
  readonly cards: ReadonlyMap<string, string>;
}

const NOTHING: Found = { entries: new Map(), cards: new Map() };
/** Pages of 10 that are searched for an entry that may be there already. */
const ENTRY_PAGES = 3;
/** A card that somebody has deleted stays deleted. */
const GONE = new Set(['NOT_FOUND', 'not_found', 'ERROR_ENTITY_NOT_FOUND']);

const fingerprint = (title: string, text: string): string => `${title.trim()}\n${text.trim()}`;

/**
 * Shows things in the portal: one request, or two on a repeat, when what is there already is looked for first. A log
 * entry is recognised by title and text among the deal's newest 30, a card by the signing's id, a notification by its tag
 * (the portal itself replaces it).
 * @throws PortalError when a request failed as a whole
 */
export async function project(
  gateway: PortalGateway,
  portalId: string,
  projections: readonly Projection[],
  repeat: boolean,
): Promise<ProjectionOutcome[]> {
  if (projections.length === 0) return [];
  const found = repeat ? await lookAround(gateway, portalId, projections) : NOTHING;
  const commands = projections.map((projection, index) => commandOf(projection, `p${index}`, found));
  const asked = commands.filter((command) => command !== undefined);
  const outcomes: BatchOutcomes = asked.length > 0 ? await gateway.batch(portalId, asked) : new Map();
  return projections.map((projection, index) => outcomeOf(projection, outcomes.get(`p${index}`), found));
}

/** The command that shows a projection; undefined when it is shown already. */
function commandOf(projection: Projection, key: string, found: Found): BatchCommand | undefined {
  if (projection.kind === 'timeline') {
    const { dealId, title, text, icon } = projection.entry;
    if (found.entries.get(dealId)?.has(fingerprint(title, text))) return undefined;
    const fields = { entityTypeId: DEAL, entityId: dealId, title, text, iconCode: icon };
    return { key, method: 'crm.timeline.logmessage.add', params: { fields } };
  }
  if (projection.kind === 'card') {
    const { card } = projection;
    const id = cardIdOf(card, found);
    const content = { fields: cardFields(card), layout: cardLayout(card) };
    return id
      ? { key, method: 'crm.activity.configurable.update', params: { id, ...content } }
      : {
          key,
          method: 'crm.activity.configurable.add',
          params: { ownerTypeId: DEAL, ownerId: card.dealId, ...content },
        };
  }
  const { userId, message, tag } = projection.notification;
  return { key, method: 'im.notify.system.add', params: { USER_ID: userId, MESSAGE: message, TAG: tag } };
}

const cardIdOf = (card: SigningCard, found: Found): string =>
  card.cardId || (found.cards.get(card.signingId) ?? '');

function outcomeOf(
  projection: Projection,
  outcome: BatchOutcome | undefined,
  found: Found,
): ProjectionOutcome {
  if (projection.kind !== 'card') {
    return !outcome || outcome.ok ? { ok: true } : { ok: false, error: outcome.error };
  }
  const known = cardIdOf(projection.card, found);
  if (outcome?.ok) {
    const activity = isRecord(outcome.result) ? outcome.result['activity'] : undefined;
    const id = known || readId(isRecord(activity) ? activity['id'] : undefined);
    if (id) return { ok: true, cardId: id };
    return { ok: false, error: new PortalError('bad_answer', 'configurable.add: no id in the answer', true) };
  }
  const error = outcome?.error ?? new PortalError('not_executed', 'the card was not sent', true);
  return known && GONE.has(error.code) ? { ok: true, cardId: known } : { ok: false, error };
}

async function lookAround(
  gateway: PortalGateway,
  portalId: string,
  projections: readonly Projection[],
): Promise<Found> {
  const deals = new Set(timelineEntries(projections).map((entry) => entry.dealId));
  const cards = projections.flatMap((each) => (each.kind === 'card' && !each.card.cardId ? [each.card] : []));
  const commands: BatchCommand[] = [
    ...[...deals].flatMap((dealId) =>
      Array.from({ length: ENTRY_PAGES }, (_, page) => ({
        key: `log_${dealId}_${page}`,
        method: 'crm.timeline.logmessage.list',
        params: { entityTypeId: DEAL, entityId: dealId, order: { id: 'desc' }, start: page * 10 },
      })),
    ),
    ...cards.map((card, index) => ({
      key: `card_${index}`,
      method: 'crm.activity.list',
      params: {
        select: ['ID', 'ORIGIN_ID'],
        filter: {
          OWNER_TYPE_ID: DEAL,
          OWNER_ID: card.dealId,
          PROVIDER_ID: 'CONFIGURABLE_REST_APP',
          ORIGINATOR_ID: ORIGINATOR,
          ORIGIN_ID: card.signingId,
        },
      },
    })),
  ];
  if (commands.length === 0) return NOTHING;
  const outcomes = await gateway.batch(portalId, commands);
  const entries = new Map<string, Set<string>>();
  const cardIds = new Map<string, string>();
  for (const [key, outcome] of outcomes) {
    // Without knowing what is there nothing may be added.
    if (!outcome.ok) throw outcome.error;
    const [kind, id = ''] = key.split('_');
    if (kind === 'log') {
      const known = entries.get(id) ?? new Set();
      for (const row of logRows(outcome.result))
        known.add(fingerprint(readText(row['title']), readText(row['text'])));
      entries.set(id, known);
    } else {
      const signingId = cards[Number(id)]?.signingId ?? '';
      const own = rowsOf(outcome.result).find((row) => readText(row['ORIGIN_ID']) === signingId);
      if (own) cardIds.set(signingId, readId(own['ID']));
    }
  }
  return { entries, cards: cardIds };
}

const timelineEntries = (projections: readonly Projection[]): TimelineEntry[] =>
  projections.flatMap((each) => (each.kind === 'timeline' ? [each.entry] : []));

const rowsOf = (result: unknown) => (Array.isArray(result) ? result.filter(isRecord) : []);

/** The documentation shows a list; with the usual envelope of the newer methods it is under `logMessages`. */
const logRows = (result: unknown) => rowsOf(isRecord(result) ? result['logMessages'] : result);
