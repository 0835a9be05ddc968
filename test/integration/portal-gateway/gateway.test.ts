import { expect } from 'chai';
import { checkCalls } from '../../portal/check-calls.ts';
import { failureOf, openPortal } from './open-portal.ts';
import type { OpenedPortal } from './open-portal.ts';

const entry = {
  fields: { entityTypeId: 2, entityId: 77, title: 'Title', text: 'Text', iconCode: 'document' },
};
const add = 'crm.timeline.logmessage.add';
const deal = { entityTypeId: 2, id: 77 };

describe('portal gateway', () => {
  let opened: OpenedPortal;
  const pauses: number[] = [];
  beforeEach(async () => {
    pauses.length = 0;
    opened = await openPortal({ pauses, timeoutMs: 500 });
  });
  afterEach(() => opened.close());

  const titles = () => opened.standIn.timeline(77).filter((each) => each.kind === 'logmessage');

  it('when a method is called, expected its result and one request in the log without values', async () => {
    const { gateway, id, standIn } = opened;
    const result = await gateway.call(id, 'crm.item.get', deal);
    expect(result).to.have.nested.property('item.id', 77);
    expect(standIn.requestCount).to.equal(1);
    const logged = await loggedCall(opened);
    expect(logged).to.include({
      method: 'crm.item.get',
      status: 200,
      code: '',
      paramShape: '{entityTypeId:number,id:number}',
    });
    expect(logged?.requestId).to.match(/^[\w-]{36}$/);
  });

  it('when a batch is sent, expected one request, references resolved and each failure its own', async () => {
    const { gateway, id, standIn } = opened;
    const outcomes = await gateway.batch(id, [
      { key: 'deal', method: 'crm.item.get', params: deal },
      { key: 'none', method: 'crm.item.get', params: { entityTypeId: 2, id: 999_999 } },
      { key: 'me', method: 'profile', params: {} },
    ]);
    expect(outcomes.get('deal')).to.have.nested.property('result.item.id', 77);
    expect(outcomes.get('none')).to.have.nested.property('error.code', 'NOT_FOUND');
    expect(outcomes.get('me')).to.have.property('ok', true);
    expect(standIn.requestCount).to.equal(1);
    const logged = await loggedCall(opened);
    expect(logged).to.include({ method: 'batch', code: 'NOT_FOUND' });
    expect(logged?.paramShape).to.equal(
      'crm.item.get(entityTypeId,id); crm.item.get(entityTypeId,id); profile()',
    );
    expect(checkCalls(standIn.calls)).to.deep.equal([]);
  });

  it('when the token has expired at the portal, expected one refresh and the answer', async () => {
    const { gateway, id, standIn, store } = opened;
    const before = await store.portals.get(id);
    standIn.expireToken(before?.tokens?.accessToken ?? '');
    await gateway.call(id, add, entry);
    expect(standIn.oauthRequests).to.have.length(1);
    expect(titles()).to.have.length(1);
    const after = await store.portals.get(id);
    expect(after?.tokens?.accessToken).not.to.equal(before?.tokens?.accessToken);
    expect(after?.domain).to.equal(standIn.domain);
  });

  it('when many calls meet an expired token, expected one refresh', async () => {
    const { gateway, id, standIn, store } = opened;
    standIn.expireToken((await store.portals.get(id))?.tokens?.accessToken ?? '');
    await Promise.all(Array.from({ length: 12 }, () => gateway.call(id, 'crm.item.get', deal)));
    expect(standIn.oauthRequests).to.have.length(1);
  });

  it('when the stored token is about to end, expected a refresh before the call', async () => {
    const { gateway, id, standIn, store } = opened;
    const tokens = (await store.portals.get(id))?.tokens;
    if (!tokens) throw new Error('no tokens');
    await store.portals.update(id, { tokens: { ...tokens, expiresAt: new Date(Date.now() + 10_000) } });
    await gateway.call(id, 'crm.item.get', deal);
    expect(standIn.requestCount).to.equal(1);
    expect(standIn.oauthRequests).to.have.length(1);
  });

  for (const kind of ['query_limit', 'bad_gateway', 'internal_error', 'reset'] as const) {
    it(`when a read meets ${kind} once, expected a second try`, async () => {
      const { gateway, id, standIn } = opened;
      standIn.faults.add({ kind, method: 'crm.item.get' });
      expect(await gateway.call(id, 'crm.item.get', deal)).to.have.nested.property('item.id', 77);
      expect(pauses).to.have.length(1);
    });

    it(`when an add meets ${kind}, expected no second try and a retryable error`, async () => {
      const { gateway, id, standIn } = opened;
      standIn.faults.add({ kind, method: add });
      const error = await failureOf(gateway.call(id, add, entry));
      expect(error).to.include({ name: 'PortalError', retryable: true });
      expect(pauses).to.deep.equal([]);
      expect(titles()).to.deep.equal([]);
    });
  }

  it('when a read keeps failing, expected three tries', async () => {
    const { gateway, id, standIn } = opened;
    standIn.faults.add({ kind: 'bad_gateway', method: 'crm.item.get', times: 10 });
    const error = await failureOf(gateway.call(id, 'crm.item.get', deal));
    expect(error).to.include({ code: 'bad_gateway', retryable: true });
    expect(standIn.requestCount).to.equal(3);
  });

  it('when a method is blocked for its operating time, expected the wait that the portal names', async () => {
    const { gateway, id, standIn } = opened;
    standIn.faults.add({ kind: 'operation_limit', method: 'crm.item.get' });
    const error = await failureOf<{ code: string; retryAfterS: number }>(
      gateway.call(id, 'crm.item.get', deal),
    );
    expect(error.code).to.equal('OPERATION_TIME_LIMIT');
    expect(error.retryAfterS).to.be.within(590, 601);
    expect(pauses).to.deep.equal([]);
  });

  it('when a command of a batch is blocked, expected its own wait', async () => {
    const { gateway, id, standIn } = opened;
    standIn.faults.add({ kind: 'operation_limit', method: 'crm.item.get' });
    const outcomes = await gateway.batch(id, [{ key: 'deal', method: 'crm.item.get', params: deal }]);
    expect(outcomes.get('deal')).to.have.nested.property('error.code', 'OPERATION_TIME_LIMIT');
  });

  it('when an add gets no answer, expected it not repeated', async () => {
    const { gateway, id, standIn } = opened;
    standIn.faults.add({ kind: 'no_answer', method: add });
    const error = await failureOf(gateway.call(id, add, entry));
    expect(error).to.include({ code: 'no_answer', retryable: true });
    expect(standIn.requestCount).to.equal(1);
  });

  it('when a permanent error is answered, expected no second try', async () => {
    const { gateway, id, standIn } = opened;
    const error = await failureOf(gateway.call(id, 'crm.deal.get', { id: 999_999 }));
    expect(error).to.include({ code: 'bad_request', retryable: false });
    expect(standIn.requestCount).to.equal(1);
  });

  it('when the refresh token is dead, expected needs_reauth, stored, and no more requests', async () => {
    const { gateway, id, standIn, store } = opened;
    standIn.killUser(1);
    const error = await failureOf(gateway.call(id, 'crm.item.get', deal));
    expect(error).to.include({ code: 'needs_reauth', retryable: false });
    expect((await store.portals.get(id))?.state).to.equal('needs_reauth');
    const { requestCount } = standIn;
    await failureOf(gateway.call(id, 'crm.item.get', deal));
    expect(standIn.requestCount).to.equal(requestCount);
    expect(standIn.oauthRequests).to.have.length(1);
  });

  it('when the app was removed without a word, expected needs_reauth after one refresh', async () => {
    const { gateway, id, standIn, store } = opened;
    await standIn.uninstallApp();
    const error = await failureOf(gateway.call(id, 'crm.item.get', deal));
    expect(error.code).to.equal('needs_reauth');
    expect((await store.portals.get(id))?.state).to.equal('needs_reauth');
  });

  it('when the portal never accepts a token, expected it given up after one refresh', async () => {
    const { gateway, id, standIn, store } = opened;
    standIn.faults.add({ kind: 'invalid_token', times: 10 });
    expect((await failureOf(gateway.call(id, 'crm.item.get', deal))).code).to.equal('needs_reauth');
    expect(standIn.oauthRequests).to.have.length(1);
    expect((await store.portals.get(id))?.state).to.equal('needs_reauth');
  });

  it('when the OAuth server does not answer, expected a retryable error and the state kept', async () => {
    const { gateway, id, standIn, store } = opened;
    standIn.expireToken((await store.portals.get(id))?.tokens?.accessToken ?? '');
    standIn.faults.add({ kind: 'bad_gateway', method: 'oauth' });
    const error = await failureOf(gateway.call(id, add, entry));
    expect(error).to.include({ code: 'oauth_unavailable', retryable: true });
    expect((await store.portals.get(id))?.state).to.equal('active');
  });

  it('when the stored OAuth server is not trusted, expected the secret not sent', async () => {
    const { gateway, id, standIn, store } = opened;
    await store.portals.update(id, { serverEndpoint: 'http://127.0.0.1:9/rest/' });
    standIn.expireToken((await store.portals.get(id))?.tokens?.accessToken ?? '');
    expect((await failureOf(gateway.call(id, 'crm.item.get', deal))).code).to.equal('server_not_trusted');
  });

  it('when the portal was renamed, expected the call done at the new address', async () => {
    const { gateway, id, standIn, store } = opened;
    // The portal has moved to the address that the OAuth server knows; the stored one redirects.
    const old = await startRedirecting(standIn.url);
    try {
      await store.portals.update(id, { clientEndpoint: `${old.url}/rest/`, domain: new URL(old.url).host });
      await gateway.call(id, add, entry);
      expect(titles()).to.have.length(1);
      expect(await store.portals.get(id)).to.include({
        domain: standIn.domain,
        clientEndpoint: standIn.clientEndpoint,
      });
      expect(old.methods).to.deep.equal(['POST']);
      expect(standIn.requestCount).to.equal(1);
    } finally {
      await old.close();
    }
  });

  it('when tokens are stored anew, expected the next call to use them', async () => {
    const { gateway, id, standIn, store } = opened;
    await gateway.call(id, 'crm.item.get', deal);
    const pair = standIn.issueToken({ userId: 7 });
    const expiresAt = new Date(pair.expires * 1000);
    await store.portals.update(id, { tokens: { ...pair, userId: '7', expiresAt } });
    expect(await gateway.call(id, 'profile')).to.include({ ID: '7' });
  });

  it('when the app was removed or never there, expected no request', async () => {
    const { gateway, id, standIn, store } = opened;
    expect((await failureOf(gateway.call('unknown', 'profile'))).code).to.equal('unknown_portal');
    await store.portals.update(id, { state: 'uninstalled', tokens: null });
    expect((await failureOf(gateway.call(id, 'profile'))).code).to.equal('uninstalled');
    expect(standIn.requestCount).to.equal(0);
  });
});

/** The newest entry of the request log, which is written beside the call. */
async function loggedCall({ store, id }: OpenedPortal) {
  for (;;) {
    const [logged] = await store.restLog.list(id, 1);
    if (logged) return logged;
    await new Promise(setImmediate);
  }
}

async function startRedirecting(target: string) {
  const { createServer } = await import('node:http');
  const methods: string[] = [];
  const server = createServer((req, res) => {
    methods.push(req.method ?? '');
    res.writeHead(302, { location: target + (req.url ?? '') }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    methods,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
