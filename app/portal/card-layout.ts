import type { SigningCard } from '../ports/portal.ts';

/** Marks the activities that are ours; with the signing's id it finds a card again. */
export const ORIGINATOR = 'countersign';

/** A layout takes 20 blocks (docs: timeline/activities/configurable/structure/body); one is the deadline. */
const MAX_ROWS = 19;

/** Fields of a configurable activity. */
export const cardFields = (card: SigningCard): Record<string, unknown> => ({
  completed: card.completed ? 'Y' : 'N',
  deadline: card.deadline.toISOString(),
  responsibleId: card.responsibleId,
  originatorId: ORIGINATOR,
  originId: card.signingId,
});

/** The live card: status as a tag, one row a signer, the deadline while it counts, a button that opens the signing. */
export function cardLayout(card: SigningCard): Record<string, unknown> {
  const open = { type: 'openRestApp', actionParams: { signing: card.signingId } };
  const rows = card.rows.slice(0, MAX_ROWS).map(({ title, value }, index) => [
    `row${index + 1}`,
    {
      type: 'withTitle',
      properties: { title, inline: true, block: { type: 'text', properties: { value: value || '—' } } },
    },
  ]);
  return {
    icon: { code: card.completed ? 'circle-check' : 'document' },
    header: {
      title: card.title,
      tags: { status: { title: card.statusText, type: card.statusTone } },
    },
    body: {
      logo: { code: 'document' },
      blocks: {
        ...(Object.fromEntries(rows) as Record<string, unknown>),
        ...(!card.completed && { deadline: { type: 'deadline', properties: {} } }),
      },
    },
    footer: { buttons: { open: { title: card.openLabel, type: 'primary', action: open } } },
  };
}
