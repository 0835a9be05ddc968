/* eslint-disable @typescript-eslint/no-explicit-any -- answers are looked at, not modelled */
import { B24OAuth } from '@bitrix24/b24jssdk';
import { expect } from 'chai';
import { startFixture, type Fixture } from './support/portal-fixture.ts';

type Auth = ConstructorParameters<typeof B24OAuth>[0];

describe('stand-in portal: the official SDK as a client', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await startFixture();
  });
  after(() => fixture.close());

  function client(expires?: number): { b24: B24OAuth; auth: Auth } {
    const { portal, app } = fixture;
    const token = portal.issueToken();
    const auth = {
      applicationToken: portal.appState().applicationToken,
      userId: 1,
      memberId: portal.memberId,
      accessToken: token.accessToken,
      refreshToken: token.refreshToken,
      expires: expires ?? token.expires,
      expiresIn: 3600,
      scope: 'crm',
      domain: portal.domain,
      clientEndpoint: portal.clientEndpoint,
      serverEndpoint: portal.serverEndpoint,
      status: 'F',
    } as Auth;
    const { clientId, clientSecret } = app.descriptor;
    return { b24: new B24OAuth(auth, { clientId, clientSecret }), auth };
  }

  it('when a method is called, expected its result and a recorded call', async () => {
    const { b24 } = client();
    const answer = await b24.actions.v2.call.make<any>({
      method: 'crm.item.get',
      params: { entityTypeId: 2, id: 77 },
    });
    expect(answer.getData()?.result.item.title).to.equal('Поставка оборудования');
    expect(fixture.portal.calls.at(-1)).to.deep.include({
      method: 'crm.item.get',
      params: { entityTypeId: 2, id: 77 },
      status: 200,
    });
  });

  it('when a batch is called, expected every member answered and recorded one by one', async () => {
    fixture.portal.clearCalls();
    const { b24 } = client();
    const answer = await b24.actions.v2.batch.make<any>({
      calls: {
        me: { method: 'profile', params: {} },
        docs: {
          method: 'crm.documentgenerator.document.list',
          params: { select: ['*'], filter: { entityTypeId: 2, entityId: 77 } },
        },
      },
      options: { isHaltOnError: true },
    });
    const data = answer.getData();
    expect(data.me.ID).to.equal('1');
    expect(data.docs.documents.map((one: any) => one.id)).to.deep.equal(['300', '301', '302']);
    expect(fixture.portal.calls.map((one) => one.method)).to.deep.equal([
      'profile',
      'crm.documentgenerator.document.list',
    ]);
    expect(fixture.portal.requestCount).to.equal(1);
  });

  it('when the token has expired, expected one refresh and the call done', async () => {
    const { b24, auth } = client();
    fixture.portal.expireToken(auth.accessToken);
    const before = fixture.portal.oauthRequests.length;
    const answer = await b24.actions.v2.call.make<any>({ method: 'profile', params: {} });
    expect(answer.getData()?.result.ID).to.equal('1');
    expect(fixture.portal.oauthRequests.slice(before)).to.have.length(1);
    expect(fixture.portal.oauthRequests.at(-1)).to.include({ grantType: 'refresh_token', ok: true });
  });

  it('when the refresh token was used before, expected a refusal that carries invalid_grant', async () => {
    const { portal } = fixture;
    const { b24, auth } = client(1);
    await b24.actions.v2.call.make({ method: 'server.time', params: {} });
    const second = new B24OAuth(auth, fixture.app.descriptor);
    const error = await second.actions.v2.call.make({ method: 'server.time', params: {} }).then(
      () => undefined,
      (failure: unknown) => failure as { originalError?: { code?: string } },
    );
    expect(error?.originalError?.code).to.equal('invalid_grant');
    expect(portal.oauthRequests.at(-1)).to.include({ ok: false, error: 'invalid_grant' });
  });
});
