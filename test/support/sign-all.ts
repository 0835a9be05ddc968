import type { OutboxMessage } from './read-outbox.ts';
import { codeIn, linkIn } from './read-outbox.ts';
import { SignerClient } from './signer-client.ts';
import { waitFor } from './wait-for.ts';

/** Messages of an outbox one by one, each handed out once. */
export function createInbox(outbox: () => Promise<OutboxMessage[]>) {
  const seen = new Set<string>();
  const next = (what: string, wanted: (message: OutboxMessage) => boolean): Promise<OutboxMessage> =>
    waitFor(what, async () => {
      const found = (await outbox()).find((each) => !seen.has(each.file) && wanted(each));
      if (found) seen.add(found.file);
      return found;
    });
  return {
    next,
    invitation: () => next('an invitation', (message) => linkIn(message) !== ''),
    code: () => next('a code', (message) => linkIn(message) === '' && codeIn(message) !== ''),
  };
}
export type Inbox = ReturnType<typeof createInbox>;

/** Opens the next invitation, confirms by code and signs. */
export async function signNext(inbox: Inbox, mark?: object): Promise<SignerClient> {
  const signer = new SignerClient(linkIn(await inbox.invitation()));
  await signer.open();
  const code = await signer.requestCode();
  if (!code.ok) throw new Error(`no code: ${await code.text()}`);
  await signer.confirm(codeIn(await inbox.code()));
  const signed = await signer.sign(mark);
  if (!signed.ok) throw new Error(`not signed: ${await signed.text()}`);
  return signer;
}
