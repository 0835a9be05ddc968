import { DEFAULT_SEALING } from '../../../app/domain/sealing-plan.ts';
import type { Signing } from '../../../app/domain/signing.ts';
import { createSigning } from '../../../app/domain/transitions/create-signing.ts';
import type { NewSigning } from '../../../app/domain/transitions/create-signing.ts';

export const NOW = new Date('2026-11-22T09:00:00.123Z');
export const minutes = (count: number): Date => new Date(NOW.getTime() + count * 60_000);

const file = (name: string) => ({
  fileId: `file-${name}`,
  name,
  sha256: 'ab'.repeat(32),
  size: 1234,
  pages: 2,
});

const signer = (id: string, step: number, name: string): NewSigning['signers'][number] => ({
  id,
  party: step === 1 ? 'company' : 'counterparty',
  step,
  person: { kind: step === 1 ? 'employee' : 'contact', id: `p-${id}` },
  name,
  email: `${id}@example.com`,
  phone: '',
  position: '',
  company: 'ООО Ромашка',
  language: 'ru',
  method: 'link',
  linkNonce: `nonce-${id}`,
});

/** A signing in state 10 made `at`, of the documents `refs`; two signers, one step each. */
export function buildSigning({
  id,
  portalId = 'portal-a',
  refs = [id],
  at = NOW,
  ...fields
}: { id: string; refs?: readonly string[]; at?: Date } & Partial<Omit<NewSigning, 'documents'>>): Signing {
  return createSigning(
    {
      id,
      portalId,
      expiresAt: new Date(at.getTime() + 14 * 24 * 3600_000),
      language: 'ru',
      timeZone: '+03:00',
      title: 'Договор поставки № 12/А',
      subject: '',
      message: 'Прошу подписать',
      purpose: 'signature',
      order: 'company_first',
      provider: 'builtin',
      entity: { type: 'deal', id: '77', title: 'Кирпич' },
      initiator: { userId: '1', name: 'Анна', email: 'anna@example.com' },
      responsible: { userId: '1', name: 'Анна', email: 'anna@example.com' },
      documents: refs.map((ref) => ({ ref, title: `Документ ${ref}`, file: file(ref) })),
      positions: '',
      withAgreement: false,
      sealing: DEFAULT_SEALING,
      signers: [signer('s1', 1, 'Пётр Иванов'), signer('s2', 2, 'Jane O’Neil')],
      ...fields,
    },
    { kind: 'robot', id: undefined, name: 'send_for_signing' },
    at,
  );
}

/** The text of what a promise was rejected with; fails the comparison when it was not. */
export const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => new Error('it was not rejected'),
    (error: unknown) => error,
  );

export const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));
