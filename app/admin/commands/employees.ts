import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { readPng } from '../../signing/signer/read-png.ts';
import { UsageError, findPortal, print } from '../command.ts';
import type { Command } from '../command.ts';
import type { Container } from '../../container.ts';
import type { StoredFile } from '../../domain/signing.ts';

const MAX_PIXELS = { width: 4000, height: 4000 };

async function storeFile(
  container: Container,
  portalId: string,
  path: string,
  type: string,
): Promise<StoredFile> {
  const bytes = await readFile(path).catch(() => {
    throw new UsageError(`cannot read ${path}`);
  });
  const isPdf = bytes.subarray(0, 5).toString('latin1') === '%PDF-';
  if (type === 'image/png' && !readPng(bytes, MAX_PIXELS)) throw new UsageError(`${path} is not a PNG image`);
  if (type === 'application/pdf' && !isPdf) throw new UsageError(`${path} is not a PDF`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const name = basename(path);
  const fileId = `${portalId}/employees/${sha256}`;
  await container.files.put(fileId, bytes, { portalId, name, type });
  return { fileId, name, sha256, size: bytes.length, pages: isPdf ? 1 : 0 };
}

export const employees: Command = {
  usage: 'employees add --portal P --user ID --signature FILE.png [--mandate FILE.pdf]',
  about: 'registers an employee with a signature, and a mandate signed on paper',
  async run(container, [action], flags) {
    if (action !== 'add') throw new UsageError(employees.usage);
    const portal = await findPortal(container, flags.need('portal'));
    const userId = flags.need('user');
    const facts = await container.portal.readFacts(portal.id, { userIds: [userId] });
    const user = facts.users.get(userId);
    if (!user?.active) throw new UsageError(`the portal has no active user ${userId}`);

    const now = container.clock.now();
    const signature = await storeFile(container, portal.id, flags.need('signature'), 'image/png');
    const paper = flags.get('mandate');
    const before = await container.employees.get(portal.id, userId);
    const mandate = paper
      ? {
          kind: 'paper' as const,
          grantedAt: now,
          consentVersion: 'paper',
          file: await storeFile(container, portal.id, paper, 'application/pdf'),
          recordedBy: 'operator',
        }
      : before?.mandate;
    await container.employees.save({
      portalId: portal.id,
      userId,
      name: user.name,
      email: user.email,
      position: user.position,
      canSign: true,
      canSend: before?.canSend ?? true,
      blocked: false,
      stamp: before?.stamp,
      signature,
      mandate,
      updatedAt: now,
    });
    print(`${user.name} may sign${mandate ? '; the stored signature may be applied under the mandate' : ''}`);
  },
};
