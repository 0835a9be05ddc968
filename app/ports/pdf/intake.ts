/** Taking in files: which document comes out of the files that a signing was given. */
import type { PageSize, SignaturePosition } from '../../domain/signature-positions.ts';
import type { Lang } from './lang.ts';

export interface DocumentPart {
  /** File or document name, for bookmarks and texts. */
  name: string;
  bytes: Uint8Array;
}

export interface IntakeLimits {
  /** Of all parts together, bytes. Default 50 MiB. */
  maxBytes?: number;
  /** Of the bundle. Default 500. */
  maxPages?: number;
}

/** What stands in the strip on every page: the signing, "page n of m", and a QR code to the verification page. */
export interface PageStrip {
  /** The signing's short number. */
  id: string;
  verifyUrl: string;
  lang: Lang;
}

export interface IntakeRequest {
  /** At least one; merged in this order, with a bookmark for each when there are several. */
  parts: DocumentPart[];
  limits?: IntakeLimits;
  /** Form fields of a single file become what they show (in a merge they always do). A signed file keeps its form. */
  flattenForms?: boolean;
  /** Absent: no strip. A signed file never gets one. */
  strip?: PageStrip;
  /** Places for marks that are known already; the strip leaves them free, as it does those marked in the text. */
  positions?: SignaturePosition[];
}

/** What was done to a document, or is worth telling. Text: `pdf.warning.<code>`. */
export type IntakeWarning =
  /** The file's structure was damaged and has been rebuilt. */
  | 'repaired'
  /** Form fields became plain page content. */
  | 'form_flattened'
  /** The single file is signed already: its bytes are kept, everything is appended as further revisions. */
  | 'already_signed'
  /** Not all bookmarks of the file are in the bundle: too many, too deep, or running in circles. */
  | 'extras_dropped'
  /** Layers that are switched off stay hidden in the document that is signed. */
  | 'hidden_layers'
  /** A place marked in the text (`{{sign:1}}`) could only be painted over: it can still be found by searching. */
  | 'anchor_covered';

export interface PreparedBundle {
  /** What is shown to the signers and what is signed. */
  pdf: Uint8Array;
  pages: number;
  /** Of every page; without the paper that the strip may have added at its foot. */
  pageSizes: PageSize[];
  /** Lower-case hex SHA-256 of `pdf`. */
  sha256: string;
  /** In order of `parts`: hash of the bytes as they came in, and which pages (from 1) they became. */
  parts: { name: string; sha256: string; firstPage: number; pages: number }[];
  /**
   * Places that the documents' own text marks (`{{sign:1}}`), as positions in the bundle in points. Their text is gone
   * from `pdf`, but for a signed file, of which nothing may change.
   */
  anchors: SignaturePosition[];
  alreadySigned: boolean;
  warnings: { code: IntakeWarning; part: number }[];
}
