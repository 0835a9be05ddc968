import { createHash } from 'node:crypto';
import { PDF } from '@libpdf/core';
import { PdfEngineFailure } from '../../ports/pdf-engine.ts';
import type {
  FetchValidationData,
  FinishRequest,
  SealedDocument,
  SealWarning,
} from '../../ports/pdf-engine.ts';
import { isTimestampUnavailable, timestampFrom } from '../cms/ask-timestamp-servers.ts';
import { readCertificate } from '../cms/read-certificate.ts';
import type { JobContext } from '../jobs/job-context.ts';
import { createGatherer } from '../validation/gather-validation-data.ts';
import { dataFor, joinValidationData } from '../validation/validation-data.ts';
import type { ValidationData } from '../validation/validation-data.ts';
import { addToSecurityStore, isStored } from '../validation/write-security-store.ts';
import type { SignatureProof } from '../validation/write-security-store.ts';
import { judgeRevocation } from '../verify/judge-revocation.ts';
import { readValidationData } from '../verify/read-validation-data.ts';
import { appendTimestamp } from './append-timestamp.ts';
import { endsWithTimestamp } from './ends-with-timestamp.ts';
import { findOwnSignatures } from './find-own-signatures.ts';
import type { OwnSignature } from './find-own-signatures.ts';
import { saveRevision } from './save-revision.ts';
import { assertAppendable } from './write-signature.ts';

/** For all authorities together; with the time-stamp servers' time it stays below the deadline of the job. */
const GATHERING_MS = 25_000;

/** See PdfEngine.finishDocument. */
export async function finishDocument(request: FinishRequest, context: JobContext): Promise<SealedDocument> {
  const { pdf: input, level: wanted, timestamps } = request;
  const original = await PDF.load(input);
  const [leaf = new Uint8Array()] = context.seal.chain;
  const own = findOwnSignatures(original, request.signing.id, leaf);
  const stamped = own.length > 0 && own.every(({ timestamp }) => timestamp !== undefined);
  const result = (
    pdf: Uint8Array,
    level: SealedDocument['level'],
    more: Partial<SealedDocument> = {},
  ): SealedDocument => ({
    pdf,
    sha256: createHash('sha256').update(pdf).digest('hex'),
    pages: original.getPageCount(),
    level,
    warnings: [],
    ...more,
  });
  if (own.length === 0 || wanted === 'B-B' || wanted === 'B-T') return result(input, stamped ? 'B-T' : 'B-B');

  const { data, proven } = await gather(original, own, request, context);
  const warnings: SealWarning[] = proven ? [] : ['validation_data_missing'];
  const proofs = own.map((signature) => proofOf(signature, data));
  // Where no authority said anything and no time-stamp has a chain, a store would only repeat what the signatures carry.
  const useful = own.some(({ timestamp }, index) => {
    const proof = proofs[index];
    return timestamp !== undefined || (proof && proof.answers.length + proof.lists.length > 0);
  });
  const stored = isStored(original, proofs);
  const store = useful && !stored;
  const levelWith = (archived: boolean): SealedDocument['level'] => {
    if (!stamped) return 'B-B';
    if (!proven || !(store || stored)) return 'B-T';
    return archived ? 'B-LTA' : 'B-LT';
  };

  const compose = async (pdf: PDF, write: (pdf: PDF) => Promise<Uint8Array>): Promise<Uint8Array> => {
    assertAppendable(pdf);
    if (store) addToSecurityStore(pdf, proofs);
    return write(pdf);
  };
  let unchanged = original;
  const archived = wanted === 'B-LTA' && !store && endsWithTimestamp(original, input);
  if (wanted === 'B-LTA' && timestamps && !archived) {
    const post = context.postTimestampQuery;
    if (!post) throw new PdfEngineFailure('internal', 'time-stamps need postTimestampQuery');
    let timestampAt: Date | undefined;
    const timestamp = timestampFrom(timestamps, post, (time) => (timestampAt = time));
    try {
      const pdf = await compose(original, (changed) => appendTimestamp(changed, input, timestamp));
      return result(pdf, levelWith(true), { timestampAt, warnings });
    } catch (error) {
      if (!isTimestampUnavailable(error) || timestamps.whenDown === 'fail') throw error;
      warnings.push('timestamp_missing');
      unchanged = await PDF.load(input);
    }
  }
  const pdf = store ? await compose(unchanged, (changed) => saveRevision(changed, input)) : input;
  return result(pdf, levelWith(archived), { warnings });
}

/** Everything that proves the document's own signatures, and whether that is enough for each of them. */
async function gather(
  pdf: PDF,
  own: OwnSignature[],
  { finishedAt }: FinishRequest,
  { seal, fetchValidationData }: JobContext,
): Promise<{ data: ValidationData; proven: boolean }> {
  const chain = { certificates: seal.chain.map(readCertificate), answers: [], lists: [] };
  const data = joinValidationData(readValidationData(pdf), chain, ...own.map(({ carried }) => carried));
  const fetch = fetchValidationData && within(GATHERING_MS, fetchValidationData);
  const find = createGatherer({ fetch, known: data, now: finishedAt });
  const wanted = own.flatMap(({ signer, timestamp }) => {
    const at = timestamp?.time ?? finishedAt;
    return [{ leaf: signer, at }, ...(timestamp ? [{ leaf: timestamp.authority, at }] : [])];
  });
  await Promise.all(wanted.map(({ leaf, at }) => find(leaf, at)));
  return { data, proven: wanted.every(({ leaf, at }) => judgeRevocation(leaf, data, [], at).complete) };
}

/** No request is waited for any longer once the time for all of them is over. */
function within(milliseconds: number, fetch: FetchValidationData): FetchValidationData {
  const over = AbortSignal.timeout(milliseconds);
  return (url, query) => {
    const ended = Promise.withResolvers<never>();
    const end = (): void => ended.reject(new Error('the time for asking authorities is over'));
    if (over.aborted) end();
    else over.addEventListener('abort', end, { once: true });
    return Promise.race([ended.promise, fetch(url, query)]).finally(() =>
      over.removeEventListener('abort', end),
    );
  };
}

function proofOf({ contents, signer, timestamp }: OwnSignature, data: ValidationData): SignatureProof {
  const parts = [dataFor(signer, data), ...(timestamp ? [dataFor(timestamp.authority, data)] : [])];
  const { certificates, answers, lists } = joinValidationData(...parts);
  const raw = (items: { raw: Buffer }[]): Buffer[] => items.map((item) => item.raw);
  return { contents, certificates: raw(certificates), answers: raw(answers), lists: raw(lists) };
}
