/** How a signing's documents are signed and kept provable; fixed when the signing is created. */

/** Baseline levels of PAdES (ETSI EN 319 142-1): plain, with time-stamp, with validation data, with archive time-stamp. */
export const SEAL_LEVELS = ['B-B', 'B-T', 'B-LT', 'B-LTA'] as const;
export type SealLevel = (typeof SEAL_LEVELS)[number];

/** `per_signer`: every signer's action is a signature of its own in the file; `one_seal`: one when all have signed. */
export const SEALING_MODES = ['per_signer', 'one_seal'] as const;
export type SealingMode = (typeof SEALING_MODES)[number];

export interface SealingPlan {
  readonly mode: SealingMode;
  /** Wanted; without a time-stamp server it is B-B. */
  readonly level: SealLevel;
  /** When no time-stamp server answers for a while: go on without (recorded in the journal), or wait. */
  readonly whenTsaDown: 'lower_level' | 'wait';
  /** Signing's number, "page n of m" and a QR code on every page. */
  readonly pageStrip: boolean;
  /** Form fields of the documents become plain page content. */
  readonly flattenForms: boolean;
  /** The report comes in the other language too. */
  readonly secondReportLanguage: boolean;
}

export const DEFAULT_SEALING: SealingPlan = {
  mode: 'per_signer',
  level: 'B-LTA',
  whenTsaDown: 'lower_level',
  pageStrip: true,
  flattenForms: false,
  secondReportLanguage: false,
};
