import { expect } from 'chai';
import { checkCalls } from '../../portal/check-calls.ts';
import { openApp } from '../../support/office-client.ts';
import { openStory } from '../../support/open-story.ts';
import type { Story } from '../../support/open-story.ts';
import { expectRefused, lookAround } from './expect-refused.ts';
import { REFUSALS, registerPeople } from './refusal-cases.ts';
import type { Filled, RefusalCase } from './refusal-cases.ts';

const SETTINGS = {
  robot_send_for_signing: 'on',
  robot_check_status: 'on',
  senders: 'everyone',
  expires_in_days: '14',
};

/** Every refusal that needs nothing but a run, as a process in a portal of this language gets it. */
export function testRefusals(lang: 'ru' | 'en'): void {
  let story: Story;

  before(async () => {
    story = await openStory({ env: { START_CREDITS: '1000' }, portal: { lang } });
    await registerPeople(story);
  });
  after(() => story.close());
  beforeEach(() => story.rest());
  afterEach(() => {
    expect(checkCalls(story.portal.calls)).to.deep.equal([]);
    story.portal.clearCalls();
  });

  async function fill(): Promise<Filled> {
    const deal = story.deal();
    return { deal, document: await story.document(deal), contact: story.contact() };
  }

  async function settings(changes: Record<string, string>, leftOut: readonly string[] = []): Promise<void> {
    const given = Object.entries({ ...SETTINGS, ...changes }).filter(([name]) => !leftOut.includes(name));
    const admin = await openApp(story.portal);
    expect((await admin.post('/office/settings', Object.fromEntries(given))).status).to.equal(200);
  }

  async function runCase({ robot, inputs, run: options }: RefusalCase, filled: Filled) {
    const given = (await inputs?.(filled, story)) ?? {};
    const run =
      robot === 'check_status'
        ? await story.check(filled.deal, given)
        : await story.send(
            filled.deal,
            { document_id: [filled.document], signer_2: [filled.contact], ...given },
            options,
          );
    await story.idle();
    await run.wait();
    return run;
  }

  for (const refusal of REFUSALS) {
    const { code, error, when } = refusal;
    it(`when ${when}, expected ${code} ${error} and nothing done`, async () => {
      const filled = await fill();
      const before = await lookAround(story, filled.deal);
      const run = await runCase(refusal, filled);
      expectRefused(run, lang, { code, error, text: refusal[lang] });
      expect(await lookAround(story, filled.deal)).to.deep.equal(before);
      expect(run.deliveries.map((each) => each.status)).to.deep.equal([200]);
    });
  }

  it('when the robot is switched off in the settings, expected 170 whatever else is wrong', async () => {
    const { deal } = await fill();
    const before = await lookAround(story, deal);
    await settings({}, ['robot_send_for_signing', 'robot_check_status']);
    try {
      const text = lang === 'ru' ? /робот выключен в настройках/ : /robot is switched off/;
      const expected = { code: 170, error: 'ROBOT_DISABLED', text };
      for (const run of [
        await story.send(deal, { signer_1: undefined }, { runAs: 0 }),
        await story.check(deal, {}),
      ]) {
        await run.wait();
        expectRefused(run, lang, expected);
      }
      expect(await lookAround(story, deal)).to.deep.equal(before);
    } finally {
      await settings({});
    }
  });

  it('when only selected employees may send, expected 120 with the name for the others', async () => {
    const filled = await fill();
    const admin = await openApp(story.portal);
    await settings({ senders: 'selected' });
    await admin.post('/office/employees/12/rights', { can_sign: 'on' });
    try {
      const inputs = { document_id: [filled.document], signer_2: [filled.contact] };
      const run = await story.send(filled.deal, inputs, { runAs: 12 });
      await run.wait();
      const text = lang === 'ru' ? /У пользователя Мария Соколова нет права/ : /Мария Соколова has no right/;
      expectRefused(run, lang, { code: 120, error: 'SENDING_NOT_PERMITTED', text });
    } finally {
      await settings({});
      await admin.post('/office/employees/12/rights', { can_sign: 'on', can_send: 'on' });
    }
  });

  it('when the document is in an open signing, expected 160 with its id and the first one untouched', async () => {
    const filled = await fill();
    const inputs = { document_id: [filled.document], signer_2: [filled.contact], return_when: 'accepted' };
    const first = await story.send(filled.deal, inputs);
    await story.reaches(first, 'sent');
    const before = await lookAround(story, filled.deal);

    const second = await story.send(filled.deal, { ...inputs, signer_2: [story.contact()] });
    await second.wait();
    const number = story.idOf(first).slice(-8).toUpperCase();
    const text = new RegExp(`(«|“)Contract(»|”).*CS-${number} \\(id ${story.idOf(first)}\\)`);
    const sourceIds = [String(filled.document)];
    const signingId = story.idOf(first);
    expectRefused(second, lang, { code: 160, error: 'ALREADY_IN_SIGNING', text, signingId, sourceIds });
    await story.idle();
    expect(await lookAround(story, filled.deal)).to.deep.equal(before);
  });

  it('when all is well, expected 0 with the status in words', async () => {
    const filled = await fill();
    const inputs = { document_id: [filled.document], signer_2: [filled.contact], return_when: 'accepted' };
    const run = await story.send(filled.deal, inputs);
    await run.wait();
    expect(run.returnValues).to.include({
      response_code: 0,
      error: '',
      retryable: 'N',
      status_code: 20,
      status_text: lang === 'ru' ? 'Отправлено на подпись' : 'Sent for signing',
      signing_id: story.idOf(run),
      response_text:
        lang === 'ru' ? 'Выполнено. Статус: Отправлено на подпись.' : 'Done. Status: Sent for signing.',
    });
    expect(run.returnValues['source_document_ids']).to.deep.equal([String(filled.document)]);
    expect(run.returnValues['signers_text']).to.match(
      lang === 'ru'
        ? /^Иван Петров \(компания\) — .*\n.*контрагент/
        : /^Иван Петров \(company\) — .*\n.*counterparty/,
    );
    await story.idle();
  });
}
