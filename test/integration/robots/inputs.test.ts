import { expect } from 'chai';
import { PDF } from '@libpdf/core';
import { checkCalls } from '../../portal/check-calls.ts';
import { pdfWithPages } from '../../fixtures/pdf/build-pdf.ts';
import { readText } from '../../fixtures/pdf/read-text.ts';
import { openStory } from '../../support/open-story.ts';
import type { Story } from '../../support/open-story.ts';
import { LAWYER, registerPeople } from './refusal-cases.ts';

const DAY_MS = 24 * 3_600_000;

describe('inputs of the robot in every documented spelling', function () {
  this.timeout(60_000);
  let story: Story;

  before(async () => {
    story = await openStory({ env: { START_CREDITS: '500' } });
    await registerPeople(story);
  });
  after(() => story.close());
  beforeEach(() => story.rest());
  afterEach(() => {
    expect(checkCalls(story.portal.calls)).to.deep.equal([]);
    story.portal.clearCalls();
  });

  async function accepted(inputs: Record<string, unknown>, deal = story.deal()) {
    const run = await story.send(deal, {
      document_id: [await story.document(deal)],
      signer_2: [story.contact()],
      return_when: 'accepted',
      ...inputs,
    });
    await run.wait();
    expect(run.returnValues, String(run.returnValues['response_text'])).to.include({ response_code: 0 });
    await story.idle();
    return { run, signing: await story.signing(run) };
  }
  const people = (signing: Awaited<ReturnType<typeof accepted>>['signing'], party: string) =>
    signing.signers.filter((each) => each.party === party).map(({ person }) => `${person.kind} ${person.id}`);

  it('when the company’s signer is written in other ways, expected the same person', async () => {
    for (const text of ['7', 'user_7', '[7]', 'Иван Петров [7]']) {
      const { signing } = await accepted({ signer_1: text });
      expect(people(signing, 'company'), text).to.deep.equal(['employee 7']);
    }
  });

  it('when a department is to sign, expected one of it whose signature can be applied before the others', async () => {
    const { signing } = await accepted({ signer_1: 'group_hr4', company_signature: 'auto' });
    expect(people(signing, 'company')).to.deep.equal([`employee ${LAWYER}`]);
    const { signing: byLink } = await accepted({ signer_1: 'group_hr3' });
    expect(people(byLink, 'company')).to.deep.equal(['employee 12']); // 19 is blocked
  });

  it('when counterparties are written in other ways, expected contact, primary contact and employee', async () => {
    const [one, two] = [story.contact(), story.contact()];
    const { signing } = await accepted({ signer_2: [`C_${one}`, `CONTACT_${two}`, 'CO_9', 'user_15'] });
    expect(people(signing, 'counterparty')).to.deep.equal([
      `contact ${one}`,
      `contact ${two}`,
      'contact 58',
      'employee 15',
    ]);
  });

  it('when the deal is named by the input, expected that one, whatever the process runs on', async () => {
    const deal = story.deal({ title: 'Another deal' });
    for (const text of [`${deal}`, `D_${deal}`, `DEAL_${deal}`]) {
      const { signing } = await accepted({ crm_entity_id: text });
      expect(signing.entity, text).to.deep.equal({ type: 'deal', id: String(deal), title: 'Another deal' });
    }
  });

  it('when several documents are given, expected one bundle in their order', async () => {
    const deal = story.deal();
    const named = (title: string, pages: string[]) =>
      story.document(deal, { title, pdf: pdfWithPages(pages) });
    const ids = [await named('B', ['B1', 'B2']), await named('A', ['A1']), await named('C', ['C1'])];
    const { run, signing } = await accepted({ document_id: ids.map(String) }, deal);
    expect(run.returnValues['source_document_ids']).to.deep.equal(ids.map(String));
    expect(signing.documents.map((each) => each.title)).to.deep.equal(['B', 'A', 'C']);
    const bytes = await (await story.signer(run, 's1')).document();
    // And the signature page.
    expect((await PDF.load(bytes)).getPageCount()).to.equal(5);
    const firstWords = (await readText(bytes)).map((text) => text.trim().split(/\s/)[0]);
    expect(firstWords.slice(0, 4)).to.deep.equal(['B1', 'B2', 'A1', 'C1']);
  });

  it('when texts, term and the responsible person are given, expected them in the mail and the deadline', async () => {
    const { run, signing } = await accepted({
      subject: 'Договор на подпись',
      message: 'Пожалуйста, до пятницы.',
      expires_in_days: '3',
      responsible: 'user_7',
      signer_1: 'user_12',
      company_signature: 'manual',
      purpose: 'approval',
    });
    const invitation = await story.invitation(run, 's1');
    expect(invitation.subject).to.include('Договор на подпись');
    expect(invitation.text).to.include('Пожалуйста, до пятницы.');
    expect(invitation.replyTo).to.equal('ivan.petrov@romashka.example');
    expect(signing).to.include({ purpose: 'approval' });
    expect(signing.responsible.userId).to.equal('7');
    expect(signing.expiresAt.getTime() - signing.createdAt.getTime()).to.equal(3 * DAY_MS);
  });

  it('when everything optional is left empty, expected the published defaults', async () => {
    const { signing } = await accepted({
      company_signature: undefined,
      order: '',
      purpose: '',
      expires_in_days: 0,
      additional_agreement: '',
      provider: '',
    });
    expect(signing).to.include({
      order: 'company_first',
      purpose: 'signature',
      provider: 'builtin',
      withAgreement: false,
    });
    expect(signing.responsible.userId).to.equal('12');
    expect(signing.expiresAt.getTime() - signing.createdAt.getTime()).to.equal(14 * DAY_MS);
    expect(signing.journal[0]?.actor).to.deep.equal({ kind: 'robot', id: '1', name: 'Анна Волкова' });
  });
});
