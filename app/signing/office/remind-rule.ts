import type { Actor } from '../../domain/journal.ts';
import type { Signer, Signing } from '../../domain/signing.ts';
import { isCollecting } from '../../domain/signing-status.ts';
import { remindSigners } from '../../domain/transitions/end-signing.ts';
import { OfficeRefusal } from './office-refusal.ts';

/** A signer is reminded at most once in this time, whoever asks: reminders are mails to somebody outside. */
export const REMINDER_PAUSE_MIN = 10;

const isDue = (signer: Signer): boolean => signer.status === 'sent' || signer.status === 'opened';

/** When a signer may be reminded again; nothing when at once. */
export function remindableFrom(signer: Signer, now: Date): Date | undefined {
  if (!signer.remindedAt) return undefined;
  const from = new Date(signer.remindedAt.getTime() + REMINDER_PAUSE_MIN * 60_000);
  return from > now ? from : undefined;
}

/**
 * Reminds one signer or everybody whose turn it is, leaving out those who were reminded a moment ago.
 * @throws OfficeRefusal when nobody is to be reminded, or all were lately
 */
export function remindWithPause(
  signing: Signing,
  actor: Actor,
  signerId: string | undefined,
  now: Date,
): Signing {
  const open = isCollecting(signing.status)
    ? signing.signers.filter((signer) => isDue(signer) && (signerId === undefined || signer.id === signerId))
    : [];
  if (open.length === 0) throw new OfficeRefusal('nobody_to_remind');
  const waits = open.map((signer) => remindableFrom(signer, now)?.getTime() ?? 0);
  const ready = open.filter((_, index) => waits[index] === 0);
  if (ready.length === 0) {
    const minutes = Math.ceil((Math.min(...waits) - now.getTime()) / 60_000);
    throw new OfficeRefusal('reminded_lately', { minutes });
  }
  return ready.reduce((changed, signer) => remindSigners(changed, actor, signer.id, now), signing);
}
