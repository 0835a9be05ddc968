/** What a signature stands for; the nine of the contract, written into the document and the report. */
export const PURPOSES = [
  'signature',
  'approval',
  'visa',
  'reconciliation',
  'registration',
  'incoming_registration',
  'acknowledgement',
  'notarial_certification',
  'copy_certification',
] as const;
export type Purpose = (typeof PURPOSES)[number];

export const ORDERS = ['company_first', 'counterparty_first', 'parallel'] as const;
export type SigningOrder = (typeof ORDERS)[number];

export type Party = 'company' | 'counterparty';

/** The step (1-based) in which a party is invited under an order. */
export function stepOf(party: Party, order: SigningOrder): number {
  if (order === 'parallel') return 1;
  return (order === 'company_first') === (party === 'company') ? 1 : 2;
}
