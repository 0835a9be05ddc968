import { expect } from 'chai';
import { createKeepTokensAlive } from '../../../app/portal/keep-tokens-alive.ts';
import type { PortalInstallation, PortalStore } from '../../../app/ports/portal-store.ts';

const now = new Date('2026-11-22T09:00:00Z');
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000);
const silent = { debug() {}, info() {}, warn() {}, error() {} };

const installation = (id: string, expired: number, state: PortalInstallation['state'] = 'active') =>
  ({ id, state, tokens: { expiresAt: daysAgo(expired) } }) as PortalInstallation;

describe('keeping tokens alive', () => {
  it('when portals were quiet for a month, only their tokens are renewed, and one that fails stops no other', async () => {
    const refreshed: string[] = [];
    const keepAlive = createKeepTokensAlive({
      portals: {
        list: async () => [
          installation('busy', 1),
          installation('fails', 90),
          installation('quiet', 31),
          installation('gone', 90, 'needs_reauth'),
        ],
      } as unknown as PortalStore,
      gateway: {
        refresh: async (id: string) => {
          refreshed.push(id);
          if (id === 'fails') throw new Error('no answer');
          return undefined as never;
        },
      },
      clock: { now: () => now },
      log: silent,
    });
    await keepAlive();
    expect(refreshed).to.deep.equal(['fails', 'quiet']);
  });
});
