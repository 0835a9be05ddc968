import { expect } from 'chai';
import type { PortalInstallation } from '../../../app/ports/portal-store.ts';
import { connectStore } from '../../../app/storage/connect-store.ts';
import { createLock } from '../../../app/storage/create-lock.ts';
import { createPortalStore } from '../../../app/storage/create-portal-store.ts';
import { createSecrets } from '../../../app/storage/create-secrets.ts';
import { openTestStore } from '../../support/store.ts';
import type { TestStore } from '../../support/store.ts';
import { NOW, minutes, rejection, times } from './build-signing.ts';

const tokens = { userId: '1', accessToken: 'ACCESS-1', refreshToken: 'REFRESH-1', expiresAt: minutes(60) };
const buildPortal = (id: string, fields: Partial<PortalInstallation> = {}): PortalInstallation => ({
  id,
  domain: `${id}.example.com`,
  clientEndpoint: `https://${id}.example.com/rest/`,
  serverEndpoint: 'https://oauth.bitrix.info/rest/',
  applicationToken: 'APPLICATION-1',
  state: 'active',
  language: 'ru',
  version: '1',
  scope: 'crm,bizproc',
  features: { robots: true, activities: false },
  tokens,
  installedAt: NOW,
  updatedAt: NOW,
  ...fields,
});

