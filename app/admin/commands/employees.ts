import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { StoredFile } from '../../domain/signing.ts';
import { OfficeRefusal } from '../../signing/office/office-refusal.ts';
import type { Container } from '../../container.ts';
import { UsageError, findPortal, print } from '../command.ts';
import type { Command } from '../command.ts';

const read = (path: string): Promise<Buffer> =>
  readFile(path).catch(() => {
    throw new UsageError(`cannot read ${path}`);
  });

async function storePaper(container: Container, portalId: string, path: string): Promise<StoredFile> {
  const bytes = await read(path);
  if (bytes.subarray(0, 5).toString('latin1') !== '%PDF-') throw new UsageError(`${path} is not a PDF`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const name = basename(path);
  const fileId = `mandate-${portalId}-${sha256}`;
  await container.files.put(fileId, bytes, { portalId, name, type: 'application/pdf' });
  return { fileId, name, sha256, size: bytes.length, pages: 0 };
}

export const employees: Command = {
  usage: 'employees add --portal P --user ID --signature FILE.png [--mandate FILE.pdf]',
  about: 'registers an employee with a signature, and a mandate signed on paper',
  async run(container, [action], flags) {
    if (action !== 'add') throw new UsageError(employees.usage);
    const portal = await findPortal(container, flags.need('portal'));
    const userId = flags.need('user');
    const { manageEmployees, clock } = container;
    const signature = await read(flags.need('signature'));
    const paper = flags.get('mandate');
    const file = paper === undefined ? undefined : await storePaper(container, portal.id, paper);
    try {
      await manageEmployees.add(portal.id, userId);
      let employee = await manageEmployees.setSignature(portal.id, userId, signature, 'operator');
      if (file) {
        const grantedAt = clock.now();
        employee = {
          ...employee,
          mandate: { kind: 'paper', grantedAt, consentVersion: 'paper', file, recordedBy: 'operator' },
        };
        await container.employees.save(employee);
      }
      const valid = employee.mandate && !employee.mandate.revokedAt;
      print(
        [
          employee.name,
          employee.blocked ? 'blocked' : employee.canSign ? 'may sign' : 'has no right to sign',
          valid ? 'the stored signature may be applied under the mandate' : 'no mandate: signs by link',
        ].join('; '),
      );
    } catch (error) {
      if (error instanceof OfficeRefusal) throw new UsageError(`refused: ${error.reason}`);
      throw error;
    }
  },
};
