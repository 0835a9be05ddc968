import { Schema } from 'mongoose';
import { nextEffectAt } from '../../domain/effect.ts';
import { isFinal, mayFollow } from '../../domain/signing-status.ts';
import type { SigningStatus } from '../../domain/signing-status.ts';
import type { Signing } from '../../domain/signing.ts';
import { toPlain } from '../to-plain.ts';
import { defineModel, schemaOptions } from './define-model.ts';

/** What is filtered and sorted by, derived from the signing at every write; optional ones are absent, never null. */
interface SigningIndexFields {
  readonly portalId: string;
  readonly revision: number;
  readonly status: SigningStatus;
  readonly dealId: string;
  readonly createdAt: Date;
  /** Descending order of this text is the order of the list: open first, then newest first. Also the page cursor. */
  readonly listKey: string;
  /** Lower-case words of title, documents, deal and signers, each once. */
  readonly words: readonly string[];
  readonly documentRefs: readonly string[];
  /** The documents nobody else may send for signing: `documentRefs` while the signing is open. */
  readonly lockedDocuments?: readonly string[];
  readonly nextEffectAt?: Date;
  /** Only while the deadline still means something. */
  readonly expiresAt?: Date;
}

export interface SigningRecord extends SigningIndexFields {
  readonly _id: string;
  /** The signing itself. */
  readonly signing: Signing;
  /** Who runs its effects; not part of the signing, so neither a save nor its revision touches them. */
  readonly leaseOwner?: string;
  readonly leaseUntil?: Date;
}

const schema = new Schema<SigningRecord>(
  {
    _id: String,
    portalId: String,
    revision: Number,
    status: String,
    dealId: String,
    createdAt: Date,
    listKey: String,
    words: { type: [String], default: undefined },
    documentRefs: { type: [String], default: undefined },
    lockedDocuments: { type: [String], default: undefined },
    nextEffectAt: Date,
    expiresAt: Date,
    signing: Schema.Types.Mixed,
    leaseOwner: String,
    leaseUntil: Date,
  },
  schemaOptions,
);
schema.index({ portalId: 1, listKey: -1 });
schema.index({ portalId: 1, status: 1, listKey: -1 });
schema.index({ portalId: 1, dealId: 1, listKey: -1 });
schema.index({ portalId: 1, words: 1 });
schema.index({ portalId: 1, documentRefs: 1, createdAt: -1, _id: -1 });
// The guard against two open signings of one document: unique between signings, several documents within one.
schema.index(
  { portalId: 1, lockedDocuments: 1 },
  { unique: true, partialFilterExpression: { lockedDocuments: { $exists: true } } },
);
schema.index({ nextEffectAt: 1 }, { sparse: true });
schema.index({ expiresAt: 1 }, { sparse: true });

export const signingModel = defineModel('signings', schema);

/** Those that a write may have to take away. */
export const OPTIONAL_INDEX_FIELDS = ['lockedDocuments', 'nextEffectAt', 'expiresAt'] as const;

/** Smallest list key of an open signing; those of closed ones are below. */
export const OPEN_LIST_KEY = '1';

const listKeyOf = (signing: Signing): string =>
  [isFinal(signing.status) ? '0' : '1', signing.createdAt.toISOString(), signing.id].join(' ');

const MAX_WORDS = 200;

/** Words as they are stored and searched for: letters and digits, lower case. */
export const wordsOf = (...texts: readonly string[]): string[] => {
  const words = texts.flatMap(
    (text) =>
      text
        .normalize('NFKC')
        .toLowerCase()
        .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [],
  );
  return [...new Set(words)].slice(0, MAX_WORDS);
};

/** When everybody has signed and only our sealing is late, the deadline has been kept. */
const canExpire = (signing: Signing): boolean =>
  mayFollow(signing.status, 'expired') && signing.signers.some((signer) => signer.status !== 'signed');

/** The one place where index fields come from. */
export function toSigningRecord(signing: Signing): Omit<SigningRecord, 'leaseOwner' | 'leaseUntil'> {
  const documentRefs = [...new Set(signing.documents.map((document) => document.ref))];
  // An empty list would be indexed as one value and collide with the next empty one.
  const locked = !isFinal(signing.status) && documentRefs.length > 0;
  return toPlain({
    _id: signing.id,
    portalId: signing.portalId,
    revision: signing.revision,
    status: signing.status,
    dealId: signing.entity.id,
    createdAt: signing.createdAt,
    listKey: listKeyOf(signing),
    words: wordsOf(
      signing.title,
      ...signing.documents.map((document) => document.title),
      signing.entity.id,
      signing.entity.title,
      ...signing.signers.flatMap((signer) => [signer.name, signer.email, signer.company]),
    ),
    documentRefs,
    lockedDocuments: locked ? documentRefs : undefined,
    nextEffectAt: nextEffectAt(signing.effects),
    expiresAt: canExpire(signing) ? signing.expiresAt : undefined,
    signing,
  });
}