describe('portal store', () => {
  let store: TestStore;
  let now = NOW;
  beforeEach(async () => {
    now = NOW;
    store = await openTestStore({ clock: { now: () => now } });
  });
  afterEach(() => store.close());

  it('when a portal is saved, expected it back by id and by domain', async () => {
    await store.portals.save(buildPortal('a'));
    expect(await store.portals.get('a')).to.deep.equal(buildPortal('a'));
    expect(await store.portals.getByDomain('a.example.com')).to.deep.equal(buildPortal('a'));
    expect(await store.portals.get('b')).to.equal(undefined);
    expect(await store.portals.getByDomain('b.example.com')).to.equal(undefined);
  });

  it('when it is saved again, expected it replaced as a whole', async () => {
    await store.portals.save(buildPortal('a'));
    const bare = buildPortal('a', { tokens: undefined, applicationToken: '', domain: 'new.example.com' });
    await store.portals.save(bare);
    const read = await store.portals.get('a');
    expect(read).to.not.have.property('tokens');
    expect(read).to.include({ applicationToken: '', domain: 'new.example.com' });
    expect(await store.portals.getByDomain('a.example.com')).to.equal(undefined);
    expect(await store.portals.list()).to.have.length(1);
  });

  it('when two portals had a host, expected the one heard of last, any state', async () => {
    await store.portals.save(buildPortal('a', { domain: 'x' }));
    await store.portals.save(buildPortal('b', { domain: 'x', state: 'uninstalled', updatedAt: minutes(1) }));
    expect(await store.portals.getByDomain('x')).to.have.property('id', 'b');
  });

  it('when tokens are stored, expected none of them readable in the collection', async () => {
    await store.portals.save(buildPortal('a'));
    await store.portals.update('a', {
      tokens: { ...tokens, accessToken: 'ACCESS-2' },
      applicationToken: 'APPLICATION-2',
    });
    const raw = JSON.stringify(await store.db.collection('portals').find().toArray());
    expect(raw)
      .to.match(/a\.example\.com/)
      .and.not.match(/ACCESS|REFRESH|APPLICATION/);
  });

  it('when some fields are updated, expected the others as they were', async () => {
    await store.portals.save(buildPortal('a'));
    now = minutes(5);
    await store.portals.update('a', { state: 'needs_reauth', language: undefined });
    expect(await store.portals.get('a')).to.deep.equal(
      buildPortal('a', { state: 'needs_reauth', updatedAt: minutes(5) }),
    );
    const fresh = { ...tokens, accessToken: 'ACCESS-2' };
    await store.portals.update('a', {
      tokens: fresh,
      applicationToken: 'APPLICATION-2',
      updatedAt: minutes(6),
    });
    expect(await store.portals.get('a')).to.deep.include({
      tokens: fresh,
      applicationToken: 'APPLICATION-2',
      updatedAt: minutes(6),
    });
    await store.portals.update('a', { tokens: null });
    expect(await store.portals.get('a')).to.not.have.property('tokens');
    await store.portals.update('ghost', { state: 'active' });
    expect(await store.portals.get('ghost')).to.equal(undefined);
  });

  it('when tokens are copied to another portal or the secret is lost, expected an error and not an empty token', async () => {
    await store.portals.save(buildPortal('a'));
    await store.portals.save(buildPortal('b'));
    const raw = store.db.collection<{ _id: string; tokens: object }>('portals');
    await raw.updateOne({ _id: 'b' }, { $set: { tokens: (await raw.findOne({ _id: 'a' }))!.tokens } });
    expect(String(await rejection(store.portals.get('b')))).to.match(/cannot open/);
    const lost = createPortalStore({ ...store, secrets: createSecrets({ secret: 'another' }) });
    expect(String(await rejection(lost.get('a')))).to.match(/another APP_SECRET/);
  });

  it('when a portal is purged, expected it gone', async () => {
    await store.portals.save(buildPortal('a'));
    await store.portals.save(buildPortal('b'));
    await store.portals.purge('a');
    expect((await store.portals.list()).map((portal) => portal.id)).to.deep.equal(['b']);
  });

  describe('withLock', () => {
    it('when two processes want it many times, expected one at a time and every turn taken', async () => {
      const other = await connectStore(store);
      const stores = [store.portals, createPortalStore({ ...store, connection: other.connection })];
      let inside = 0;
      let most = 0;
      const results = await times(12, (index) =>
        stores[index % 2]!.withLock('a', 'token', 30, async () => {
          inside += 1;
          most = Math.max(most, inside);
          await store.ping();
          inside -= 1;
          return index;
        }),
      );
      await other.close();
      expect(most).to.equal(1);
      expect(results).to.deep.equal(Array.from({ length: 12 }, (_, index) => index));
    });

    it('when name or portal differ, expected no waiting', async () => {
      const inner = await store.portals.withLock('a', 'token', 30, () =>
        store.portals.withLock('a', 'install', 30, () =>
          store.portals.withLock('b', 'token', 30, async () => 'in'),
        ),
      );
      expect(inner).to.equal('in');
    });

    it('when the work fails, expected its error and the lock free', async () => {
      const error = await rejection(
        store.portals.withLock('a', 'token', 30, () => Promise.reject(new Error('refused'))),
      );
      expect(String(error)).to.match(/refused/);
      expect(await store.portals.withLock('a', 'token', 30, async () => 1)).to.equal(1);
    });

    it('when the holder died, expected it locked until its time is over and free then', async () => {
      const dying = await connectStore(store);
      const lock = createLock(store);
      let holds: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (holds = resolve));
      void createLock({ ...store, connection: dying.connection }).run('k', 30, 1, () => {
        holds();
        return new Promise(() => undefined);
      });
      await held;
      await dying.close();

      now = new Date(NOW.getTime() + 29_999);
      const early = await rejection(lock.run('k', 30, 0.05, async () => 'mine'));
      expect(early).to.include({ name: 'LockTimeout', code: 'LOCK_TIMEOUT', retryable: true });
      now = new Date(NOW.getTime() + 30_000);
      expect(await lock.run('k', 30, 0.05, async () => 'mine')).to.equal('mine');
    });

    it('when the holder lives but works longer than the time, expected the lock renewed', async () => {
      const lock = createLock(store);
      const renewed = await lock.run('k', 0.15, 1, async () => {
        now = minutes(1);
        const raw = store.db.collection<{ _id: string; until: Date }>('locks');
        for (;;) {
          const { until } = (await raw.findOne({ _id: 'k' }))!;
          if (until > minutes(1)) return true;
        }
      });
      expect(renewed).to.equal(true);
    });
  });
});
