import { expect } from 'chai';
import type { Projection, SigningCard } from '../../../app/ports/portal.ts';
import { checkCalls } from '../../portal/check-calls.ts';
import { failureOf, openPortal } from './open-portal.ts';
import type { OpenedPortal } from './open-portal.ts';

const card: SigningCard = {
  signingId: 'signing-1',
  dealId: '77',
  responsibleId: '12',
  completed: false,
  deadline: new Date('2026-12-24T12:00:00Z'),
  title: 'Signing: contract',
  statusText: 'Waiting for 1 of 2',
  statusTone: 'warning',
  rows: [
    { title: 'Anna', value: 'signed' },
    { title: 'Ivan', value: '' },
  ],
  openLabel: 'Open',
};
const timeline: Projection = {
  kind: 'timeline',
  entry: { dealId: '77', title: 'Signing: contract', text: 'Anna has signed', icon: 'check' },
};
const notify: Projection = {
  kind: 'notify',
  notification: { userId: '12', message: 'Signed', tag: 'sign|1|12' },
};
const pdf = Buffer.from('%PDF-1.7\nsigned');

describe('portal', () => {
  let opened: OpenedPortal;
  beforeEach(async () => {
    opened = await openPortal({ pauses: [], timeoutMs: 500 });
  });
  afterEach(async () => {
    const violations = checkCalls(opened.standIn.calls);
    await opened.close();
    expect(violations).to.deep.equal([]);
  });

  const entries = () => opened.standIn.timeline(77).filter((each) => each.kind === 'logmessage');
  const cards = () => opened.standIn.activities(77).filter((each) => each.kind === 'configurable');

  describe('facts', () => {
    it('when a run asks, expected deal, its user, users, contacts, companies and documents in one request', async () => {
      const { portal, id, standIn } = opened;
      const facts = await portal.readFacts(id, {
        dealId: '77',
        userIds: ['7', '21', '9999'],
        contactIds: ['55', '57', '9999'],
        companyIds: ['7', '5', '9999'],
        documentIds: ['300', '9999'],
      });
      expect(standIn.requestCount).to.equal(1);
      expect(facts.deal).to.include({ id: '77', assignedById: '12' });
      expect([...facts.users.keys()]).to.have.members(['7', '12', '21']);
      expect(facts.users.get('21')?.active).to.equal(false);
      expect(facts.users.get('7')?.email).to.contain('@');
      expect([...facts.contacts.keys()]).to.have.members(['55', '57']);
      expect(facts.contacts.get('55')).to.include({ companyId: '7', companyTitle: 'ООО «ТехноСнаб»' });
      expect(facts.contacts.get('55')?.email).to.contain('@');
      expect(facts.contacts.get('57')).to.include({ email: '', phone: '' });
      expect(Object.fromEntries(facts.companyContacts)).to.deep.equal({ 7: '55', 5: '' });
      expect(Object.fromEntries(facts.documents)).to.have.nested.property('300.pdf', 'ready');
      expect(facts.documents.has('9999')).to.equal(false);
    });

    it('when nothing exists, expected empty facts', async () => {
      const { portal, id } = opened;
      const facts = await portal.readFacts(id, {
        dealId: '9999',
        contactIds: ["1' OR 1=1"],
        documentIds: ['-1'],
      });
      expect(facts.deal).to.equal(undefined);
      expect(facts.users.size + facts.contacts.size + facts.documents.size).to.equal(0);
    });

    it('when more is asked than a request takes, expected several requests', async () => {
      const { portal, id, standIn } = opened;
      const documentIds = Array.from({ length: 70 }, (_, index) => String(300 + index));
      const facts = await portal.readFacts(id, { dealId: '77', documentIds });
      expect(standIn.requestCount).to.equal(2);
      expect(facts.documents.size).to.be.greaterThan(1);
    });

    it('when a question is refused for a passing reason, expected the error and no half truth', async () => {
      const { portal, id, standIn } = opened;
      standIn.faults.add({ kind: 'operation_limit', method: 'crm.item.get' });
      const error = await failureOf(portal.readFacts(id, { dealId: '77' }));
      expect(error).to.include({ code: 'OPERATION_TIME_LIMIT', retryable: true });
    });

    it('when users of a department are asked for, expected active ones only', async () => {
      const { portal, id, standIn } = opened;
      const department = standIn.appState() && '1';
      const users = await portal.usersOfDepartment(id, department, false);
      const deep = await portal.usersOfDepartment(id, department, true);
      expect(users.every((user) => user.active)).to.equal(true);
      expect(deep.length).to.be.at.least(users.length);
    });

    it('when users are searched by name, expected them', async () => {
      const { portal, id, standIn } = opened;
      expect((await portal.searchUsers(id, 'Петров')).map((user) => user.id)).to.deep.equal(['7']);
      expect((await portal.searchUsers(id, '')).length).to.be.greaterThan(3);
      expect(standIn.requestCount).to.equal(2);
    });
  });

  describe('documents', () => {
    it('when a document is downloaded, expected its bytes in two requests', async () => {
      const { portal, id, standIn } = opened;
      const bytes = await portal.downloadDocument(id, '300', 10_000_000);
      expect(Buffer.from(bytes).subarray(0, 5).toString()).to.equal('%PDF-');
      expect(standIn.requestCount).to.equal(2);
    });

    it('when the PDF is not made yet, expected document_not_ready, later the file', async () => {
      const { portal, id, standIn } = opened;
      const document = await standIn.createDocument({ dealId: 77, pdf, pdfDelay: { polls: 1 } });
      const error = await failureOf(portal.downloadDocument(id, String(document.id), 1000));
      expect(error).to.include({ code: 'document_not_ready', retryable: true });
      expect(Buffer.from(await portal.downloadDocument(id, String(document.id), 1000))).to.deep.equal(pdf);
    });

    it('when the portal cannot make the PDF, expected document_failed', async () => {
      const { portal, id, standIn } = opened;
      const document = await standIn.createDocument({ dealId: 77, transformationError: true });
      const error = await failureOf(portal.downloadDocument(id, String(document.id), 1000));
      expect(error).to.include({ code: 'document_failed', retryable: false });
    });

    it('when the file is larger than allowed, expected too_large', async () => {
      const { portal, id } = opened;
      expect(await failureOf(portal.downloadDocument(id, '300', 10))).to.include({
        code: 'too_large',
        retryable: false,
      });
    });

    it('when the address has gone stale meanwhile, expected a new one asked for', async () => {
      const { portal, id, standIn } = opened;
      standIn.faults.add({ kind: 'expired_token', method: 'download' });
      expect((await portal.downloadDocument(id, '300', 10_000_000)).length).to.be.greaterThan(100);
      expect(
        standIn.calls.filter((call) => call.method === 'crm.documentgenerator.document.get'),
      ).to.have.length(2);
    });

    it('when the address is on another host or redirects there, expected nothing fetched', async () => {
      const { gateway, id, standIn } = opened;
      const { host } = new URL(standIn.oauthUrl);
      const foreign = await failureOf(gateway.download(id, `http://${host}/rest/app.info`, 1000));
      expect(foreign.code).to.equal('host_not_allowed');
      standIn.faults.add({ kind: 'redirect', method: 'download', location: standIn.oauthUrl });
      const moved = await failureOf(gateway.download(id, `${standIn.url}/rest/download.json?token=x`, 1000));
      expect(moved.code).to.equal('portal_moved');
    });

    it('when a PDF is uploaded, expected a document of the deal with a Word file beside it', async () => {
      const { portal, id, standIn } = opened;
      const upload = {
        dealId: '77',
        title: 'Signed contract',
        number: 'S-1',
        pdf,
        language: 'ru',
        checkFirst: false,
      } as const;
      const documentId = await portal.uploadDocument(id, upload);
      const stored = standIn.documents(77).find((each) => String(each.id) === documentId);
      expect(stored).to.include({ title: 'Signed contract', number: 'S-1' });
      expect(stored?.pdf).to.deep.equal(pdf);
      expect((await portal.listDocuments(id, '77'))[0]).to.include({
        id: documentId,
        number: 'S-1',
        pdf: 'ready',
      });
      expect(standIn.requestCount).to.equal(2);
    });

    it('when the answer to an upload got lost, expected the repeat to find the document', async () => {
      const { portal, id, standIn } = opened;
      const upload = { dealId: '77', title: 'Signed', number: 'S-2', pdf, language: 'en' } as const;
      standIn.faults.add({ kind: 'answer_lost', method: 'crm.documentgenerator.document.upload' });
      const error = await failureOf(portal.uploadDocument(id, { ...upload, checkFirst: false }));
      expect(error).to.include({ code: 'no_answer', retryable: true });
      const documentId = await portal.uploadDocument(id, { ...upload, checkFirst: true });
      const all = standIn.documents(77).filter((each) => each.number === 'S-2');
      expect(all.map((each) => String(each.id))).to.deep.equal([documentId]);
    });
  });

  describe('projections', () => {
    it('when several are shown, expected one request and the id of the card', async () => {
      const { portal, id, standIn } = opened;
      const outcomes = await portal.project(id, [timeline, { kind: 'card', card }, notify], false);
      expect(standIn.requestCount).to.equal(1);
      expect(outcomes.every((outcome) => outcome.ok)).to.equal(true);
      expect(entries()).to.have.length(1);
      expect(cards()).to.have.length(1);
      expect(outcomes[1]).to.deep.equal({ ok: true, cardId: String(cards()[0]?.id) });
      expect(standIn.notifications(12).map((each) => each.message)).to.deep.equal(['Signed']);
    });

    it('when the answer got lost, expected the repeat to find all and add nothing', async () => {
      const { portal, id, standIn } = opened;
      const all: Projection[] = [timeline, { kind: 'card', card }, notify];
      standIn.faults.add({ kind: 'answer_lost', method: 'crm.timeline.logmessage.add' });
      expect(await failureOf(portal.project(id, all, false))).to.include({
        code: 'no_answer',
        retryable: true,
      });
      const before = standIn.requestCount;
      const outcomes = await portal.project(id, all, true);
      expect(standIn.requestCount - before).to.equal(2);
      expect(outcomes.every((outcome) => outcome.ok)).to.equal(true);
      expect(outcomes[1]).to.have.property('cardId', String(cards()[0]?.id));
      expect([entries().length, cards().length]).to.deep.equal([1, 1]);
      expect(standIn.notifications(12)).to.have.length(1);
    });

    it('when nothing had been done, expected the repeat to do it', async () => {
      const { portal, id, standIn } = opened;
      standIn.faults.add({ kind: 'reset', method: 'crm.timeline.logmessage.add' });
      await failureOf(portal.project(id, [timeline, { kind: 'card', card }], false));
      await portal.project(id, [timeline, { kind: 'card', card }], true);
      expect([entries().length, cards().length]).to.deep.equal([1, 1]);
    });

    it('when the card is known, expected it updated and completed, and left alone once deleted', async () => {
      const { portal, id } = opened;
      const [shown] = await portal.project(id, [{ kind: 'card', card }], false);
      const cardId = shown?.ok ? shown.cardId : undefined;
      await portal.project(
        id,
        [{ kind: 'card', card: { ...card, cardId, completed: true, statusTone: 'success' } }],
        false,
      );
      expect(cards().map((each) => each.completed)).to.deep.equal([true]);
      const gone = { ...card, cardId: '999999' };
      expect(await portal.project(id, [{ kind: 'card', card: gone }], false)).to.deep.equal([
        { ok: true, cardId: '999999' },
      ]);
      expect(cards()).to.have.length(1);
    });

    it('when one is refused, expected only that one to fail', async () => {
      const { portal, id } = opened;
      const wrong: Projection = {
        kind: 'timeline',
        entry: { dealId: '9999', title: 'a', text: 'b', icon: 'check' },
      };
      const [first, second] = await portal.project(id, [wrong, timeline], false);
      expect(first).to.have.nested.property('error.code', 'OWNER_NOT_FOUND');
      expect(second).to.deep.equal({ ok: true });
    });

    it('when a text looks like a reference of a batch, expected it shown and nothing pulled in', async () => {
      const { portal, id } = opened;
      const tricky: Projection = {
        kind: 'timeline',
        entry: { dealId: '77', title: 'x', text: 'see $result[p0][logMessage][id]', icon: 'check' },
      };
      await portal.project(id, [timeline, tricky], false);
      expect(entries().map((each) => each.text?.replace('\u2060', ''))).to.include(
        'see $result[p0][logMessage][id]',
      );
    });
  });

  describe('processes and triggers', () => {
    it('when values are returned, expected one request of its own and the robot closed', async () => {
      const { portal, id, standIn } = opened;
      const run = await waitingRun(opened);
      await portal.returnToProcess(
        id,
        run.eventToken,
        { signing_id: 's', status_code: 50, retryable: false },
        'done',
      );
      await run.wait();
      expect(run.returnValues).to.deep.include({ signing_id: 's', retryable: 'N' });
      expect(
        standIn.calls.filter((call) => call.method === 'bizproc.event.send' && !call.inBatch),
      ).to.have.length(1);
    });

    it('when the answer to the values got lost, expected them sent again, which is harmless', async () => {
      const { portal, id, standIn } = opened;
      const run = await waitingRun(opened);
      standIn.faults.add({ kind: 'answer_lost', method: 'bizproc.event.send' });
      await portal.returnToProcess(id, run.eventToken, { signing_id: 's' }, 'done');
      await run.wait();
      expect(run.state).to.equal('closed');
    });

    it('when the token is not the portal’s, expected a permanent error', async () => {
      const { portal, id } = opened;
      const error = await failureOf(portal.returnToProcess(id, 'forged', {}, ''));
      expect(error).to.include({ code: 'ACCESS_DENIED', retryable: false });
    });

    it('when an older portal says that the process is gone, expected no error', async () => {
      const { portal, id, standIn } = opened;
      standIn.faults.add({ kind: 'error', method: 'bizproc.event.send', code: 'ERROR_CORE', status: 400 });
      await portal.returnToProcess(id, 'token', {}, '');
    });

    it('when a line is logged and a trigger fired, expected both', async () => {
      const { portal, gateway, id, standIn } = opened;
      const run = await waitingRun(opened);
      await portal.logToProcess(id, run.eventToken, 'still waiting');
      expect(run.log.map((line) => line.text)).to.include('still waiting');
      await gateway.call(id, 'crm.automation.trigger.add', { CODE: 'signing_sent', NAME: 'Sent' });
      await portal.fireTrigger(id, 'signing_sent', '77');
      expect(standIn.triggersFired).to.have.length(1);
    });
  });
});

async function waitingRun({ gateway, id, standIn }: OpenedPortal) {
  const text = { type: 'string' };
  await gateway.call(id, 'bizproc.robot.add', {
    CODE: 'probe',
    HANDLER: `${standIn.url}/nowhere`,
    AUTH_USER_ID: 1,
    USE_SUBSCRIPTION: 'Y',
    NAME: 'Probe',
    RETURN_PROPERTIES: Object.fromEntries(
      ['signing_id', 'status_code', 'retryable'].map((name) => [name, { Name: name, Type: text.type }]),
    ),
  });
  return standIn.runRobot('probe', { dealId: 77 });
}
