import { expect } from 'chai';
import { checkCalls } from '../../portal/check-calls.ts';
import { openApp } from '../../support/office-client.ts';
import { openStory } from '../../support/open-story.ts';
import type { Story } from '../../support/open-story.ts';
import { expectRefused, lookAround } from './expect-refused.ts';
import { DIRECTOR, registerPeople } from './refusal-cases.ts';

for (const lang of ['ru', 'en'] as const) {
  describe(`a fault that does not pass (${lang})`, function () {
    this.timeout(60_000);
    let story: Story;
    const text =
      lang === 'ru'
        ? /^Произошла ошибка на нашей стороне\. Код для поддержки: [\w-]{8,}\.$/
        : /^Something went wrong on our side\. .*: [\w-]{8,}\.?$/;

    before(async () => {
      story = await openStory({ env: { START_CREDITS: '100' }, portal: { lang } });
      await registerPeople(story);
    });
    after(() => story.close());
    beforeEach(() => story.rest());
    afterEach(() => {
      story.portal.faults.clear();
      expect(checkCalls(story.portal.calls)).to.deep.equal([]);
      story.portal.clearCalls();
    });

    async function start() {
      const deal = story.deal();
      const document = await story.document(deal);
      const before = await lookAround(story, deal);
      const run = await story.send(deal, { document_id: [document], signer_2: [story.contact()] });
      return { deal, before, run };
    }

    it('when the portal refuses a question for good, expected 500 with a reference at once', async () => {
      story.portal.faults.add({ kind: 'error', code: 'ERROR_CORE', method: 'crm.item.get', times: 1000 });
      const { deal, before, run } = await start();
      await story.idle();
      expectRefused(run, lang, { code: 500, error: 'INTERNAL_ERROR', text });
      expect(await lookAround(story, deal)).to.deep.equal(before);
      expect(await story.hasSigning(run)).to.equal(false);
    });

    it('when the portal fails at every try, expected 500 after the last one and nothing left reserved', async () => {
      story.portal.faults.add({ kind: 'internal_error', method: 'user.get', times: 100_000 });
      const { deal, before, run } = await start();
      await story.idle();
      expect(run.state).to.equal('waiting');
      await story.eventually('the run to be given up', () => run.state !== 'waiting');
      expectRefused(run, lang, { code: 500, error: 'INTERNAL_ERROR', text });
      expect(await lookAround(story, deal)).to.deep.equal(before);
    });

    it('when a file of the signing is lost before the sealing, expected 500 with status 90, and 50 after a resume', async () => {
      const { files } = story.app.container;
      const { deal, run } = await start();
      await story.reaches(run, 'sent');
      await story.sign(run, 's1');
      await story.reaches(run, 'partly_signed');
      const signer = await story.identify(run, 's2');
      const { bundle, signedSoFar } = await story.signing(run);
      const lost = signedSoFar!.signed;
      const { html } = await signer.page();
      const bytes = await files.get(lost.fileId);
      await files.remove(lost.fileId);
      const signed = await signer.post('/sign', {
        consentVersion: /data-consent-version="([^"]+)"/.exec(html)?.[1],
        bundleSha256: bundle!.sha256,
        mark: { kind: 'typed', text: 'Ершов' },
      });
      expect(signed.status).to.equal(200);
      await story.eventually('the sealing to be given up', () => run.state !== 'waiting');
      await story.reaches(run, 'error');

      const { reference } = (await story.signing(run)).error!;
      expect(run.returnValues).to.include({
        response_code: 500,
        error: 'INTERNAL_ERROR',
        retryable: 'N',
        status_code: 90,
        signing_id: story.idOf(run),
        signed_document_id: '',
      });
      expect(run.returnValues['response_text']).to.match(
        lang === 'ru' ? /можно продолжить/ : /can be resumed/,
      );
      expect(run.returnValues['response_text']).to.include(reference);
      const fired = () =>
        story.portal.triggersFired.filter((each) => each.ownerId === deal).map((each) => each.code);
      expect(fired().at(-1)).to.equal('signing_error');
      expect(await story.letters(run, /mail-error-initiator/)).to.have.lengthOf(1);

      await files.put(lost.fileId, bytes, {
        portalId: story.portal.memberId,
        name: lost.name,
        type: 'application/pdf',
      });
      const resumed = await (
        await openApp(story.portal, DIRECTOR)
      ).post(`/office/signings/${story.idOf(run)}/resume`);
      expect(resumed.status).to.equal(200);
      await story.reaches(run, 'completed');
      expect(fired().at(-1)).to.equal('signing_completed');
      expect(story.portal.documents(deal)).to.have.lengthOf(3);
    });
  });
}
