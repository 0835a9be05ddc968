import { expect } from 'chai';
import qs from 'node:querystring';
import express from 'express';
import { once } from 'node:events';
import {
  parseEventForm,
  parseFrameForm,
  parseRunPost,
  toFormTree,
} from '../../../app/portal/parse-portal-form.ts';
import { encodePhpQuery } from '../../portal/php-query.ts';

/** A form through the body parser that the server uses. */
async function received(body: string): Promise<unknown> {
  const app = express();
  const limits = { extended: true, limit: '1mb', parameterLimit: 5000, depth: 8 };
  app.use(express.urlencoded(limits));
  app.post('/', (req, res) => void res.json(req.body));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as { port: number };
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body });
    return await answer.json();
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('forms of the portal', () => {
  it('when a run is posted, expected who says that they send it', async () => {
    const body = encodePhpQuery({
      workflow_id: 'w.1',
      code: 'send_for_signing',
      event_token: 'w.1|A1|x.y',
      properties: { document_id: ['300', '301'] },
      auth: { member_id: 'm', user_id: '0', application_token: 't', scope: 'crm,bizproc' },
    });
    const run = parseRunPost(await received(body));
    expect(run.code).to.equal('send_for_signing');
    expect(run.auth).to.include({ memberId: 'm', userId: '', applicationToken: 't', refreshToken: '' });
  });

  it('when parts are missing or of another shape, expected empty ones', () => {
    for (const body of [
      undefined,
      null,
      '',
      'text',
      [],
      5,
      { auth: 'x', data: [], event: { a: 1 }, properties: 'y' },
    ]) {
      expect(parseRunPost(body).code).to.equal('');
      expect(parseEventForm(body)).to.deep.include({ event: '', data: {} });
      expect(parseFrameForm(body, body)).to.deep.include({
        domain: '',
        memberId: '',
        placement: 'DEFAULT',
        options: {},
      });
    }
  });

  it('when keys aim at prototypes, expected them dropped', () => {
    const hostile = JSON.parse(
      '{"data":{"__proto__":{"x":"1"},"constructor":"2","FIELDS":{"ID":"7"}},"auth":{"__proto__":{"member_id":"m"}}}',
    ) as object;
    const form = parseEventForm(hostile);
    expect(form.auth.memberId).to.equal('');
    expect(Object.keys(form.data)).to.deep.equal(['FIELDS']);
    expect(({} as Record<string, unknown>)['x']).to.equal(undefined);
    expect(Object.getPrototypeOf(toFormTree({ a: {} }))).to.equal(null);
  });

  it('when nesting has no end, expected it cut', () => {
    const deep: Record<string, unknown> = {};
    deep['self'] = deep;
    expect(JSON.stringify(toFormTree(deep)).length).to.be.lessThan(300);
  });

  it('when a frame is opened, expected query and form together', () => {
    const query = qs.parse('DOMAIN=Acme.Bitrix24.com:443&PROTOCOL=1&LANG=de&APP_SID=s');
    const body = {
      AUTH_ID: 'a',
      REFRESH_ID: 'r',
      member_id: 'm',
      PLACEMENT: 'crm_deal_detail_tab',
      PLACEMENT_OPTIONS: '{"ID":"77","n":5}',
    };
    expect(parseFrameForm(query, body)).to.deep.include({
      domain: 'acme.bitrix24.com',
      secure: true,
      language: 'de',
      accessToken: 'a',
      refreshToken: 'r',
      memberId: 'm',
      placement: 'CRM_DEAL_DETAIL_TAB',
      options: { ID: '77', n: '5' },
    });
    expect(parseFrameForm(query, { ...body, PLACEMENT_OPTIONS: '[]' }).options).to.deep.equal({});
    expect(parseFrameForm(query, { ...body, PLACEMENT_OPTIONS: '{broken' }).options).to.deep.equal({});
  });

  it('when an event names endpoints without a slash, expected them as endpoints', () => {
    const form = parseEventForm({
      event: 'onAppInstall',
      auth: { server_endpoint: 'https://oauth.bitrix24.tech/rest', domain: 'A.B' },
    });
    expect(form.event).to.equal('ONAPPINSTALL');
    expect(form.auth).to.include({ serverEndpoint: 'https://oauth.bitrix24.tech/rest/', domain: 'a.b' });
  });
});
