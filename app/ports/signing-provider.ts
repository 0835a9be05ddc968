import type { ProviderName, Signing } from '../domain/signing.ts';

/** What a signing service can do; interface, robots and checks follow these flags. */
export interface ProviderCapabilities {
  /** It mails its own invitations; otherwise we do. */
  readonly sendsInvitations: boolean;
  /** Steps one after the other. */
  readonly order: boolean;
  readonly maxSigners: number;
}

/** What a service says about one signer, to be recorded in our signing. */
export interface Observation {
  readonly signerId: string;
  readonly what: 'opened' | 'signed' | 'declined';
  readonly at: Date;
  readonly reason?: string;
}

/** Collects the signatures. Our own pages are one of several services behind this port. */
export interface SigningProvider {
  readonly name: ProviderName;
  readonly capabilities: ProviderCapabilities;
  /** Hands the signing over. May be called again for the same signing and then changes nothing. */
  send(signing: Signing, bundle: Uint8Array): Promise<void>;
  /** What happened there since; empty for a service that tells us itself. Called every tracking interval. */
  read(signing: Signing): Promise<readonly Observation[]>;
  /** Withdraws it there; may be called for one that is over. */
  cancel(signing: Signing): Promise<void>;
}
