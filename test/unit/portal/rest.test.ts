/* eslint-disable @typescript-eslint/no-explicit-any -- answers are looked at, not modelled */
import { expect } from 'chai';
import { startFixture, type Fixture } from './support/portal-fixture.ts';

describe('stand-in portal: REST', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await startFixture();
  });
  after(() => fixture.close());
  afterEach(() => fixture.portal.faults.clear());

  it('when the path has a double slash, .json and odd letter case, expected the same answer', async () => {
    const { accessToken } = fixture.portal.issueToken();
    for (const path of ['/rest//Profile.json', '/rest/PROFILE', '/rest/profile.json']) {
      const answer = await fetch(`${fixture.portal.url}${path}?access_token=${accessToken}`);
      expect(((await answer.json()) as any).result).to.include({ ID: '1', ADMIN: true });
    }
    const bearer = await fetch(`${fixture.portal.url}/rest/profile`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(bearer.status).to.equal(200);
  });

  it('when query, form and brackets are mixed, expected them merged as PHP does', async () => {
    const { accessToken } = fixture.portal.issueToken();
    const answer = await fetch(
      `${fixture.portal.url}/rest/crm.item.list?entityTypeId=2&auth=${accessToken}`,
      {
        method: 'POST',
        body: new URLSearchParams({ 'filter[>id]': '78', 'select[]': 'title', 'order[id]': 'DESC' }),
      },
    );
    const { result, total } = (await answer.json()) as any;
    expect(result.items.map((one: any) => one.id)).to.deep.equal([82, 81, 80, 79]);
    expect(result.items[0]).to.deep.equal({ id: 82, title: 'Поставка запчастей' });
    expect(total).to.equal(4);
  });

  it('when the token is missing, expired, of a webhook or of a plain user, expected the code that fits', async () => {
    const { portal, call } = fixture;
    expect(await call('profile', {}, 'nonsense')).to.deep.include({ status: 401 });
    const token = portal.issueToken();
    portal.expireToken(token.accessToken);
    const expired = await call('profile', {}, token.accessToken);
    expect([expired.status, expired.body.error]).to.deep.equal([401, 'expired_token']);
    const webhook = portal.issueToken({ context: 'webhook' }).accessToken;
    const denied = await call('bizproc.robot.list', {}, webhook);
    expect([denied.status, denied.body.error]).to.deep.equal([403, 'ACCESS_DENIED']);
    const plain = await call('bizproc.robot.list', {}, portal.issueToken({ userId: 12 }).accessToken);
    expect([plain.status, plain.body.error]).to.deep.equal([403, 'ACCESS_DENIED']);
    const unknown = await call('crm.nothing.here');
    expect([unknown.status, unknown.body.error]).to.deep.equal([404, 'ERROR_METHOD_NOT_FOUND']);
  });

  it('when a record is missing or forbidden, expected the old and new codes', async () => {
    const { call, portal } = fixture;
    expect((await call('crm.deal.get', { id: 999 })).body).to.include({
      error: '',
      error_description: 'Not found',
    });
    const item = await call('crm.item.get', { entityTypeId: 2, id: 999 });
    expect([item.status, item.body.error]).to.deep.equal([400, 'NOT_FOUND']);
    const john = portal.issueToken({ userId: 19 }).accessToken;
    expect((await call('crm.item.get', { entityTypeId: 2, id: 78 }, john)).body.error).to.equal(
      'ACCESS_DENIED',
    );
    expect((await call('crm.deal.get', { id: 78 }, john)).body.error).to.equal('');
    expect((await call('crm.item.get', { entityTypeId: 2 })).body.error).to.equal('100');
  });

  it('when a map is empty, expected [] as PHP writes it', async () => {
    expect((await fixture.call('user.option.get')).body.result).to.deep.equal([]);
  });

  it('when a batch refers to earlier results, expected them put in; inner errors stay inside', async () => {
    const { body, status } = await fixture.call('batch', {
      halt: 0,
      cmd: {
        deal: 'crm.deal.get?id=77',
        contact: 'crm.contact.get?id=$result[deal][CONTACT_ID]',
        list: 'crm.item.list?entityTypeId=2&filter[id][]=77&filter[id][]=78&select[]=title',
        broken: 'crm.deal.get?id=999',
        nested: 'batch?cmd[a]=profile',
      },
    });
    expect(status).to.equal(200);
    expect(body.result.result.contact.LAST_NAME).to.equal('Смирнов');
    expect(body.result.result.list.items).to.have.length(2);
    expect(body.result.result_total).to.deep.equal({ list: 2 });
    expect(body.result.result_next).to.deep.equal([]);
    expect(Object.keys(body.result.result_error)).to.deep.equal(['broken', 'nested']);
    expect(body.result.result_error.nested.error).to.equal('ERROR_BATCH_METHOD_NOT_ALLOWED');
  });

  it('when a batch halts or is too long, expected the rest left out', async () => {
    const halted = await fixture.call('batch', { halt: 1, cmd: ['nothing.here', 'profile'] });
    expect(halted.body.result.result).to.deep.equal([]);
    expect(halted.body.result.result_error).to.have.length(1);
    const cmd = Array.from({ length: 52 }, () => 'server.time');
    const long = await fixture.call('batch', { cmd });
    expect(long.body.result.result).to.have.length(50);
    expect(Object.keys(long.body.result.result_error)).to.deep.equal(['50', '51']);
  });

  it('when contacts are read, expected multifields in both shapes, absent where there are none', async () => {
    const old = (await fixture.call('crm.contact.get', { id: 55 })).body.result;
    expect(old.EMAIL[0]).to.deep.include({ TYPE_ID: 'EMAIL', VALUE: 'a.smirnov@tehnosnab.example' });
    expect((await fixture.call('crm.contact.get', { id: 57 })).body.result).to.not.have.any.keys(
      'EMAIL',
      'PHONE',
    );
    const { item } = (await fixture.call('crm.item.get', { entityTypeId: 3, id: 56 })).body.result;
    expect(item.fm).to.deep.equal([
      { id: 560, typeId: 'PHONE', valueType: 'WORK', value: '+7 921 765-43-21' },
    ]);
    const listed = (await fixture.call('crm.item.list', { entityTypeId: 3, select: ['id', 'fm'] })).body
      .result;
    expect(listed.items[0]).to.not.have.property('fm');
  });

  it('when faults are switched on, expected each as often as told and then a normal answer', async () => {
    const { call, portal } = fixture;
    portal.faults.add({ kind: 'query_limit', method: 'profile' });
    portal.faults.add({ kind: 'operation_limit', method: 'profile' });
    portal.faults.add({ kind: 'error', code: 'ERROR_CORE', method: 'crm.deal.get' });
    expect((await call('server.time')).status).to.equal(200);
    expect([(await call('profile')).status, (await call('profile')).status]).to.deep.equal([503, 429]);
    const batch = await call('batch', { cmd: { me: 'profile', deal: 'crm.deal.get?id=77' } });
    expect(batch.body.result.result_error.deal.error).to.equal('ERROR_CORE');
    expect((await call('profile')).status).to.equal(200);
  });

  it('when the answer is lost, expected the effect and a broken connection; when reset, no effect', async () => {
    const { call, portal } = fixture;
    const comment = { fields: { ENTITY_ID: 80, ENTITY_TYPE: 'deal', COMMENT: 'once' } };
    const attempt = () =>
      call('crm.timeline.comment.add', comment).then(
        () => 'answered',
        () => 'broken',
      );
    portal.faults.add({ kind: 'answer_lost', method: 'crm.timeline.comment.add' });
    expect(await attempt()).to.equal('broken');
    expect(portal.timeline(80)).to.have.length(1);
    portal.faults.add({ kind: 'reset', method: 'crm.timeline.comment.add' });
    expect(await attempt()).to.equal('broken');
    expect(portal.timeline(80)).to.have.length(1);
  });

  it('when the tariff has no business processes, expected their methods gone', async () => {
    const { call, portal } = fixture;
    portal.tariff = { bizproc: false, automation: true };
    expect((await call('bizproc.activity.list')).status).to.equal(404);
    expect((await call('bizproc.robot.list')).status).to.equal(200);
    expect((await call('methods')).body.result).to.not.include('bizproc.activity.add');
    portal.tariff = { bizproc: true, automation: true };
  });

  it('when a scope is missing, expected insufficient_scope and no e-mails for user_brief', async () => {
    const { portal } = fixture;
    portal.registerApp({
      code: 'other.app',
      clientId: 'app.other',
      clientSecret: 'x',
      scope: 'user_brief',
      appUrl: 'http://127.0.0.1:9/',
    });
    await portal.installApp({ app: 'other.app', open: false });
    const { accessToken } = portal.issueToken({ app: 'other.app' });
    const denied = await fixture.call('crm.deal.get', { id: 77 }, accessToken);
    expect([denied.status, denied.body.error]).to.deep.equal([403, 'insufficient_scope']);
    const users = (await fixture.call('user.get', { FILTER: { ID: 7 } }, accessToken)).body.result;
    expect(users[0]).to.include({ NAME: 'Иван' }).and.not.have.property('EMAIL');
    expect((await fixture.call('app.info', {}, accessToken)).body.result.CODE).to.equal('other.app');
  });
});

describe('stand-in portal: rate limit', () => {
  it('when more than the burst is sent at once, expected 503 for what does not fit', async () => {
    const { portal, call, close } = await startFixture({
      rateLimit: { burst: 5, perSecond: 0.1 },
      installed: false,
    });
    await portal.installApp({ open: false });
    const { accessToken } = portal.issueToken();
    const all = await Promise.all(Array.from({ length: 8 }, () => call('server.time', {}, accessToken)));
    expect(all.filter((one) => one.status === 503)).to.have.length(3);
    await close();
  });
});
