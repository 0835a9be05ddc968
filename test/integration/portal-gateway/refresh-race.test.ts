import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createRateLimiter } from '../../../app/storage/create-rate-limiter.ts';
import { openPortal } from './open-portal.ts';
import type { OpenedPortal } from './open-portal.ts';
import type { RacerInput } from './refresh-racer.ts';

const program = fileURLToPath(new URL('refresh-racer.ts', import.meta.url));

async function startRacer(input: RacerInput): Promise<ChildProcess> {
  const child = fork(program, [JSON.stringify(input)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  await once(child, 'message');
  return child;
}

async function race(children: readonly ChildProcess[]): Promise<string[]> {
  const answers = children.map((child) => once(child, 'message') as Promise<[string[]]>);
  for (const child of children) child.send('go');
  const outcomes = (await Promise.all(answers)).flatMap(([outcome]) => outcome);
  for (const child of children) if (child.exitCode === null) await once(child, 'exit');
  return outcomes;
}

describe('token refresh of several processes', () => {
  let opened: OpenedPortal;
  beforeEach(async () => {
    opened = await openPortal();
  });
  afterEach(() => opened.close());

  const input = (): RacerInput => ({
    uri: opened.store.uri,
    portalId: opened.id,
    calls: 4,
    bitrix: opened.bitrix,
  });

  it('when two processes meet a token refused by the portal, expected exactly one refresh and no failed call', async () => {
    const { standIn, store, id } = opened;
    standIn.faults.add({ kind: 'delay', method: 'oauth', ms: 700, times: 9 });
    const children = await Promise.all([startRacer(input()), startRacer(input())]);
    standIn.expireToken((await store.portals.get(id))?.tokens?.accessToken ?? '');
    const outcomes = await race(children);
    expect(outcomes).to.deep.equal(Array(8).fill('ok'));
    expect(standIn.oauthRequests).to.deep.include({
      ...standIn.oauthRequests[0],
      grantType: 'refresh_token',
      ok: true,
    });
    expect(standIn.oauthRequests).to.have.length(1);
  }).timeout(30_000);

  it('when two processes see that the stored token has run out, expected exactly one refresh', async () => {
    const { standIn, store, id } = opened;
    standIn.faults.add({ kind: 'delay', method: 'oauth', ms: 700, times: 9 });
    const children = await Promise.all([startRacer(input()), startRacer(input())]);
    const tokens = (await store.portals.get(id))?.tokens;
    if (!tokens) throw new Error('no tokens');
    await store.portals.update(id, { tokens: { ...tokens, expiresAt: new Date(Date.now() - 1000) } });
    expect(await race(children)).to.deep.equal(Array(8).fill('ok'));
    expect(standIn.oauthRequests).to.have.length(1);
  }).timeout(30_000);

  it('when several limiters share a portal, expected 48 requests at once and then two a second', async () => {
    const waits: number[] = [];
    const options = {
      connection: opened.store.connection,
      clock: { now: () => new Date(1_800_000_000_000) },
      wait: async (ms: number) => void waits.push(ms),
    };
    const [one, two] = [createRateLimiter(options), createRateLimiter(options)] as const;
    await Promise.all(Array.from({ length: 52 }, (_, index) => (index % 2 ? one : two).take('shared', 1)));
    expect(waits.toSorted((a, b) => a - b)).to.deep.equal([500, 1000, 1500, 2000]);
    await one.take('other', 48);
    expect(waits).to.have.length(4);
  });

  it('when the wait would be too long, expected a retryable refusal that gives its turn back', async () => {
    const limiter = createRateLimiter({
      connection: opened.store.connection,
      clock: { now: () => new Date(1_800_000_000_000) },
      maxWaitMs: 1000,
      wait: async () => undefined,
    });
    await limiter.take('busy', 50);
    for (let tries = 0; tries < 3; tries += 1) {
      const error = await limiter.take('busy', 1).catch((reason: unknown) => reason);
      expect(error).to.include({ code: 'busy', retryable: true, retryAfterS: 2 });
    }
  });
});
