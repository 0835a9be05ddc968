import type { IssuedFile } from '../../ports/issued-file-store.ts';
import type { SignatureFinding, Verdict, VerificationResult } from '../../ports/pdf-engine.ts';
import { changedPageView } from './changed-page-view.ts';
import type { ChangedPageView } from './changed-page-view.ts';
import { signatureStatus, signatureTitle, signatureView } from './signature-view.ts';
import type { SignatureStatus, SignatureView } from './signature-view.ts';
import type { Tone } from './signing-item.ts';
import { codeText, foreignText } from './verification-texts.ts';
import type { FindingTexts } from './verification-texts.ts';

/**
 * The answer in one line. Only `issued` and `unchanged` are green. `unknown_signer`, `some_unknown`: whole, but anyone
 * could have made the certificate (of some); `doubtful`: something is wrong with a signature that holds; `extended`: bytes
 * or filled fields that nobody signed stand behind the last signature; `not_examined`, `partly_examined`: signatures of a
 * kind we do not know.
 */
export type Headline =
  | Verdict
  | 'issued'
  | 'revoked'
  | 'unknown_signer'
  | 'some_unknown'
  | 'registered'
  | 'not_all_signed'
  | 'nobody_signed'
  | 'doubtful'
  | 'extended'
  | 'not_examined'
  | 'partly_examined';

/** What the public page says about an uploaded file. */
export interface VerificationView {
  readonly verdict: Verdict;
  readonly headline: Headline;
  readonly tone: Tone;
  readonly fileName: string;
  readonly sha256: string;
  readonly size: number;
  readonly pages: number;
  readonly checkedAt: Date;
  /** Whose signatures hold and lead to a certificate that is known. */
  readonly signedBy: string;
  /** The service's seal is the only signature: there is no name to tell. */
  readonly sealedOnly: boolean;
  /** Something that is permitted came after the first signature. */
  readonly additions: boolean;
  /** Nothing else is told about a file of ours than what the file itself says. */
  readonly issued?: { readonly at: Date; readonly kind: IssuedFile['kind'] };
  readonly signatures: readonly SignatureView[];
  /** A signature is of this service, whose certificate anybody could have made for themselves. */
  readonly selfIssued: boolean;
  readonly changedPages: readonly ChangedPageView[];
  /** Further pages that changed, of which there are no pictures. */
  readonly otherPages: readonly number[];
  readonly warnings: readonly string[];
}

const TONES: Readonly<Record<Headline, Tone>> = {
  issued: 'success',
  unchanged: 'success',
  unknown_signer: 'warning',
  some_unknown: 'warning',
  registered: 'warning',
  not_all_signed: 'warning',
  nobody_signed: 'warning',
  doubtful: 'warning',
  extended: 'warning',
  not_examined: 'warning',
  partly_examined: 'warning',
  unsigned: 'neutral',
  not_a_pdf: 'neutral',
  changed: 'danger',
  broken: 'danger',
  revoked: 'danger',
};

/**
 * @param options.issued what we remember of this very fingerprint
 * @param options.selfIssued the certificate of this service was made by itself
 * @param options.checkedAt when it was examined
 */
export function verificationView(
  result: VerificationResult,
  options: { issued?: IssuedFile; fileName: string; checkedAt: Date; selfIssued: boolean },
  texts: FindingTexts,
): VerificationView {
  const { issued, fileName, checkedAt, selfIssued } = options;
  const { signatures } = result;
  const headline = headlineOf(result, issued);
  const revisions =
    Math.max(0, ...signatures.map(({ revision }) => revision)) +
    (signatures.some(({ covers }) => covers === 'whole_file') ? 0 : 1);
  const pages = result.changedPages.map(changedPageView);
  const hasPicture = (page: ChangedPageView): boolean => page.signed !== undefined || page.now !== undefined;
  return {
    verdict: result.verdict,
    headline,
    tone: TONES[headline],
    fileName: foreignText(fileName),
    sha256: result.sha256,
    size: result.size,
    pages: result.pages,
    checkedAt,
    signedBy: signersOf(signatures).join(', ') || texts.t('verify.unnamed'),
    sealedOnly: isSealedOnly(signatures),
    additions: signatures.some(({ changesAfter }) => changesAfter.length > 0),
    issued: issued && { at: issued.issuedAt, kind: issued.kind },
    signatures: signatures.map((signature) =>
      signatureView(signature, { revisions, selfIssued, provenAt: provenAt(signature, signatures) }, texts),
    ),
    selfIssued:
      selfIssued && signatures.some(({ trust, integrity }) => trust === 'ours' && integrity === 'valid'),
    changedPages: pages.filter(hasPicture),
    otherPages: pages.filter((page) => !hasPicture(page)).map(({ page }) => page),
    warnings: [...new Set(result.warnings.map((code) => codeText(texts.t, 'warning', code)))],
  };
}

