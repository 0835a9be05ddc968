import { expect } from 'chai';
import { checkCalls } from '../../portal/check-calls.ts';
import type { WorkflowRun } from '../../portal/types.ts';
import { openApp } from '../../support/office-client.ts';
import { openStory } from '../../support/open-story.ts';
import type { Story } from '../../support/open-story.ts';
import { expectRefused, lookAround } from './expect-refused.ts';
import { DIRECTOR, LAWYER, registerPeople } from './refusal-cases.ts';

const SETTINGS = { robot_check_status: 'on', senders: 'everyone', expires_in_days: '14' };
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

for (const lang of ['ru', 'en'] as const) {
  describe(`checks of a run, their order and their waiting (${lang})`, function () {
    this.timeout(60_000);
    let story: Story;
    const ru = lang === 'ru';

    before(async () => {
      story = await openStory({ env: { START_CREDITS: '4' }, portal: { lang } });
      await registerPeople(story);
    });
    after(() => story.close());
    beforeEach(() => story.rest());
    afterEach(async () => {
      expect(checkCalls(story.portal.calls)).to.deep.equal([]);
      story.portal.clearCalls();
      expect(await story.balance()).to.deep.equal({ available: 4, reserved: 0, spent: 0 });
    });

    async function office(path: string, fields: Record<string, string> = {}): Promise<void> {
      expect((await (await openApp(story.portal)).post(path, fields)).status).to.equal(200);
    }

    /** Every test gives the four signatures back, so that none depends on another. */
    async function cancel(run: WorkflowRun): Promise<void> {
      await office(`/office/signings/${story.idOf(run)}/cancel`, { reason: 'test' });
      await story.idle();
    }

    // The codes are the same in every language: once is enough.
    const once = ru ? it : () => undefined;
    once(
      'when everything is wrong and is set right one after the other, expected the codes in the published order',
      async () => {
        const { portal } = story;
        const deal = story.deal();
        const taken = await story.document(deal);
        const holder = await story.send(deal, {
          document_id: [taken],
          signer_2: [story.contact()],
          return_when: 'accepted',
        });
        await story.reaches(holder, 'sent');
        const [twin, incomplete] = [story.contact(), story.contact({ lastName: '' })];
        const nobodyIn = story.contact();
        portal.crm.remove(3, nobodyIn);

        // Two of the four signatures are held, three are asked for.
        const inputs: Record<string, unknown> = {
          document_id: undefined,
          signer_1: 'user_21',
          company_signature: 'auto',
          signer_2: [twin, twin, nobodyIn, incomplete],
          purpose: 'bribe',
          crm_entity_id: '999999',
        };
        let runAs = 0;
        const codes: unknown[] = [];
        const codeNow = async () => {
          const run = await story.send(deal, inputs, { runAs });
          await story.idle();
          await run.wait();
          codes.push(run.returnValues['response_code']);
        };
        await office('/office/settings', SETTINGS);
        await codeNow(); // 170
        await office('/office/settings', { ...SETTINGS, robot_send_for_signing: 'on' });
        await codeNow(); // 101
        inputs['document_id'] = [taken, '999999'];
        await codeNow(); // 102
        inputs['purpose'] = 'visa';
        await codeNow(); // 110
        inputs['signer_2'] = [nobodyIn];
        await codeNow(); // 120
        runAs = 12;
        await codeNow(); // 121: not registered
        inputs['signer_1'] = 'user_12';
        await codeNow(); // 121: no signature
        inputs['signer_1'] = 'user_19';
        inputs['company_signature'] = 'manual';
        await codeNow(); // 122
        inputs['signer_1'] = `user_${DIRECTOR}`;
        await codeNow(); // 130
        inputs['document_id'] = [
          taken,
          await story.document(deal, { pdf: Buffer.from('no PDF'), title: 'X' }),
        ];
        await codeNow(); // 132
        inputs['document_id'] = [taken];
        await codeNow(); // 160
        inputs['document_id'] = [await story.document(deal)];
        await codeNow(); // 140
        inputs['signer_2'] = [incomplete];
        await codeNow(); // 141
        inputs['signer_2'] = [`user_${DIRECTOR}`];
        await codeNow(); // 142
        inputs['signer_2'] = [twin];
        await codeNow(); // 150
        inputs['crm_entity_id'] = 'C_55';
        await codeNow(); // 151
        expect(codes).to.deep.equal([
          170, 101, 102, 110, 120, 121, 121, 122, 130, 132, 160, 140, 141, 142, 150, 151,
        ]);
        await cancel(holder);
      },
    );

    it('when fewer signatures are left than signers, expected 110 with both numbers and nothing reserved', async () => {
      const deal = story.deal();
      const run = await story.send(deal, {
        document_id: [await story.document(deal)],
        signer_2: [1, 2, 3, 4].map(() => story.contact()),
      });
      await run.wait();
      const text = ru ? /нужно 5 подписей, на балансе 4 подписи/ : /needs 5 signatures, 4 are left/;
      expectRefused(run, lang, { code: 110, error: 'INSUFFICIENT_BALANCE', text });
      expect(await story.hasSigning(run)).to.equal(false);
    });

    it('when the balance is exhausted by an open signing, expected 110, and a place as soon as that one is cancelled', async () => {
      const deal = story.deal();
      const send = async (count: number) =>
        story.send(deal, {
          document_id: [await story.document(deal)],
          signer_2: Array.from({ length: count }, () => story.contact()),
          return_when: 'accepted',
        });
      const holder = await send(3);
      await story.reaches(holder, 'sent');
      expect(await story.balance()).to.deep.equal({ available: 0, reserved: 4, spent: 0 });

      const refused = await send(1);
      await refused.wait();
      const text = ru ? /нужны 2 подписи, на балансе их нет/ : /needs 2 signatures, none is left/;
      expectRefused(refused, lang, { code: 110, error: 'INSUFFICIENT_BALANCE', text });
      expect(await story.hasSigning(refused)).to.equal(false);

      await cancel(holder);
      const second = await send(1);
      await second.wait();
      expect(second.returnValues['response_code']).to.equal(0);
      await cancel(second);
    });

    it('when the PDF does not come for ten minutes, expected 131, retryable, and nothing created', async () => {
      const deal = story.deal();
      const document = await story.document(deal, { hoursUntilPdf: 3 });
      const before = await lookAround(story, deal);
      const run = await story.send(deal, { document_id: [document], signer_2: [story.contact()] });
      await story.later(5 * MINUTE_MS);
      await story.later(4 * MINUTE_MS);
      expect(run.state).to.equal('waiting');
      await story.eventually('an answer without the PDF', () => run.state !== 'waiting');
      const text = ru ? /не подготовил PDF документа вовремя/ : /had not made the document’s PDF in time/;
      expectRefused(run, lang, { code: 131, error: 'DOCUMENT_NOT_READY', text, retryable: 'Y' });
      expect(await lookAround(story, deal)).to.deep.equal(before);

      // The process tries again later, as the code says it may.
      await story.later(3 * HOUR_MS);
      const again = await story.send(deal, {
        document_id: [document],
        signer_2: [story.contact()],
        return_when: 'accepted',
      });
      await again.wait();
      expect(again.returnValues['response_code']).to.equal(0);
      await cancel(again);
    });

    it('when max_wait_hours have passed, expected 210 with the state as it is, and the signing going on', async () => {
      const deal = story.deal();
      const document = await story.document(deal);
      const run = await story.send(deal, {
        document_id: [document],
        signer_2: [story.contact()],
        max_wait_hours: 5,
      });
      await story.reaches(run, 'sent');
      const checked = await story.check(deal, {
        document_id: document,
        return_when: 'final',
        max_wait_hours: 2,
      });
      await story.later(1.9 * HOUR_MS);
      expect([run.state, checked.state]).to.deep.equal(['waiting', 'waiting']);
      await story.later(0.2 * HOUR_MS);
      expect([run.state, checked.state]).to.deep.equal(['waiting', 'closed']);
      await story.later(3 * HOUR_MS);
      for (const ended of [run, checked]) {
        expect(ended.returnValues).to.include({
          response_code: 210,
          error: 'WAIT_ENDED',
          retryable: 'N',
          status_code: 20,
          signing_id: story.idOf(run),
        });
        expect(ended.returnValues['response_text']).to.match(
          ru ? /Время ожидания вышло/ : /waiting time is over/,
        );
        expect(ended.returnValues['signers_text']).not.to.equal('');
      }
      expect((await story.signing(run)).status).to.equal('sent');
      await story.signer(run, 's1').then((client) => client.open());
      await story.reaches(run, 'opened');
      await cancel(run);
    });

    it('when a registered employee was dismissed since, expected 122 as signer and 120 as the one behind the process', async () => {
      const deal = story.deal();
      const inputs = { document_id: [await story.document(deal)], signer_2: [story.contact()] };
      story.portal.killUser(LAWYER);
      const asSigner = await story.send(deal, {
        ...inputs,
        signer_1: `user_${LAWYER}`,
        company_signature: 'auto',
      });
      const asSender = await story.send(deal, inputs, { runAs: LAWYER });
      await asSigner.wait();
      await asSender.wait();
      const who = 'Дмитрий Кузнецов';
      expectRefused(asSigner, lang, {
        code: 122,
        error: 'SIGNER_NOT_PERMITTED',
        text: new RegExp(ru ? `${who} больше не активный` : `${who} is no longer an active`),
      });
      expectRefused(asSender, lang, {
        code: 120,
        error: 'SENDING_NOT_PERMITTED',
        text: new RegExp(ru ? `${who} — не активный` : `${who} is not an active`),
      });
    });
  });
}
