import { expect } from 'chai';
import { PURPOSES } from '../../../app/domain/purpose.ts';
import { Refusal } from '../../../app/domain/refusal.ts';
import type { RobotRunRequest } from '../../../app/ports/robot-run-store.ts';
import { describeRefusal } from '../../../app/signing/runs/describe-refusal.ts';
import { readCheckRequest } from '../../../robots/check-status/request.ts';
import { readSendRequest } from '../../../robots/send-for-signing/request.ts';

const form = (properties: RobotRunRequest['properties'], entity = 'DEAL_77'): RobotRunRequest => ({
  workflowId: 'w',
  documentId: ['crm', 'CCrmDocumentDeal', entity],
  properties,
  userId: '1',
});
const send = (properties: RobotRunRequest['properties'] = {}, entity?: string) =>
  readSendRequest(
    form({ document_id: ['300'], signer_1: 'user_7', signer_2: ['55'], ...properties }, entity),
  );

function refusalOf(work: () => unknown): Refusal {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('not refused');
}

describe('the form of send_for_signing', () => {
  it('when only the required inputs are filled, expected the published defaults', () => {
    expect(send()).to.deep.include({
      documentIds: ['300'],
      companySigner: { kind: 'user', id: '7' },
      counterparties: [{ kind: 'contact', id: '55' }],
      positionsText: '',
      responsibleId: '',
      entity: { kind: 'deal', id: '77' },
      withAgreement: false,
      purpose: 'signature',
      order: 'company_first',
      companySignature: 'auto',
      provider: 'builtin',
      subject: '',
      expiresInDays: undefined,
      returnWhen: 'final',
      maxWaitHours: undefined,
    });
  });

  it('when multiple inputs come as an array or as a comma list, expected the same', () => {
    const array = send({ document_id: ['300', '301'], signer_2: ['55', 'CO_3'] });
    expect(send({ document_id: '300, 301', signer_2: ' 55 , CO_3,' })).to.deep.equal(array);
    expect(array.documentIds).to.deep.equal(['300', '301']);
  });

  it('when a document is named twice, expected it once; a person named twice stays twice', () => {
    expect(send({ document_id: ['300', '300'] }).documentIds).to.deep.equal(['300']);
    expect(send({ signer_2: ['55', '55'] }).counterparties).to.have.length(2);
  });

  for (const [name, value, field, expected] of [
    ['additional_agreement', 'Y', 'withAgreement', true],
    ['additional_agreement', 'да', 'withAgreement', true],
    ['additional_agreement', 'N', 'withAgreement', false],
    ['purpose', 'Approval', 'purpose', 'approval'],
    ['order', 'parallel', 'order', 'parallel'],
    ['company_signature', 'manual', 'companySignature', 'manual'],
    ['expires_in_days', ' 30 ', 'expiresInDays', 30],
    ['expires_in_days', '0', 'expiresInDays', undefined],
    ['max_wait_hours', '48', 'maxWaitHours', 48],
    ['return_when', 'accepted', 'returnWhen', 'accepted'],
    ['responsible', '[12]', 'responsibleId', '12'],
    ['subject', 'Two\nlines\u0000', 'subject', 'Two lines'],
    ['message', 'Two\nlines\u0007', 'message', 'Two\nlines'],
  ] as const) {
    it(`when ${name} is ${JSON.stringify(value)}, expected ${field} ${String(expected)}`, () => {
      expect(send({ [name]: value })[field]).to.equal(expected);
    });
  }

  for (const purpose of PURPOSES) {
    it(`when the purpose is ${purpose}, expected it taken`, () => {
      expect(send({ purpose }).purpose).to.equal(purpose);
    });
  }

  it('when no entity is given, expected that of the process, whatever it is', () => {
    expect(send({}, 'DYNAMIC_147_1').entity).to.deep.equal({ kind: 'other', text: 'DYNAMIC_147_1' });
    expect(send({}, '').entity).to.equal(undefined);
    expect(send({ crm_entity_id: 'D_5' }, 'LEAD_1').entity).to.deep.equal({ kind: 'deal', id: '5' });
  });

  it('when required inputs are empty, expected 101 naming all of them by title and nothing else', () => {
    const refusal = refusalOf(() => readSendRequest(form({ document_id: ['', ' '], purpose: 'nonsense' })));
    expect(refusal.key).to.equal('MISSING_PARAMETER');
    expect(describeRefusal(refusal, 'en')).to.equal(
      'Required inputs are empty: “Document”, “Signer 1 (company)”, and “Signer 2 (counterparty)”.',
    );
    expect(describeRefusal(refusal, 'ru')).to.equal(
      'Не заполнены обязательные поля: «Документ», «Подписант 1 (компания)» и «Подписант 2 (контрагент)».',
    );
  });

  it('when one required input is empty, expected the singular', () => {
    const refusal = refusalOf(() => send({ signer_1: '' }));
    expect(describeRefusal(refusal, 'ru')).to.equal(
      'Не заполнено обязательное поле: «Подписант 1 (компания)».',
    );
  });

  it('when several inputs cannot be read, expected 102 naming each with its value and what is allowed', () => {
    const refusal = refusalOf(() =>
      send({
        document_id: ['300', 'disk:12', 'abc'],
        signer_1: 'nobody',
        signer_2: ['55', 'X_1'],
        signature_positions: 'signer 1 sign page=1 x=1 y=1\nnonsense',
        responsible: 'group_hr5',
        crm_entity_id: 'X_1',
        additional_agreement: 'maybe',
        purpose: 'signing',
        order: '__proto__',
        company_signature: 'x',
        provider: 'dokobit_portal',
        template: 'Sales',
        subject: 's'.repeat(251),
        message: 'm'.repeat(5001),
        expires_in_days: '1.5',
        return_when: 'now',
        max_wait_hours: '-1',
      }),
    );
    expect(refusal.key).to.equal('INVALID_PARAMETER');
    const lines = describeRefusal(refusal, 'en').split('\n');
    expect(lines).to.have.length(18);
    const text = lines.join('\n');
    expect(text)
      .to.contain('“disk:12” is a file on Drive')
      .and.to.contain('“abc” is not the id of a CRM document');
    expect(text).to.contain('does not know “signing”. Possible values: signature, approval,');
    expect(text).to.contain('does not know “dokobit_portal”. Possible values: builtin.');
    expect(text).to.contain('Line 2:');
    expect(describeRefusal(refusal, 'ru')).to.contain('длиннее 250 символов').and.to.contain('Строка 2');
  });

  it('when a single input gets several values, expected 102', () => {
    const refusal = refusalOf(() => send({ signer_1: ['user_7', 'user_15'] }));
    expect(refusal.problems[0]!.text).to.equal('only_one_value');
  });

  it('when lists are endless, expected 102 that says how many may be', () => {
    const many = Array.from({ length: 31 }, (_, index) => String(index + 1));
    expect(refusalOf(() => send({ signer_2: many })).problems[0]!.values).to.include({ max: 30 });
    expect(refusalOf(() => send({ document_id: many })).problems[0]!.values).to.include({ max: 20 });
  });

  it('when a value is long and has line ends, expected it short and in one line in the text', () => {
    const refusal = refusalOf(() => send({ purpose: `a\n${'x'.repeat(150)}` }));
    expect(String(refusal.problems[0]!.values!['value']))
      .to.match(/^a x+…$/)
      .and.have.length.below(70);
  });
});

describe('the form of check_status', () => {
  it('when a signing or a document is given, expected it with the defaults', () => {
    expect(readCheckRequest(form({ signing: ' abc ' }))).to.deep.equal({
      signingId: 'abc',
      documentId: '',
      returnWhen: 'now',
      maxWaitHours: undefined,
    });
    expect(readCheckRequest(form({ document_id: '300', return_when: 'final' }))).to.deep.include({
      documentId: '300',
      returnWhen: 'final',
    });
  });

  it('when neither is given, expected 101 naming both', () => {
    const refusal = refusalOf(() => readCheckRequest(form({ signing: '' })));
    expect(refusal.code).to.equal(101);
    expect(describeRefusal(refusal, 'en', 'check_status')).to.contain('“Document” and “Signing”');
  });

  it('when the option is one of the other robot, expected 102', () => {
    expect(refusalOf(() => readCheckRequest(form({ signing: 'a', return_when: 'accepted' }))).code).to.equal(
      102,
    );
  });
});
