import { expect } from 'chai';
import { codeIn, linkIn } from '../../support/read-outbox.ts';
import { openStory } from '../../support/open-story.ts';
import type { Story } from '../../support/open-story.ts';
import { registerPeople } from '../robots/refusal-cases.ts';

describe('secrets of a whole signing', function () {
  this.timeout(60_000);
  const lines: string[] = [];
  const secrets = new Map<string, string>();
  let story: Story;

  before(async () => {
    story = await openStory({ logTo: (line) => void lines.push(line) });
    await registerPeople(story);
    const deal = story.deal();
    const run = await story.send(deal, {
      document_id: [await story.document(deal)],
      signer_2: [story.contact()],
    });
    await story.sign(run, 's1');
    await story.sign(run, 's2');
    await story.reaches(run, 'completed');
    await mistype(linkIn(await story.invitation(run, 's1')));
    await visitOffice(deal, story.idOf(run));
    await disturb();
    await collect(run);
  });
  after(() => story.close());

  const keep = (name: string, value: unknown): void => {
    if (typeof value === 'string' && value.length > 5) secrets.set(value, name);
  };

  /** Links as mail programs and people break them. */
  async function mistype(link: string): Promise<void> {
    for (const [from, to] of [
      ['/s/', '//s/'],
      ['/s/', '/S/'],
      ['/s/', '/x/s/'],
      ['/s/', '/sign/s/'],
    ] as const) {
      await fetch(link.replace(from, to));
      await fetch(`${link.replace(from, to)}/more`, { method: 'POST' });
    }
    await fetch(`${link}%E0%A4%A`);
    await fetch(`${link}/nothing`, { method: 'DELETE' });
  }

  async function visitOffice(deal: number, signingId: string): Promise<void> {
    const { portal, url } = story;
    const frames = [
      await portal.openFrame('CRM_DEAL_DETAIL_TAB', { ID: deal }, 12),
      await portal.openFrame('DEFAULT', {}, 1),
    ];
    for (const { html, fields } of frames) {
      const session = /<meta name="session" content="([^"]+)"/.exec(html)?.[1] ?? '';
      expect(session).not.to.equal('');
      keep('session', session);
      keep('access token of a user', fields['AUTH_ID']);
      keep('refresh token of a user', fields['REFRESH_ID']);
      const headers = { Authorization: `Bearer ${session}` };
      for (const path of ['/me', '/deal/documents', `/signings/${signingId}`, `/nothing/${session}`]) {
        await fetch(`${url}/office${path}?session=${session}`, { headers });
      }
    }
  }

  async function disturb(): Promise<void> {
    const { portal, url } = story;
    portal.faults.add({ kind: 'internal_error', times: 1 });
    await portal.openFrame('DEFAULT', {}, 1);
    const invented = 'an-invented-token-0123456789';
    keep('invented token', invented);
    await portal.openFrame('DEFAULT', {}, 1, { fields: { AUTH_ID: invented, REFRESH_ID: invented } });
    const headers = { 'Content-Type': 'application/json' };
    await fetch(`${url}/app`, { method: 'POST', headers, body: `{"AUTH_ID":"${invented}` });
    await portal.sendEvent('ONAPPUPDATE', { VERSION: 2 });
    await story.idle();
  }

  async function collect(run: Parameters<Story['letters']>[0]): Promise<void> {
    const { portal } = story;
    keep('APP_SECRET', story.env['APP_SECRET']);
    keep('client secret', story.env['B24_CLIENT_SECRET']);
    const installation = await story.app.container.portals.get(portal.memberId);
    keep('access token', installation?.tokens?.accessToken);
    keep('refresh token', installation?.tokens?.refreshToken);
    keep('application token', installation?.applicationToken);
    for (const { fields } of portal.deliveries) {
      const form = fields as { auth?: Record<string, unknown>; event_token?: unknown };
      keep('access token of a post', form.auth?.['access_token']);
      keep('refresh token of a post', form.auth?.['refresh_token']);
      keep('event token', form.event_token);
    }
    for (const letter of await story.letters(run, /invite|code/)) {
      const link = linkIn(letter);
      if (link) keep('link', link.slice(-43));
      else keep('code', codeIn(letter));
    }
  }

  it('when all kinds were collected, expected each of them to be there', () => {
    expect([...new Set(secrets.values())]).to.include.members([
      'session',
      'access token',
      'refresh token',
      'application token',
      'event token',
      'link',
      'code',
    ]);
    expect(lines.length).to.be.greaterThan(50);
  });

  it('when everything was logged at the finest level, expected none of them in the log', () => {
    const log = lines.join('');
    for (const [value, name] of secrets) {
      expect(log.includes(value) || log.includes(encodeURIComponent(value)), name).to.equal(false);
    }
  });

  it('when the store is read without the key, expected none of them in any document', async () => {
    const { db } = story.app.container.store;
    for (const { name } of await db.listCollections().toArray()) {
      if (name.endsWith('.chunks')) continue;
      const text = JSON.stringify(await db.collection(name).find({}).toArray());
      for (const [value, what] of secrets) {
        // Six digits may stand in any fingerprint.
        if (what !== 'code') expect(text.includes(value), `${what} in ${name}`).to.equal(false);
      }
    }
  });
});
