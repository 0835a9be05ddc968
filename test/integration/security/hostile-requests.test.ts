import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { linkIn } from '../../support/read-outbox.ts';
import { openStory } from '../../support/open-story.ts';
import type { Story } from '../../support/open-story.ts';
import { waitFor } from '../../support/wait-for.ts';
import { registerPeople } from '../robots/refusal-cases.ts';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const MULTIPART = 'multipart/form-data';

const BODIES: readonly (readonly [type: string, body: string])[] = [
  ['', ''],
  ['text/plain', 'x=1'],
  ['application/xml', '<x/>'],
  [JSON_TYPE, '[]'],
  [JSON_TYPE, '"x"'],
  [JSON_TYPE, 'null'],
  [JSON_TYPE, '{"a":'],
  [JSON_TYPE, '{"code":"\\ud800"}'],
  [JSON_TYPE, '['.repeat(100_000)],
  [`${JSON_TYPE}; charset=latin1`, '{}'],
  [
    JSON_TYPE,
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"code":{"$gt":""},' +
      '"auth":{"member_id":{"$ne":""},"application_token":{"$ne":""}},"member_id":{"$ne":""},"AUTH_ID":{"$ne":""}}',
  ],
  [FORM, 'a'.repeat(2_000_000)],
  [FORM, `x${'[a]'.repeat(5000)}=1`],
  [FORM, Array.from({ length: 100_000 }, (_, i) => `p${i}=1`).join('&')],
  [FORM, '__proto__[polluted]=1&constructor[prototype][polluted]=1&auth[__proto__][polluted]=1'],
  [FORM, 'auth[member_id][$ne]=&auth[application_token][$ne]=&member_id[$ne]=&AUTH_ID[$gt]=&code[$regex]=.'],
  [FORM, '%ff%fe=%00&code=%c3%28&auth[member_id]=%00&auth=1&event[]=%00&member_id=%00&AUTH_ID=%00'],
  [`${FORM}; charset=utf-7`, 'a=1'],
  [MULTIPART, 'x'],
  [`${MULTIPART}; boundary=`, ''],
  [`${MULTIPART}; boundary=B`, '--B\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc'],
];

