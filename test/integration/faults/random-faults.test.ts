import { expect } from 'chai';
import { SYSTEM } from '../../../app/domain/journal.ts';
import type { JournalType } from '../../../app/domain/journal.ts';
import { SIGNING_STATUS_CODES, isFinal } from '../../../app/domain/signing-status.ts';
import type { Signing } from '../../../app/domain/signing.ts';
import { TransitionError } from '../../../app/domain/transitions/draft.ts';
import { cancelSigning } from '../../../app/domain/transitions/end-signing.ts';
import type { FaultSpec, WorkflowRun } from '../../portal/types.ts';
import { registerEmployee } from '../../support/office-client.ts';
import { openStory } from '../../support/open-story.ts';
import type { Story } from '../../support/open-story.ts';
import { createRandom } from '../../support/random.ts';
import type { Random } from '../../support/random.ts';
import { signaturePng } from '../../support/signature-png.ts';
import { CREDITS, expectSound, firedOn } from '../stories/expect-sound.ts';

const SIGNINGS = 12;
const STEPS = 70;
const RESTARTS = 4;
const PAUSE_MS = 61_000;
const KINDS = [
  'answer_lost',
  'answer_lost',
  'reset',
  'internal_error',
  'bad_gateway',
  'query_limit',
] as const;
/** Every method that a signing needs, and any at all. */
const METHODS = [
  undefined,
  'batch',
  'crm.item.get',
  'download',
  'crm.timeline.logmessage.add',
  'crm.timeline.logmessage.list',
  'crm.activity.configurable.add',
  'crm.activity.configurable.update',
  'crm.documentgenerator.document.get',
  'crm.documentgenerator.document.list',
  'crm.documentgenerator.document.upload',
  'im.notify.system.add',
  'bizproc.event.send',
  'crm.automation.trigger.execute',
];
/** What people see in the deal's timeline. */
const SHOWN: ReadonlySet<JournalType> = new Set([
  'created',
  'sent',
  'opened',
  'signed',
  'signed_by_mandate',
  'declined',
  'completed',
  'cancelled',
]);

interface Case {
  readonly deal: number;
  readonly run: WorkflowRun;
  readonly fate: 'signed' | 'declined' | 'cancelled';
}

/** Random like the rest, and printed: `FAULT_SEED=… ` repeats a run. */
const SEED = Number(process.env.FAULT_SEED ?? 20_261_122);

