import { SEAL_LEVELS } from '../../domain/sealing-plan.ts';
import type { SealLevel } from '../../domain/sealing-plan.ts';
import type { FilePair, Signing } from '../../domain/signing.ts';

/** One signature that was put into a file, as the journal has it. */
export interface Revision {
  at: Date;
  /** Id of the signer. */
  signer: string;
  name: string;
  file: keyof FilePair;
  /** Lower-case hex SHA-256 of the file. */
  before: string;
  after: string;
  level: SealLevel;
  timestampAt?: Date;
  /** The time-stamp that was wanted could not be had. */
  withoutTimestamp: boolean;
}

/** The signatures in the order they were made; none where one seal stands for all. */
export function readRevisions({ journal }: Pick<Signing, 'journal'>): Revision[] {
  return journal
    .filter(({ type }) => type === 'signature_applied')
    .map(({ at, data }) => {
      const text = (key: string): string => String(data[key] ?? '');
      const trusted = text('trusted');
      return {
        at,
        signer: text('signer'),
        name: text('name'),
        file: text('file') === 'agreement' ? 'agreement' : 'signed',
        before: text('before'),
        after: text('after'),
        level: SEAL_LEVELS.find((level) => level === text('level')) ?? 'B-B',
        ...(trusted ? { timestampAt: new Date(trusted) } : {}),
        withoutTimestamp: text('note') === 'no_timestamp',
      };
    });
}
