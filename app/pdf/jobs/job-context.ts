import type { FetchValidationData, PostTimestampQuery } from '../../ports/pdf-engine.ts';
import type { CmsSigner } from '../cms/build-cms.ts';

/** What every job is given inside its worker: the seal that it signs with, without its key, and ways to the network. */
export interface JobContext {
  seal: CmsSigner & {
    /** Common name of the certificate. */
    name: string;
    fingerprint: string;
    selfIssued: boolean;
  };
  /** Absent: there is no way to a time-stamp server. */
  postTimestampQuery?: PostTimestampQuery;
  /** Absent: authorities cannot be asked. */
  fetchValidationData?: FetchValidationData;
  /** Files are repaired by the WebAssembly build of qpdf even where the program is installed. */
  builtInQpdf: boolean;
}
