import { expect } from 'chai';
import { markSent } from '../../../app/domain/transitions/send.ts';
import type { Portal } from '../../../app/ports/portal.ts';
import type { PortalInstallation } from '../../../app/ports/portal-store.ts';
import { openTestStore } from '../../support/store.ts';
import type { TestStore } from '../../support/store.ts';
import { memoryPortal } from '../../unit/robots/support/memory-portal.ts';
import { createWorld } from '../../unit/robots/support/world.ts';
import { wireRuns } from './wire-runs.ts';

const PORTAL_ID = 'portal1';
const NOW = new Date('2026-03-02T10:00:00Z');
const bundle = { fileId: 'b', name: 'b.pdf', sha256: 'ab', size: 1, pages: 3 };

const installation: PortalInstallation = {
  id: PORTAL_ID,
  domain: 'acme.portal.test',
  clientEndpoint: 'https://acme.portal.test/rest/',
  serverEndpoint: 'https://oauth.portal.test/rest/',
  applicationToken: 'app',
  state: 'active',
  language: 'ru',
  version: '1',
  scope: 'crm,bizproc',
  features: { robots: true, activities: true },
  installedAt: NOW,
  updatedAt: NOW,
};

async function wire(store: TestStore) {
  const portal = memoryPortal();
  await store.portals.save(installation);
  await store.balance.open(PORTAL_ID, 10);
  await store.employees.save(createWorld().employee('7', 'Ivan Director'));
  return { portal, ...wireRuns(store, portal.store as Portal, NOW) };
}

const form = (token: string, properties: Record<string, unknown> = {}) => ({
  workflow_id: 'w1',
  document_id: ['crm', 'CCrmDocumentDeal', 'DEAL_77'],
  event_token: token,
  auth: { user_id: '1' },
  properties: { document_id: ['300', '301'], signer_1: 'user_7', signer_2: ['55'], ...properties },
});

describe('robot runs on the real store', () => {
  let store: TestStore;
  before(async () => {
    store = await openTestStore();
  });
  after(() => store.close());

  it('when one run is delivered and processed several times at once, expected one signing and one answer', async () => {
    const { portal, accept, process, answerWaiting } = await wire(store);
    const given = form('token|1.sig', { return_when: 'accepted' });
    const ids = await Promise.all([1, 2, 3].map(() => accept(PORTAL_ID, 'send_for_signing', given)));
    expect(new Set(ids).size).to.equal(1);
    const id = ids[0]!;
    await Promise.all([process(id), process(id), process(id)]);

    const waiting = (await store.runs.get(id))!;
    expect(waiting).to.include({ state: 'waiting', eventToken: 'token|1.sig', signingId: id });
    expect(await store.balance.show(PORTAL_ID)).to.include({ available: 8, reserved: 2 });
    expect((await store.signings.list(PORTAL_ID, {}, { limit: 10 })).total).to.equal(1);

    const sent = await store.signings.save(markSent((await store.signings.get(id))!, { bundle }, NOW));
    await Promise.all([answerWaiting(sent), answerWaiting(sent), process(id)]);
    expect(portal.answers).to.have.length(1);
    expect(portal.answers[0]!.values).to.deep.include({
      response_code: 0,
      status_code: 20,
      status_text: 'Отправлено на подпись',
      source_document_ids: ['300', '301'],
    });
    expect((await store.runs.get(id))!.state).to.equal('answered');
    expect(await store.runs.due(new Date(NOW.getTime() + 86_400_000), 10)).to.deep.equal([]);
  });

  it('when two runs want one document at once, expected one signing, 160 for the other and its balance back', async () => {
    const { portal, accept, process } = await wire(store);
    portal.has.documents.set('400', { ...portal.has.documents.get('300')!, id: '400' });
    const before = await store.balance.show(PORTAL_ID);
    const ids = await Promise.all(
      ['a', 'b'].map((token) => accept(PORTAL_ID, 'send_for_signing', form(token, { document_id: '400' }))),
    );
    await Promise.all(ids.map((id) => process(id)));

    expect(portal.answers.map(({ values }) => values['response_code'])).to.deep.equal([160]);
    const signing = (await store.signings.findByDocument(PORTAL_ID, '400'))!;
    expect(portal.answers[0]!.values['signing_id']).to.equal(signing.id);
    expect(await store.balance.show(PORTAL_ID)).to.include({
      available: before.available - 2,
      reserved: before.reserved + 2,
    });
  });
});
