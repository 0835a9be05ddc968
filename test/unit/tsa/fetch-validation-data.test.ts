import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createFetchValidationData } from '../../../app/tsa/fetch-validation-data.ts';

describe('asking certificate authorities', () => {
  let url: string;
  let asked: { method?: string; type?: string; body: string }[];
  let respond: (request: IncomingMessage, response: ServerResponse) => void;
  let now: Date;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      asked.push({ method: request.method, type: request.headers['content-type'], body });
      respond(request, response);
    });
  });
  before(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    asked = [];
    now = new Date('2026-11-22T10:00:00Z');
    respond = (_, response) => response.end('answer');
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const create = (options: Partial<Parameters<typeof createFetchValidationData>[0]> = {}) =>
    createFetchValidationData({ privateHosts: ['127.0.0.1'], clock: { now: () => now }, ...options });
  const failureOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'none',
      (error: Error) => error.message,
    );

  it('when there is a query, expected it to be posted as OCSP wants it, every time', async () => {
    const fetch = create();
    expect(Buffer.from(await fetch(url, Buffer.from('query'))).toString()).to.equal('answer');
    await fetch(url, Buffer.from('query'));
    const one = { method: 'POST', type: 'application/ocsp-request', body: 'query' };
    expect(asked).to.deep.equal([one, one]);
  });

  it('when there is none, expected a GET whose answer is kept as long as its server allows, an hour at most', async () => {
    const fetch = create();
    const headers: [path: string, header: Record<string, string>, minutes: number][] = [
      ['/silent', {}, 10],
      ['/age', { 'Cache-Control': 'public, max-age=1200' }, 20],
      ['/long', { 'Cache-Control': 'max-age=999999' }, 60],
      ['/expires', { Expires: new Date(now.getTime() + 30 * 60_000).toUTCString() }, 30],
      ['/never', { 'Cache-Control': 'no-store' }, 0],
    ];
    const start = now;
    for (const [path, header, minutes] of headers) {
      asked = [];
      respond = (_, response) => response.writeHead(200, header).end('list');
      now = start;
      await fetch(url + path);
      now = new Date(start.getTime() + minutes * 60_000 - 1000);
      await fetch(url + path);
      expect(asked, path).to.have.length(minutes === 0 ? 2 : 1);
      now = new Date(start.getTime() + minutes * 60_000 + 1000);
      await fetch(url + path);
      expect(asked, path).to.have.length(minutes === 0 ? 3 : 2);
    }
  });

  it('when the cache is full, expected the oldest to be asked for again', async () => {
    const fetch = create();
    for (let number = 0; number <= 100; number++) await fetch(`${url}/${number}`);
    asked = [];
    await fetch(`${url}/100`);
    expect(asked).to.have.length(0);
    await fetch(`${url}/0`);
    expect(asked).to.have.length(1);
  });

  it('when an address is not public, expected no connection, by number and by name', async () => {
    const fetch = create({ privateHosts: [], lookup: async () => ['127.0.0.1'] });
    const { port } = new URL(url);
    const urls = [
      url,
      `http://ca.example.com:${port}/`,
      `http://[::1]:${port}/`,
      `http://2130706433:${port}/`,
    ];
    for (const each of urls) expect(await failureOf(fetch(each)), each).to.match(/not a public|not allowed/);
    expect(asked).to.deep.equal([]);
  });

  it('when a host may be private, expected it to be asked', async () => {
    const fetch = create({ privateHosts: ['CA.corp.example'], lookup: async () => ['127.0.0.1'] });
    const { port } = new URL(url);
    expect(await failureOf(fetch(`http://ca.corp.example:${port}/`))).to.equal('none');
  });

  it('when it is no web address, expected a refusal', async () => {
    for (const each of ['ldap://ca/x', 'file:///etc/passwd', 'http://user:pw@127.0.0.1/', 'nonsense']) {
      expect(await failureOf(create()(each)), each).to.match(/not an address/);
    }
  });

  it('when it redirects, fails or sends too much, expected a failure', async () => {
    respond = (_, response) => response.writeHead(302, { Location: `${url}/other` }).end();
    expect(await failureOf(create()(url))).to.match(/302/);
    expect(asked).to.have.length(1);
    respond = (_, response) => response.writeHead(404).end();
    expect(await failureOf(create()(url))).to.match(/404/);
    respond = (_, response) => response.end(Buffer.alloc(10 * 2 ** 20 + 1));
    expect(await failureOf(create()(url))).to.match(/maxContentLength/);
  });
});
