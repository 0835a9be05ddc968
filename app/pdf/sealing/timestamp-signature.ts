import type { SealedDocument, TimestampPolicy } from '../../ports/pdf-engine.ts';
import { timestampFrom } from '../cms/ask-timestamp-servers.ts';
import type { JobContext } from '../jobs/job-context.ts';
import type { SignatureContent } from './append-signature.ts';

/** How one signature gets its time-stamp, and, once it is made, what came of it. */
export interface SignatureTimestamp {
  wanted: Pick<SignatureContent, 'timestamp' | 'withoutTimestamp'>;
  outcome(): Pick<SealedDocument, 'level' | 'timestampAt' | 'warnings'>;
}

/** @param policy absent: no time-stamp */
export function timestampSignature(
  policy: TimestampPolicy | undefined,
  { postTimestampQuery }: JobContext,
): SignatureTimestamp {
  if (!policy) return { wanted: {}, outcome: () => ({ level: 'B-B', warnings: [] }) };
  if (!postTimestampQuery) throw new Error('time-stamps need postTimestampQuery');
  let timestampAt: Date | undefined;
  return {
    wanted: {
      timestamp: timestampFrom(policy, postTimestampQuery, (time) => (timestampAt = time)),
      withoutTimestamp: policy.whenDown === 'go_on',
    },
    outcome: () =>
      timestampAt
        ? { level: 'B-T', timestampAt, warnings: [] }
        : { level: 'B-B', warnings: ['timestamp_missing'] },
  };
}
