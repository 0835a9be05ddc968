import { expect } from 'chai';
import { checkCalls } from '../../portal/check-calls.ts';
import { startStandInPortal } from '../../portal/start.ts';
import type { FormValue, StandInPortal } from '../../portal/types.ts';
import { openStory } from '../../support/open-story.ts';
import type { Story } from '../../support/open-story.ts';
import { APP_CODE, registerOn } from '../../support/run-app.ts';
import { lookAround } from './expect-refused.ts';
import { registerPeople } from './refusal-cases.ts';

type Fields = Record<string, FormValue>;

describe('posts to a robot that no portal of ours has sent', function () {
  this.timeout(60_000);
  let story: Story;
  let other: StandInPortal;
  let deal: number;
  let genuine: Fields;

  before(async () => {
    story = await openStory({ env: { START_CREDITS: '100' } });
    await registerPeople(story);
    other = await startStandInPortal({ oauth: story.portal.oauth, rateLimit: false });
    registerOn(other, story.url);
    await other.installApp();
    await other.finishInstall();
    deal = story.deal();
    const run = await story.send(deal, {
      document_id: [await story.document(deal)],
      signer_2: [story.contact()],
      return_when: 'accepted',
    });
    await run.wait();
    await story.idle();
    genuine = run.deliveries[0]!.fields as Fields;
  });
  after(async () => {
    await other.close();
    await story.close();
  });
  beforeEach(() => story.rest());

  const runs = () => story.app.container.store.db.collection('robot_runs').countDocuments();

  async function expectHarmless(status: number[], fields: Fields, path = '/robots/send_for_signing') {
    const { portal } = story;
    const before = { ...(await lookAround(story, deal)), runs: await runs() };
    const calls = portal.calls.length + other.calls.length;
    const document = await story.document(deal);
    const properties = { ...(genuine['properties'] as Fields), document_id: [String(document)] };
    const form = { ...genuine, event_token: `forged|A1|${document}.00`, properties, ...fields };
    const delivery = await portal.postToApp(`${story.url}${path}`, form);
    expect(delivery.status).to.be.oneOf(status);
    await story.idle();
    expect({ ...(await lookAround(story, deal)), runs: await runs() }).to.deep.equal(before);
    expect(portal.calls.length + other.calls.length, 'calls to a portal').to.equal(calls);
    expect(await story.balance()).to.deep.equal(before.balance);
  }

  const auth = (changes: Fields): Fields => ({ auth: { ...(genuine['auth'] as Fields), ...changes } });
  const tokenOf = (portal: StandInPortal) => portal.appState(APP_CODE).applicationToken;

  it('when the genuine form comes with another event token, expected it to be taken: the forgeries below differ in one thing', async () => {
    expect(await runs()).to.be.greaterThan(0);
    const before = await runs();
    const form = { ...genuine, event_token: 'another|A1|1.00', properties: {} };
    const delivery = await story.portal.postToApp(`${story.url}/robots/send_for_signing`, form);
    expect(delivery.status).to.equal(200);
    await story.idle();
    expect(await runs()).to.equal(before + 1);
  });

  const forgeries: [string, () => Fields][] = [
    ['the application token is another', () => auth({ application_token: 'f'.repeat(32) })],
    ['the application token is empty', () => auth({ application_token: '' })],
    ['the application token is missing', () => auth({ application_token: undefined })],
    ['the application token is a list', () => auth({ application_token: [tokenOf(story.portal)] })],
    ['the portal is unknown', () => auth({ member_id: 'e'.repeat(32) })],
    ['the portal is missing', () => auth({ member_id: undefined })],
    ['the token is another portal’s', () => auth({ application_token: tokenOf(other) })],
    ['the portal is another than the token’s', () => auth({ member_id: other.memberId })],
    ['there is no auth at all', () => ({ auth: undefined })],
    ['auth is a text', () => ({ auth: tokenOf(story.portal) })],
    ['the code in the form is another robot’s', () => ({ code: 'check_status' })],
    ['there is no code', () => ({ code: undefined })],
    ['there is no event token', () => ({ event_token: undefined })],
  ];
  for (const [what, forge] of forgeries) {
    it(`when ${what}, expected 401 or 403 and no trace`, () => expectHarmless([401, 403], forge()));
  }

  it('when the robot is none of ours, expected 401 or 403 and no trace', () =>
    expectHarmless([401, 403], { code: 'format_disk' }, '/robots/format_disk'));

  it('when the app was uninstalled, expected 403 for what its portal still sends', async () => {
    const fields = auth({ member_id: other.memberId, application_token: tokenOf(other) });
    await other.uninstallApp();
    await other.settled();
    await story.idle();
    await expectHarmless([401, 403], fields);
  });

  it('when the handlers are probed with HEAD, expected 200 on every path that the portal knows', async () => {
    const { placements, eventHandlers, robots } = story.portal.appState(APP_CODE);
    const urls = new Set([
      `${story.url}/install`,
      `${story.url}/app`,
      ...robots.map((code) => `${story.url}/robots/${code}`),
      ...placements.map(({ handler }) => handler),
      ...eventHandlers.map(({ handler }) => handler),
    ]);
    expect(robots).to.have.members(['send_for_signing', 'check_status']);
    expect([...urls]).to.include.members([
      `${story.url}/events`,
      `${story.url}/placements/deal-tab`,
      `${story.url}/placements/document-button`,
    ]);
    for (const url of urls) {
      const { status } = await fetch(url, { method: 'HEAD' });
      expect(status, url).to.equal(200);
    }
  });

  it('when all is over, expected every call to be as documented', () => {
    expect(checkCalls(story.portal.calls)).to.deep.equal([]);
  });
});