describe(`a portal that fails at random, an app that is restarted at random (FAULT_SEED=${SEED})`, function () {
  this.timeout(120_000);
  const random = createRandom(SEED);
  let story: Story;
  let cases: Case[];

  before(async () => {
    story = await openStory({ env: { START_CREDITS: String(CREDITS) } });
    await registerEmployee(story.portal, 7, { signature: signaturePng(), mandate: true });
    cases = [];
  });
  after(() => story.close());

  it(`when ${SIGNINGS} signings go through it, expected everything once and nothing lost`, async () => {
    for (let made = 0; made < SIGNINGS; made += 1) cases.push(await start(story, random));
    let restarts = 0;
    for (let step = 0; step < STEPS; step += 1) {
      const dice = random.next();
      if (dice < 0.35) story.portal.faults.add(randomFault(random));
      else if (dice < 0.42 && restarts < RESTARTS) {
        restarts += 1;
        await story.restart();
      } else if (dice < 0.6) await story.later(PAUSE_MS);
      else await goOn(random.pick(cases));
    }
    story.portal.faults.clear();
    for (const each of cases) await finish(each);
    for (const each of cases) await expectWhole(each);
    await expectSound(story);
  });

  /** Whoever may act does, each signer once; with several, some at the same moment. */
  async function goOn({ run, fate }: Case): Promise<void> {
    const signing = await story.app.container.signings.get(story.idOf(run));
    if (!signing || isFinal(signing.status)) return;
    const acting = signing.signers.filter(({ status }) => status === 'sent' || status === 'opened');
    const invited = [];
    for (const { id } of acting) {
      if ((await story.letters(run, new RegExp(`^\\d+-invite-${id}\\.`))).length > 0) invited.push(id);
    }
    const last = signing.signers.filter(({ status }) => status !== 'signed').length === invited.length;
    if (invited.length === 0) return;
    if (fate === 'declined' && last) await (await story.identify(run, invited[0]!)).decline('Нет');
    else if (fate === 'cancelled' && last)
      await Promise.allSettled([story.sign(run, invited[0]!), cancel(signing)]);
    else await Promise.all(invited.map((id) => story.sign(run, id)));
  }

  async function cancel({ id }: Signing): Promise<void> {
    await story.app.container
      .changeSigning(id, (signing, now) => cancelSigning(signing, SYSTEM, 'test', now))
      .catch((error: unknown) => {
        // The last signature came first.
        if (!(error instanceof TransitionError)) throw error;
      });
  }

  async function finish(each: Case): Promise<void> {
    await story.eventually(`the end of ${story.idOf(each.run)}`, async () => {
      if (await story.hasSigning(each.run)) await goOn(each);
      const signing = await story.app.container.signings.get(story.idOf(each.run));
      const over = signing !== undefined && isFinal(signing.status) && signing.effects.length === 0;
      return over && each.run.state !== 'waiting';
    });
  }

  /** Everything that a signing leaves behind, each thing once. */
  async function expectWhole({ deal, run }: Case): Promise<void> {
    const { portal } = story;
    const signing = await story.signing(run);
    const { id, status, journal, signers } = signing;
    expect(run.state, id).to.equal('closed');
    expect(run.returnValues, id).to.include({ status_code: SIGNING_STATUS_CODES[status], response_code: 0 });
    expect(
      journal.filter((entry) => entry.type === 'effect_failed'),
      id,
    ).to.deep.equal([]);

    const lines = portal.timeline(deal).filter((each) => each.kind === 'logmessage');
    expect(lines, `timeline of ${id}`).to.have.length(journal.filter(({ type }) => SHOWN.has(type)).length);
    expect(portal.activities(deal), `cards of ${id}`).to.have.length(1);

    const results = Object.values(signing.resultDocuments ?? {});
    expect(results, `results of ${id}`).to.have.length(status === 'completed' ? 2 : 0);
    expect(portal.documents(deal).map((each) => String(each.id))).to.include.members(results);
    expect(portal.documents(deal), `documents of ${id}`).to.have.length(1 + results.length);

    const written = (await story.letters(run)).map(({ file }) =>
      file.slice(id.length + 1).replace(/\..*/, ''),
    );
    const count = (what: RegExp): number => written.filter((name) => what.test(name)).length;
    for (const signer of signers) {
      const invited = journal.filter(
        (entry) => entry.type === 'invited' && entry.data['signer'] === signer.id,
      );
      expect(invited.length, `${signer.id} of ${id}`).to.be.at.most(1);
      expect(count(new RegExp(`^\\d+-invite-${signer.id}$`)), `invitations of ${id}`).to.equal(
        invited.length,
      );
      const told = count(new RegExp(`^\\d+-mail-${status}-${signer.id}$`));
      const due = status === 'completed' || (invited.length > 0 && signer.status !== 'declined');
      expect(told, `notice to ${signer.id} of ${id}`).to.equal(due ? 1 : 0);
    }
    expect(count(new RegExp(`^\\d+-mail-${status}-initiator$`)), `notice of ${id}`).to.equal(1);
    expect(firedOn(story, deal), `triggers of ${id}`).to.include(`signing_${status}`);
  }
});

async function start(story: Story, random: Random): Promise<Case> {
  const deal = story.deal();
  const run = await story.send(deal, {
    document_id: [await story.document(deal)],
    signer_2: Array.from({ length: 1 + random.below(2) }, () => story.contact()),
    company_signature: random.pick(['auto', 'manual']),
    order: random.pick(['company_first', 'counterparty_first', 'parallel']),
  });
  const fate = random.pick(['signed', 'signed', 'signed', 'signed', 'declined', 'cancelled'] as const);
  return { deal, run, fate };
}

const randomFault = (random: Random): FaultSpec => {
  const method = random.pick(METHODS);
  return { kind: random.pick(KINDS), times: 1 + random.below(2), ...(method && { method }) };
};