function headlineOf(result: VerificationResult, issued: IssuedFile | undefined): Headline {
  const { verdict, warnings } = result;
  if (verdict === 'unsigned' && warnings.includes('signature_not_examined')) return 'not_examined';
  if (verdict !== 'unchanged') return verdict;
  const people = result.signatures.filter(({ kind }) => kind === 'signature');
  // A time-stamp says when, not who; where there is nothing else, it is all that can be judged.
  const judged = people.length > 0 ? people : result.signatures;
  const states = judged.map(signatureStatus);
  const has = (status: SignatureStatus): boolean => states.includes(status);
  if (has('broken')) return 'broken';
  if (has('changed_after')) return 'changed';
  if (has('revoked')) return 'revoked';
  if (has('unknown_key'))
    return states.every((status) => status === 'unknown_key') ? 'unknown_signer' : 'some_unknown';
  if (has('unsupported') || warnings.includes('signature_not_examined')) return 'partly_examined';
  if (judged.some(isAmiss) || warnings.includes('unreachable_signatures')) return 'doubtful';
  if (has('doubtful') || warnings.includes('unsigned_additions')) return 'extended';
  // Without a signature that was found good there is nothing to be green about.
  if (states.length === 0) return 'unsigned';
  if (issued) return 'issued';
  // Places for signatures are still empty: an earlier state of a document must not pass for the finished one.
  if (warnings.includes('signature_missing'))
    return approvalsOf(people).length > 0 ? 'not_all_signed' : 'nobody_signed';
  return has('registered') ? 'registered' : 'unchanged';
}

const isAmiss = ({ problems, certificateValidThen }: SignatureFinding): boolean =>
  problems.length > 0 || !certificateValidThen;

/** Signatures of people: a certification alone says what may follow it. */
const approvalsOf = (signatures: readonly SignatureFinding[]): SignatureFinding[] =>
  signatures.filter(({ certification }) => certification === undefined);

/** One seal of this service over everything, and nobody's own signature. */
const isSealedOnly = (signatures: readonly SignatureFinding[]): boolean => {
  const people = signatures.filter(({ kind }) => kind === 'signature');
  return (
    people.length > 0 && people.every(({ certification, trust }) => certification === 1 && trust === 'ours')
  );
};

/** Those who signed; who only certified the document before them, the service, is named when it is alone. */
function signersOf(signatures: readonly SignatureFinding[]): string[] {
  const reliable = signatures.filter(
    ({ kind, integrity, trust }) => kind === 'signature' && integrity === 'valid' && trust !== 'unknown',
  );
  const approvals = approvalsOf(reliable);
  const names = (approvals.length > 0 ? approvals : reliable).map(signatureTitle).filter(Boolean);
  return [...new Set(names)];
}

/** When a later time-stamp of the whole document, by an authority that is known, saw this signature in it. */
function provenAt(
  { revision, covers }: SignatureFinding,
  signatures: readonly SignatureFinding[],
): Date | undefined {
  const times = signatures
    .filter(({ kind, integrity }) => kind === 'document_timestamp' && integrity === 'valid')
    .filter((stamp) => stamp.revision > revision && covers === 'earlier_revision')
    .flatMap(({ timestamp }) =>
      timestamp?.valid && timestamp.trust !== 'unknown' ? [timestamp.time.getTime()] : [],
    );
  return times.length > 0 ? new Date(Math.min(...times)) : undefined;
}
