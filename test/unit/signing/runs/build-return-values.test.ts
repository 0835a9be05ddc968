import { expect } from 'chai';
import { Refusal } from '../../../../app/domain/refusal.ts';
import { buildReturnValues } from '../../../../app/signing/runs/build-return-values.ts';
import type { Signing } from '../../../../app/domain/signing.ts';
import { createWorld } from '../../robots/support/world.ts';

const signingOf = async (fields: Partial<Signing>): Promise<Signing> => {
  const world = createWorld();
  const run = await world.send({ document_id: ['300', '301'] });
  return { ...world.signings.all.get(run.id)!, ...fields };
};

describe('the values of an answer', () => {
  it('when the signing is complete, expected 0 and the ids of the files in the portal', async () => {
    const signing = await signingOf({
      status: 'completed',
      resultDocuments: { signed: '900', agreement: '901', report: '902' },
    });
    expect(buildReturnValues({ signing }, 'ru', 'send_for_signing')).to.deep.include({
      source_document_ids: ['300', '301'],
      signing_id: signing.id,
      status_code: 50,
      status_text: 'Завершено',
      response_code: 0,
      response_text: 'Выполнено. Статус: Завершено.',
      error: '',
      retryable: 'N',
      signed_document_id: '900',
      agreement_document_id: '901',
      report_document_id: '902',
    });
  });

  it('when a signer declined, expected 0 with status 60 and the reason beside the name', async () => {
    const base = await signingOf({ status: 'declined' });
    const declined = {
      status: 'declined',
      declineReason: 'Wrong sum',
      declinedAt: new Date('2026-03-02T12:30:00Z'),
    } as const;
    const signing = {
      ...base,
      signers: base.signers.map((each) => (each.id === 's2' ? { ...each, ...declined } : each)),
    };
    const values = buildReturnValues({ signing }, 'ru', 'send_for_signing');
    expect(values).to.include({ response_code: 0, status_code: 60, signed_document_id: '' });
    expect(values['signers_text']).to.match(
      /Anna Petrova \(контрагент\) — отказался, .*2026.*, причина: Wrong sum$/,
    );
  });

  it('when there is nothing but a refusal, expected its code, key, text and advice, and no value missing', () => {
    const refusal = new Refusal('DOCUMENT_NOT_READY');
    const values = buildReturnValues({ refusal, sourceIds: ['300'] }, 'en', 'send_for_signing');
    expect(values).to.deep.include({
      source_document_ids: ['300'],
      status_code: 0,
      response_code: 131,
      retryable: 'Y',
    });
    for (const value of Object.values(values))
      expect(typeof value === 'boolean' || value == null).to.equal(false);
  });

  for (const [count, needed] of [
    [1, 'нужна 1 подпись'],
    [2, 'нужны 2 подписи'],
    [5, 'нужно 5 подписей'],
    [21, 'нужна 21 подпись'],
  ] as const) {
    it(`when ${count} signatures are needed, expected the Russian plural`, () => {
      const problem = { text: 'balance_short', values: { needed: count, available: 0 } };
      const refusal = new Refusal('INSUFFICIENT_BALANCE', [problem]);
      const values = buildReturnValues({ refusal }, 'ru', 'send_for_signing');
      expect(values['response_text']).to.contain(needed).and.to.contain('на балансе их нет');
    });
  }
});
