import { expect } from 'chai';
import { findBrokenEntry } from '../../../app/domain/journal.ts';
import { isFinal } from '../../../app/domain/signing-status.ts';
import { checkCalls } from '../../portal/check-calls.ts';
import type { Story } from '../../support/open-story.ts';

export const CREDITS = 500;

/**
 * What has to be true after every story, whatever happened in it: the balance adds up and holds exactly what open
 * signings need, journals are whole, nothing is twice in a deal's timeline, every call was as documented, and nothing that
 * was to be done is left lying about.
 * @param options.givenUp kinds of effects that this story's portal refused for good
 */
export async function expectSound(
  story: Story,
  options: { givenUp?: readonly string[] } = {},
): Promise<void> {
  const { portal } = story;
  await story.idle();
  const { signings } = await story.signings.list(portal.memberId, {}, { limit: 200 });
  const open = signings.filter((signing) => !isFinal(signing.status));
  const signed = (list: typeof signings) =>
    list.flatMap((each) => each.signers).filter((each) => each.status === 'signed').length;
  const spent = signed(signings);
  const reserved = open.flatMap((each) => each.signers).length - signed(open);
  expect(await story.balance()).to.deep.equal({ available: CREDITS - reserved - spent, reserved, spent });

  for (const signing of signings) {
    expect(findBrokenEntry(signing.journal), `journal of ${signing.id}`).to.equal(undefined);
    const left = signing.effects.filter((each) => !options.givenUp?.includes(each.kind));
    expect(left, `effects of ${signing.id}`).to.deep.equal([]);
    const dealId = Number(signing.entity.id);
    const cards = portal.activities(dealId).filter((each) => each.fields['originId'] === signing.id);
    expect(cards.length, `cards of ${signing.id}`).to.equal(portal.crm.deal(dealId) ? 1 : 0);
    expect(cards.map((card) => card.completed)).to.deep.equal(cards.map(() => isFinal(signing.status)));
  }
  for (const dealId of new Set(signings.map((each) => Number(each.entity.id)))) {
    const titles = portal
      .timeline(dealId)
      .filter((each) => each.kind === 'logmessage')
      .map((each) => each.title);
    expect(titles, `timeline of ${dealId}`).to.deep.equal([...new Set(titles)]);
    const numbers = portal.documents(dealId).map((each) => each.number);
    expect(numbers, `documents of ${dealId}`).to.deep.equal([...new Set(numbers)]);
  }
  expect(checkCalls(portal.calls)).to.deep.equal([]);
  portal.clearCalls();
}

/** Codes of the triggers fired on a deal, in order. */
export const firedOn = (story: Story, dealId: number): string[] =>
  story.portal.triggersFired.filter((each) => each.ownerId === dealId).map((each) => each.code);

/** The newest line in a deal's timeline that we wrote. */
export const newestEntry = (story: Story, dealId: number): string =>
  story.portal
    .timeline(dealId)
    .filter((each) => each.kind === 'logmessage')
    .at(-1)?.text ?? '';
