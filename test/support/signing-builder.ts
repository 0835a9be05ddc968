import { DEFAULT_SEALING } from '../../app/domain/sealing-plan.ts';
import type { Evidence, Signer, Signing } from '../../app/domain/signing.ts';
import { createSigning } from '../../app/domain/transitions/create-signing.ts';
import type { NewSigning } from '../../app/domain/transitions/create-signing.ts';
import { markSent } from '../../app/domain/transitions/send.ts';

export const T0 = new Date('2026-11-22T09:00:00Z');
export const later = (minutes: number): Date => new Date(T0.getTime() + minutes * 60_000);

export const storedFile = (fileId: string) => ({
  fileId,
  name: `${fileId}.pdf`,
  sha256: 'a'.repeat(64),
  size: 1000,
  pages: 2,
});

type NewSigner = NewSigning['signers'][number];

export const newSigner = (id: string, fields: Partial<NewSigner> = {}): NewSigner => ({
  id,
  party: id === 's1' ? 'company' : 'counterparty',
  step: id === 's1' ? 1 : 2,
  person: { kind: id === 's1' ? 'employee' : 'contact', id: id === 's1' ? '7' : '55' },
  name: `Подписант ${id}`,
  email: `${id}@example.test`,
  phone: '',
  position: '',
  company: '',
  language: 'ru',
  method: 'link',
  linkNonce: `nonce-${id}`,
  ...fields,
});

/** A signing of two parties, company first, in state 10. */
export function buildSigning(fields: Partial<NewSigning> = {}): Signing {
  const input: NewSigning = {
    id: '0123456789abcdef01234567',
    portalId: 'portal-a',
    expiresAt: later(14 * 24 * 60),
    language: 'ru',
    timeZone: '+03:00',
    title: 'Договор поставки № 17',
    subject: '',
    message: '',
    purpose: 'signature',
    order: 'company_first',
    provider: 'builtin',
    entity: { type: 'deal', id: '77', title: 'Поставка оборудования' },
    initiator: { userId: '12', name: 'Мария Соколова', email: 'maria@example.test' },
    responsible: { userId: '12', name: 'Мария Соколова', email: 'maria@example.test' },
    documents: [{ ref: '300', title: 'Договор поставки № 17', file: storedFile('source') }],
    positions: '',
    withAgreement: false,
    sealing: DEFAULT_SEALING,
    signers: [newSigner('s1'), newSigner('s2')],
    ...fields,
  };
  return createSigning(input, { kind: 'robot' }, T0);
}

export const sentSigning = (fields: Partial<NewSigning> = {}): Signing =>
  markSent(buildSigning(fields), { bundle: storedFile('bundle') }, T0);

export const evidence = (fields: Partial<Evidence> = {}): Evidence => ({
  at: later(5),
  method: 'email_code',
  address: 's***@example.test',
  ip: '127.0.0.1',
  agent: 'test',
  consentVersion: '1',
  bundleSha256: 'a'.repeat(64),
  mark: { kind: 'typed', text: 'Иван Петров' },
  ...fields,
});

export const signerOf = (signing: Signing, id: string): Signer =>
  signing.signers.find((signer) => signer.id === id)!;

/** Kinds and targets of what a change left to do, in order. */
export const pending = (signing: Signing): string[] =>
  signing.effects
    .filter((effect) => effect.state === 'pending')
    .map((effect) => [effect.kind, effect.target].filter(Boolean).join(':'));