describe('requests that nobody sends by mistake', function () {
  this.timeout(60_000);
  let story: Story;
  let link: string;
  let signingId: string;
  const sessions: Record<'admin' | 'user', string> = { admin: '', user: '' };

  before(async () => {
    story = await openStory({ env: { TRUST_PROXY: '127.0.0.1' } });
    await registerPeople(story);
    const deal = story.deal();
    const run = await story.send(deal, {
      document_id: [await story.document(deal, { title: 'A/../"quoted"; name\u202E' })],
      signer_2: [story.contact()],
    });
    link = new URL(linkIn(await story.invitation(run, 's1'))).pathname;
    signingId = story.idOf(run);
    const sessionOf = async (userId: number) => {
      const { html } = await story.portal.openFrame('DEFAULT', {}, userId);
      return /<meta name="session" content="([^"]+)"/.exec(html)?.[1] ?? '';
    };
    sessions.admin = await sessionOf(1);
    sessions.user = await sessionOf(15);
  });
  after(() => story.close());

  let addresses = 0;
  const send = (path: string, init: RequestInit = {}, from = `198.51.100.${(addresses += 1) % 250}`) =>
    fetch(`${story.url}${path}`, {
      ...init,
      headers: { Accept: 'application/json', 'X-Forwarded-For': from, ...init.headers },
    });
  const office = (path: string, init: RequestInit = {}, session = sessions.admin) =>
    send(`/office${path}`, { ...init, headers: { Authorization: `Bearer ${session}`, ...init.headers } });
  const posted = (type: string, body: string | Buffer<ArrayBuffer>): RequestInit => ({
    method: 'POST',
    body,
    headers: { 'Content-Type': type },
  });

  /** Refused or taken, but never a fault of ours, and never with anything of our insides. */
  async function expectCalm(answer: Response, what: string): Promise<void> {
    const text = await answer.text();
    expect(answer.status, what).to.be.within(200, 499);
    expect(text, what).not.to.match(/node_modules|\.ts:\d|\/work\/|Error:/);
    expect(({} as Record<string, unknown>)['polluted'], what).to.equal(undefined);
  }

  it('when any door gets any body, expected an answer that is no fault', async () => {
    const doors = [
      '/install',
      '/events',
      '/robots/send_for_signing',
      '/app',
      '/placements/deal-tab',
      '/office/session',
      '/verify',
      ...['opened', 'code', 'confirm', 'sign', 'decline'].map((each) => `${link}/${each}`),
    ];
    for (const door of doors) {
      for (const [type, body] of BODIES) {
        await expectCalm(await send(door, posted(type, body)), `${door} ${type} ${body.slice(0, 40)}`);
      }
    }
    const { status } = (await story.signings.get(signingId))!;
    expect(status).to.be.oneOf(['sent', 'opened']);
  });

  it('when any action of the office gets any body, expected an answer that is no fault', async () => {
    const doors = [
      '/settings',
      '/employees/15',
      '/employees/15/rights',
      '/employees/15/signature',
      '/me/mandate',
      '/me/signature',
      `/signings/${signingId}/remind`,
    ];
    for (const door of doors) {
      for (const [type, body] of BODIES) {
        await expectCalm(await office(door, posted(type, body)), `${door} ${type} ${body.slice(0, 40)}`);
      }
    }
    expect((await office('/employees/15/rights', posted(JSON_TYPE, '[]'))).status).to.equal(400);
    expect((await office('/me/signature', posted(MULTIPART, 'x'))).status).to.equal(400);
  });

  it('when the name of whom to remind is no text, expected nobody reminded', async () => {
    const before = await story.signings.get(signingId);
    const answer = await office(`/signings/${signingId}/remind`, posted(FORM, 'signer[$ne]=1'));
    expect(answer.status).to.equal(400);
    expect((await story.signings.get(signingId))?.revision).to.equal(before?.revision);
  });

  it('when a small body unpacks to a large one, expected 413', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, 'a'));
    for (const type of [FORM, JSON_TYPE]) {
      const init = posted(type, bomb);
      const answer = await send('/events', {
        ...init,
        headers: { ...init.headers, 'Content-Encoding': 'gzip' },
      });
      expect(answer.status).to.equal(413);
    }
  });

  it('when ids, filters and files are operators, patterns or paths, expected nothing found', async () => {
    for (const path of [
      '/signings?search[$ne]=1&status[$ne]=x&cursor[$gt]=',
      '/signings?search=%00((((.*&status=__proto__&cursor=%00',
      '/employees/search?q=%24result%5Bprofile%5D%5BID%5D',
    ])
      expect((await office(path)).status, path).to.equal(200);
    for (const path of [
      '/signings/%00',
      '/signings/$ne',
      '/signings/..%2f..%2fapp',
      `/files/${signingId}/..%2fsource-1`,
      `/files/${signingId}/__proto__`,
      '/employees/..%2f1/signature',
      '/employees/9999999999999999999/signature',
    ])
      expect((await office(path)).status, path).to.equal(404);
    for (const path of [
      '/assets/x/..%2f..%2fpackage.json',
      '/assets/x/..%5c..%5cpackage.json',
      '/assets/x/vendor/pdfjs/build/..%2f..%2f..%2f.package-lock.json',
      '/assets/x/%00',
      '/verify/%00',
      '/verify/$ne',
    ])
      expect((await send(path)).status, path).to.equal(404);
  });

  it('when a session is cut, padded, foreign or enormous, expected 401', async () => {
    const cookie = 'cs_0123456789abcdef';
    const [payload = '', mac = ''] = sessions.admin.split('.');
    for (const bad of [
      '.',
      '..',
      `${payload}.`,
      `${payload}.${mac}=`,
      `${payload}.${mac}.`,
      `.${mac}`,
      encodeURI('é.ü'),
      'x'.repeat(12_000),
      link.slice(3),
      cookie,
    ])
      expect((await office('/signings', {}, bad)).status, bad.slice(0, 40)).to.equal(401);
  });

  it('when somebody without the right tries an admin’s doors in any spelling, expected 403 or 404', async () => {
    for (const path of ['/settings', '/SETTINGS', '/settings/', '//settings', '/employees', '/Employees/7']) {
      for (const init of [{}, posted(FORM, 'x=1')]) {
        expect((await office(path, init, sessions.user)).status, path).to.be.oneOf([403, 404]);
      }
    }
  });

  it('when any answer is looked at, expected its headers to forbid framing, sniffing and keeping', async () => {
    const kept = new Set(['/healthz', '/readyz', '/assets/x/css/countersign.css']);
    for (const path of [
      ...kept,
      '/verify',
      '/terms',
      '/nothing',
      link,
      `${link}/document`,
      `${link}/status`,
      `/s/${'x'.repeat(80)}`,
      '/office/signings',
    ]) {
      const { headers } = await send(path);
      expect(headers.get('content-security-policy'), path).to.match(/frame-ancestors 'none'$/);
      expect(headers.get('x-content-type-options'), path).to.equal('nosniff');
      expect(headers.get('referrer-policy'), path).to.equal('no-referrer');
      expect(headers.get('x-powered-by'), path).to.equal(null);
      if (!kept.has(path)) expect(headers.get('cache-control'), path).to.include('no-store');
    }
    const file = await office(`/files/${signingId}/source-1`);
    expect(file.headers.get('cache-control')).to.include('no-store');
    expect(file.headers.get('content-security-policy')).to.equal("frame-ancestors 'none'");
    expect(file.headers.get('content-disposition')).to.match(/^attachment; filename="[^"\\/]+"/);
  });

  it('when links are guessed, expected one and the same refusal', async () => {
    const token = link.slice(3);
    const pages = new Set<string>();
    for (const guess of [
      signingId,
      `${signingId}-s1-${'A'.repeat(43)}`,
      `${signingId}-s2-${token.slice(-43)}`,
      `${'f'.repeat(32)}-s1-${token.slice(-43)}`,
      token.slice(0, -1),
      `${token}=`,
      '__proto__',
    ]) {
      const answer = await send(`/s/${guess}`, { headers: { Accept: 'text/html' } });
      expect(answer.status).to.equal(404);
      pages.add((await answer.text()).replace(/[\da-f]{8}-[\da-f-]{27}/g, 'reference'));
    }
    expect(pages.size).to.equal(1);
  });

  it('when one address holds uploads open, expected others to have a file checked', async () => {
    const slow: Socket[] = [];
    const open = (from: string) => {
      const socket = connect(Number(new URL(story.url).port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(
        `POST /verify HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${from}\r\nContent-Length: 1000000\r\n` +
          `Content-Type: ${MULTIPART}; boundary=B\r\n\r\n--B\r\n`,
      );
      slow.push(socket);
    };
    const check = (from?: string) => {
      const form = new FormData();
      form.set('file', new Blob(['no PDF']), 'a.pdf');
      return send('/verify', { method: 'POST', body: form }, from);
    };
    await waitFor('its places to be taken', async () => {
      // One more each time, and a moment to get its place: the question itself must not have it.
      open('203.0.113.1');
      await check();
      return (await check('203.0.113.1')).status === 429;
    });
    expect((await check('203.0.113.2')).status).to.equal(200);
    for (const socket of slow) socket.destroy();
    await waitFor('its places to be free', async () => (await check('203.0.113.1')).status === 200);
  });
});
