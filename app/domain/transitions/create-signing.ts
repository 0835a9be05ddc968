import type { Actor } from '../journal.ts';
import type { Signing } from '../signing.ts';
import { Draft } from './draft.ts';

export type NewSigning = Omit<
  Signing,
  'revision' | 'status' | 'createdAt' | 'updatedAt' | 'journal' | 'effects' | 'signers'
> & {
  readonly signers: readonly Omit<Signing['signers'][number], 'status'>[];
};

/** A signing in state 10 with its first journal entry; the `submit` effect carries it on. */
export function createSigning(input: NewSigning, actor: Actor, now: Date): Signing {
  const blank: Signing = {
    ...input,
    revision: 0,
    status: 'created',
    createdAt: now,
    updatedAt: now,
    signers: input.signers.map((signer) => ({ ...signer, status: 'created' })),
    journal: [],
    effects: [],
  };
  const draft = new Draft(blank, now);
  draft.record('created', actor, {
    documents: input.documents.map((document) => document.title).join(', '),
    signers: input.signers.map((signer) => signer.name).join(', '),
  });
  return draft.effect('submit').done();
}
