/** Fingerprints of what we sealed, so that `/verify` can say "issued by Countersign on …" for ever. */
export interface IssuedFile {
  readonly sha256: string;
  readonly signingId: string;
  readonly kind: 'signed' | 'agreement' | 'report';
  readonly issuedAt: Date;
}

export interface IssuedFileStore {
  /** The same file again is not an error. */
  add(file: IssuedFile): Promise<void>;
  find(sha256: string): Promise<IssuedFile | undefined>;
}
