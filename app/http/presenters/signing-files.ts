import type { Signing, StoredFile } from '../../domain/signing.ts';

export type SigningFileKind = 'source' | 'bundle' | 'signed' | 'agreement' | 'report';

export interface SigningFile {
  /** Last part of the download's address. */
  readonly key: string;
  readonly kind: SigningFileKind;
  readonly name: string;
  readonly size: number;
  readonly pages: number;
}

/**
 * The files of a signing that may be shown now. What is signed, and the report on it, are given out only when the signing
 * is completed: before that it could still end otherwise.
 */
function available(
  signing: Signing,
): { key: string; kind: SigningFileKind; file: StoredFile; name: string }[] {
  const completed = signing.status === 'completed';
  const { bundle, signedFile, report } = signing;
  const agreement = completed ? (signing.signedAgreement ?? signing.agreement) : signing.agreement;
  const add = (kind: SigningFileKind, file: StoredFile | undefined) =>
    file ? [{ key: kind, kind, file, name: file.name }] : [];
  return [
    ...(completed ? add('signed', signedFile) : []),
    ...(completed ? add('report', report) : []),
    ...add('agreement', agreement),
    ...signing.documents.map((document, index) => ({
      key: `source-${index + 1}`,
      kind: 'source' as const,
      file: document.file,
      name: document.title,
    })),
    // With one document the bundle is that document.
    ...(signing.documents.length > 1 ? add('bundle', bundle) : []),
  ];
}

export const signingFiles = (signing: Signing): SigningFile[] =>
  available(signing).map(({ key, kind, file, name }) => ({
    key,
    kind,
    name,
    size: file.size,
    pages: file.pages,
  }));

/** The stored file behind a download's address; nothing when it may not be given out. */
export const findSigningFile = (signing: Signing, key: string): StoredFile | undefined =>
  available(signing).find((each) => each.key === key)?.file;
