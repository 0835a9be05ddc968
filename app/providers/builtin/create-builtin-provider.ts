import type { SigningProvider } from '../../ports/signing-provider.ts';

/**
 * Our own pages (`/s/…`). Nothing is handed over and nothing is asked for: the page records what a signer does in the
 * signing itself, and ending the signing is what closes the page.
 */
export function createBuiltinProvider(): SigningProvider {
  return {
    name: 'builtin',
    capabilities: { sendsInvitations: false, order: true, maxSigners: 50 },
    send: async () => {},
    read: async () => [],
    cancel: async () => {},
  };
}
