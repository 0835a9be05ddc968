import type { MarkKind } from '../../domain/signature-positions.ts';

/** What a field of ours is for: a signer's card on the signature page, a mark, or the certification. */
export type FieldPurpose = MarkKind | 'card';

/**
 * Names of the fields that one signing makes in a document: `Countersign-<signing>-<signer>-<what>-<number>`. Signing a
 * document goes on from its fields alone, so whoever fills them has to find them by name. Without dots: they part the
 * names of nested fields (ISO 32000-1, 12.7.3.2).
 */
export interface FieldNames {
  certification: string;
  /** The `number`-th field (from 1) of this kind for this signer. */
  of(signer: string, purpose: FieldPurpose, number: number): string;
  /** Reads such a name; undefined when it is not of this signer. */
  read(name: string, signer: string): { purpose: FieldPurpose; number: number } | undefined;
}

const plain = (id: string): string => id.replace(/[^\w]/g, '_');

function namesWith(prefix: string): FieldNames {
  const start = (signer: string): string => `${prefix}-${plain(signer)}-`;
  return {
    certification: `${prefix}-certification`,
    of: (signer, purpose, number) => `${start(signer)}${purpose}-${number}`,
    read(name, signer) {
      if (!name.startsWith(start(signer))) return undefined;
      const [, purpose, number] = /^([a-z]+)-(\d+)$/.exec(name.slice(start(signer).length)) ?? [];
      return purpose ? { purpose: purpose as FieldPurpose, number: Number(number) } : undefined;
    },
  };
}

const prefixOf = (signing: string, round: number): string =>
  `Countersign-${plain(signing)}${round > 1 ? `~${round}` : ''}`;

/** How often fields of this signing were made in the document; more than once only if it came with such fields. */
function roundsIn(namesInUse: Iterable<string>, signing: string): number {
  let rounds = 0;
  const own = new RegExp(`^${prefixOf(signing, 1)}(?:~(\\d{1,6}))?-`);
  for (const name of namesInUse) {
    const match = own.exec(name);
    if (match) rounds = Math.max(rounds, Number(match[1] ?? 1));
  }
  return rounds;
}

/** Names for fields to be made: none of them is in use. */
export const newFieldNames = (namesInUse: Iterable<string>, signing: string): FieldNames =>
  namesWith(prefixOf(signing, roundsIn(namesInUse, signing) + 1));

/** Names of the fields that were made last. */
export const madeFieldNames = (namesInUse: Iterable<string>, signing: string): FieldNames =>
  namesWith(prefixOf(signing, Math.max(1, roundsIn(namesInUse, signing))));
