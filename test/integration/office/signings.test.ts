import { expect } from 'chai';
import { failSigning, markCompleted, markSealed } from '../../../app/domain/transitions/end-signing.ts';
import { signerSigned } from '../../../app/domain/transitions/signer-actions.ts';
import { buildSigning, evidence, later, sentSigning, storedFile } from '../../support/signing-builder.ts';
import { startOfficeApp } from './office-app.ts';
import type { OfficeApp } from './office-app.ts';
import { DEAL_TAB, PEOPLE } from './people.ts';

const hex = (number: number) => number.toString(16).padStart(24, '0');
let count = 0;
/** A signing of its own documents, so that several can be open. */
const fresh = (fields = {}) => {
  const id = hex(++count);
  return sentSigning({
    id,
    documents: [{ ref: id, title: 'Doc', file: storedFile(`source-${id}`) }],
    ...fields,
  });
};
const messageOf = (response: Response) => decodeURIComponent(response.headers.get('x-message') ?? '');

describe('signings in the office', () => {
  let app: OfficeApp;
  let sessions: Record<keyof typeof PEOPLE, string>;
  before(async () => {
    app = await startOfficeApp(PEOPLE);
    app.setNow(later(60));
    sessions = {};
    for (const who of Object.keys(PEOPLE)) sessions[who] = await app.sessionOf('/app', who);
  });
  after(() => app.close());
  const as = (who: string, path: string, body?: Record<string, string>) =>
    app.call(sessions[who] ?? '', path, body);

  it('when another portal or a stranger asks for a signing, expected 404 on every route', async () => {
    const signing = await app.signings.create(fresh());
    const posts = ['remind', 'cancel', 'resume', 'sync'].map(
      (action) => `/office/signings/${signing.id}/${action}`,
    );
    const gets = [`/office/signings/${signing.id}`, `/office/files/${signing.id}/source-1`];
    for (const who of ['otherAdmin', 'stranger']) {
      for (const path of gets) expect((await as(who, path)).status, `${who} ${path}`).to.equal(404);
      for (const path of posts) expect((await as(who, path, {})).status, `${who} ${path}`).to.equal(404);
    }
    expect((await app.signings.get(signing.id))?.revision).to.equal(signing.revision);
    expect((await as('admin', `/office/signings/${hex(999999)}`)).status).to.equal(404);
  });

  it('when somebody lists, expected only what they may see', async () => {
    await app.signings.create(fresh({ title: 'Visible to some' }));
    const html = async (who: string) => (await as(who, '/office/signings')).text();
    for (const who of ['admin', 'initiator', 'signer'])
      expect(await html(who), who).to.include('Visible to some');
    expect(await html('stranger'))
      .to.include('data-testid="empty"')
      .and.not.include('Visible to some');
    expect(await html('otherAdmin')).to.not.include('Visible to some');
  });

  it('when it is searched and filtered, expected the matches, or that nothing was found', async () => {
    await app.signings.create(fresh({ title: 'Zanzibar contract' }));
    const search = async (query: object) =>
      (await as('admin', `/office/signings?${new URLSearchParams({ ...query }).toString()}`)).text();
    expect(await search({ search: 'zanzibar' })).to.include('Zanzibar contract');
    expect(await search({ search: 'zanzibar', status: 'completed' })).to.include('Nothing found');
    expect(await search({ search: '.*nothing[(', status: 'no such status' })).to.include('Nothing found');
  });

  it('when there are more than a page, expected the rest by the button', async () => {
    for (let each = 0; each < 30; each++) await app.signings.create(fresh({ title: 'Paged' }));
    const first = await (await as('admin', '/office/signings?search=Paged')).text();
    const next = /data-get="(\/office\/signings\?[^"]+)"/
      .exec(first)?.[1]
      ?.replaceAll('&#38;', '&')
      .replaceAll('&amp;', '&');
    expect(next).to.include('cursor=');
    const rest = await (await as('admin', next ?? '')).text();
    expect([first, rest].map((html) => html.split('data-testid="signing-row"').length - 1)).to.deep.equal([
      25, 5,
    ]);
    expect(rest).not.to.include('data-testid="more"');
  });

  it('when the initiator reminds twice, expected one reminder and then how long to wait', async () => {
    const signing = await app.signings.create(fresh());
    const path = `/office/signings/${signing.id}/remind`;
    const first = await as('initiator', path, {});
    expect([first.status, messageOf(first)]).to.deep.equal([200, 'The reminder is on its way.']);
    expect(app.woken).to.include(signing.id);
    const second = await as('admin', path, { signer: 's1' });
    expect(second.status).to.equal(429);
    expect(await second.json())
      .to.include({ error: 'reminded_lately' })
      .and.have.property('message')
      .that.includes('10 minutes');
    const stored = await app.signings.get(signing.id);
    expect(stored?.journal.filter((entry) => entry.type === 'reminded')).to.have.length(1);
    expect(stored?.journal.at(-1)?.actor).to.deep.equal({ kind: 'user', id: '12', name: 'Мария Соколова' });
  });

  it('when somebody only signs in it or reads the deal, expected that they cannot act', async () => {
    const signing = await app.signings.create(fresh());
    const reader = await app.sessionOf('/placements/deal-tab', 'stranger', DEAL_TAB);
    for (const session of [sessions['signer'] ?? '', reader]) {
      expect((await app.call(session, `/office/signings/${signing.id}`)).status).to.equal(200);
      for (const action of ['remind', 'cancel', 'resume']) {
        const response = await app.call(session, `/office/signings/${signing.id}/${action}`, {});
        expect(response.status, action).to.equal(403);
        expect(await response.json()).to.include({ error: 'not_allowed' });
      }
    }
    expect((await app.signings.get(signing.id))?.status).to.equal('sent');
  });

  it('when it is cancelled, expected the reason in the journal, and a second time a refusal', async () => {
    const signing = await app.signings.create(fresh());
    const path = `/office/signings/${signing.id}/cancel`;
    const html = await (await as('initiator', path, { reason: '  terms changed  ' })).text();
    expect(html).to.include('data-testid="signing-status">Cancelled').and.include('terms changed');
    const stored = await app.signings.get(signing.id);
    expect(stored?.status).to.equal('cancelled');
    expect(stored?.journal.at(-1)?.data).to.deep.equal({ reason: 'terms changed' });
    const again = await as('initiator', path, {});
    expect([again.status, ((await again.json()) as { error: string }).error]).to.deep.equal([
      409,
      'not_cancellable',
    ]);
  });

  it('when an error stopped it, expected its text, and that it goes on after a resume', async () => {
    const failed = failSigning(fresh(), { text: 'TSA is down', reference: 'ref-77' }, later(20));
    const signing = await app.signings.create(failed);
    const shown = await (await as('initiator', `/office/signings/${signing.id}`)).text();
    expect(shown).to.include('TSA is down').and.include('ref-77');
    expect((await as('initiator', `/office/signings/${signing.id}/resume`, {})).status).to.equal(200);
    expect((await app.signings.get(signing.id))?.status).to.equal('sent');
    expect((await as('initiator', `/office/signings/${signing.id}/resume`, {})).status).to.equal(409);
  });

  it('when it is synced, expected the provider read and what was put off due now', async () => {
    const base = fresh();
    const effects = base.effects.map((effect) => ({ ...effect, dueAt: later(600) }));
    const signing = await app.signings.create({ ...base, effects });
    expect((await as('initiator', `/office/signings/${signing.id}/sync`, {})).status).to.equal(200);
    expect(app.tracked).to.include(signing.id);
    expect(app.woken).to.include(signing.id);
    const stored = await app.signings.get(signing.id);
    expect(stored?.effects.every((effect) => effect.dueAt <= later(60))).to.equal(true);
  });

  it('when files are asked for, expected the signed one only when all is completed', async () => {
    const both = signerSigned(signerSigned(fresh(), 's1', evidence(), later(5)), 's2', evidence(), later(6));
    const id = both.id;
    const about = { portalId: 'portal-a', name: 'n', type: 'application/pdf' };
    await app.files.put(`signed-${id}`, Buffer.from('%PDF-signed'), about);
    const files = {
      signedFile: { ...storedFile(`signed-${id}`), name: 'Договор "A".pdf', size: 11 },
      report: storedFile('r'),
    };
    const sealed = await app.signings.create(markSealed(both, files, 'B-B', later(7)));
    expect((await as('initiator', `/office/files/${id}/signed`)).status).to.equal(404);
    await app.signings.save(markCompleted(sealed, {}, later(8)));
    const response = await as('initiator', `/office/files/${id}/signed`);
    expect(await response.text()).to.equal('%PDF-signed');
    expect(response.headers.get('content-disposition')).to.match(/^attachment; .*filename\*=UTF-8''%D0/);
    expect(response.headers.get('cache-control')).to.include('no-store');
    for (const key of ['..%2F..%2Fpackage.json', 'bundle', 'source-9']) {
      expect((await as('initiator', `/office/files/${id}/${key}`)).status, key).to.equal(404);
    }
  });

  it('when nothing changed, expected an empty answer to the page that asks again', async () => {
    const id = hex(++count);
    const entity = { type: 'deal' as const, id: '4711', title: 'D' };
    const tab = { placement: 'CRM_DEAL_DETAIL_TAB', options: { ID: '4711' } };
    const signing = await app.signings.create(
      buildSigning({ id, entity, documents: [{ ref: id, title: 'D', file: storedFile(id) }] }),
    );
    const session = await app.sessionOf('/placements/deal-tab', 'initiator', tab);
    const html = await (await app.call(session, '/office/deal/signings')).text();
    const version = /data-version="([^"]+)"/.exec(html)?.[1] ?? '';
    expect((await app.call(session, `/office/deal/signings?version=${version}`)).status).to.equal(204);
    expect((await app.call(session, `/office/signings/${id}?version=${signing.revision}`)).status).to.equal(
      204,
    );
    expect((await as('initiator', `/office/signings/${id}/cancel`, {})).status).to.equal(200);
    expect((await app.call(session, `/office/deal/signings?version=${version}`)).status).to.equal(200);
  });

  it('when a page without a deal asks for a deal’s parts, expected 404', async () => {
    expect((await as('admin', '/office/deal/signings')).status).to.equal(404);
    expect((await as('admin', '/office/deal/documents')).status).to.equal(404);
  });
});
