import type { PostTimestampQuery } from '../../ports/pdf-engine.ts';
import type { CmsSigner } from '../cms/build-cms.ts';

/** What every job is given inside its worker: the seal without its key, and the way out to the network. */
export interface JobContext {
  seal: CmsSigner & {
    /** Common name of the certificate. */
    name: string;
    fingerprint: string;
    selfIssued: boolean;
  };
  postTimestampQuery?: PostTimestampQuery;
}
