import { expect } from 'chai';
import { createWorld } from './support/world.ts';
import type { World } from './support/world.ts';

/** Everything that leads to a refusal: what is prepared, the inputs, the code and what the text says. */
interface Case {
  readonly when: string;
  readonly prepare?: (world: World) => void;
  readonly inputs?: Record<string, unknown>;
  readonly form?: Record<string, unknown>;
  readonly code: number;
  readonly error: string;
  readonly text: RegExp;
}

const CASES: readonly Case[] = [
  {
    when: 'the robot is switched off, whatever else is wrong',
    prepare: (world) =>
      (world.settings.current = { ...world.settings.current, robots: { send_for_signing: false } }),
    inputs: { document_id: '' },
    code: 170,
    error: 'ROBOT_DISABLED',
    text: /switched off/,
  },
  {
    when: 'an input is empty',
    inputs: { signer_1: '' },
    code: 101,
    error: 'MISSING_PARAMETER',
    text: /“Signer 1/,
  },
  {
    when: 'an input cannot be read',
    inputs: { purpose: 'x' },
    code: 102,
    error: 'INVALID_PARAMETER',
    text: /Purpose/,
  },
  {
    when: 'the responsible person is gone',
    inputs: { responsible: 'user_21' },
    code: 102,
    error: 'INVALID_PARAMETER',
    text: /no active employee “Olga Gone”/,
  },
  {
    when: 'the balance is short, before the rights',
    prepare: (world) => (world.balance.state.available = 1),
    form: { auth: {} },
    code: 110,
    error: 'INSUFFICIENT_BALANCE',
    text: /needs 2 signatures, 1 is left/,
  },
  {
    when: 'nobody is behind the run',
    form: { auth: { user_id: '0' } },
    code: 120,
    error: 'SENDING_NOT_PERMITTED',
    text: /No user stands behind/,
  },
  {
    when: 'the sender was dismissed',
    form: { auth: { user_id: '21' } },
    code: 120,
    error: 'SENDING_NOT_PERMITTED',
    text: /Olga Gone is not an active user/,
  },
  {
    when: 'only selected employees may send and this one is not',
    prepare: (world) => (world.settings.current = { ...world.settings.current, senders: 'selected' }),
    code: 120,
    error: 'SENDING_NOT_PERMITTED',
    text: /Anna Admin has no right to send/,
  },
  {
    when: 'signer 1 is not registered, before the file',
    inputs: { signer_1: '12', document_id: '999' },
    code: 121,
    error: 'SIGNER_NOT_REGISTERED',
    text: /Maria Manager is not among/,
  },
  {
    when: 'signer 1 has no signature and it is to be applied',
    prepare: (world) =>
      world.employees.all.set('7', { ...world.employee('7', 'Ivan Director'), signature: undefined! }),
    code: 121,
    error: 'SIGNER_NOT_REGISTERED',
    text: /no signature in the app/,
  },
  {
    when: 'signer 1 may not sign',
    prepare: (world) =>
      world.employees.all.set('7', world.employee('7', 'Ivan Director', { canSign: false })),
    code: 122,
    error: 'SIGNER_NOT_PERMITTED',
    text: /no right to sign/,
  },
  {
    when: 'signer 1 is blocked',
    prepare: (world) => world.employees.all.set('7', world.employee('7', 'Ivan Director', { blocked: true })),
    code: 122,
    error: 'SIGNER_NOT_PERMITTED',
    text: /blocked/,
  },
  {
    when: 'signer 1 was dismissed',
    prepare: (world) => world.employees.all.set('21', world.employee('21', 'Olga Gone')),
    inputs: { signer_1: '21' },
    code: 122,
    error: 'SIGNER_NOT_PERMITTED',
    text: /no longer an active user/,
  },
  {
    when: 'nobody of a department may sign',
    prepare: (world) => world.portal.has.departments.set('9', ['12']),
    inputs: { signer_1: 'group_hr9' },
    code: 121,
    error: 'SIGNER_NOT_REGISTERED',
    text: /department 9/,
  },
  {
    when: 'documents do not exist, before the contacts',
    inputs: { document_id: ['998', '300', '999'], signer_2: '404' },
    code: 130,
    error: 'DOCUMENT_NOT_FOUND',
    text: /no document 998.*\n.*no document 999/,
  },
  {
    when: 'the portal could not make the PDF',
    inputs: { document_id: '302' },
    code: 130,
    error: 'DOCUMENT_NOT_FOUND',
    text: /“Broken”/,
  },
  {
    when: 'the file itself is missing',
    prepare: (world) => world.portal.has.bytes.set('300', 'ERROR document_failed'),
    code: 130,
    error: 'DOCUMENT_NOT_FOUND',
    text: /“Contract”/,
  },
  {
    when: 'the document is deleted before it is read',
    prepare: (world) => world.portal.has.bytes.set('300', 'ERROR NOT_FOUND'),
    code: 130,
    error: 'DOCUMENT_NOT_FOUND',
    text: /no document 300/,
  },
  {
    when: 'a document is damaged',
    prepare: (world) => world.portal.has.bytes.set('301', 'REFUSE damaged'),
    inputs: { document_id: ['300', '301'] },
    code: 132,
    error: 'DOCUMENT_NOT_SUPPORTED',
    text: /^“Annex” is damaged/,
  },
  {
    when: 'a document is too large',
    prepare: (world) => world.portal.has.bytes.set('300', 'ERROR too_large'),
    code: 132,
    error: 'DOCUMENT_NOT_SUPPORTED',
    text: /too large/,
  },
  {
    when: 'a mark is on a page that there is not',
    inputs: { signature_positions: 'signer 1 sign page=9 x=1 y=1' },
    code: 102,
    error: 'INVALID_PARAMETER',
    text: /Positions of the signatures.*page 9/,
  },
  {
    when: 'counterparties do not exist, before the deal',
    inputs: { signer_2: ['404', 'CO_405', 'user_406', 'CO_4', 'user_21'], crm_entity_id: 'L_1' },
    code: 140,
    error: 'CONTACT_NOT_FOUND',
    text: /contact 404.*\n.*company 405.*\n.*employee 406.*\n.*company 4 has no contact.*\n.*employee 21/,
  },
  {
    when: 'contacts lack fields',
    inputs: { signer_2: ['57', '59'] },
    code: 141,
    error: 'CONTACT_FIELD_MISSING',
    text: /id 57\) lacks required fields: first name, last name, and e-mail or phone.*\n.*Eve \(id 59\).*last name and e-mail/,
  },
  {
    when: 'two contacts have one address in different letter case',
    inputs: { signer_2: ['55', '58'] },
    code: 142,
    error: 'DUPLICATE_SIGNER',
    text: /Ann Twin and Anna Petrova/,
  },
  {
    when: 'the counterparty has the address of the company’s signer',
    inputs: { signer_2: ['60'] },
    code: 142,
    error: 'DUPLICATE_SIGNER',
    text: /user7@company\.test/i,
  },
  {
    when: 'a contact is named twice',
    inputs: { signer_2: ['55', 'C_55'] },
    code: 142,
    error: 'DUPLICATE_SIGNER',
    text: /same signer/,
  },
  {
    when: 'a company’s contact is named again',
    inputs: { signer_2: 'CO_3,55' },
    code: 142,
    error: 'DUPLICATE_SIGNER',
    text: /same signer/,
  },
  {
    when: 'the deal does not exist',
    inputs: { crm_entity_id: 'D_404' },
    code: 150,
    error: 'ENTITY_NOT_FOUND',
    text: /deal 404/,
  },
  {
    when: 'the entity is a lead',
    inputs: { crm_entity_id: 'L_1' },
    code: 151,
    error: 'ENTITY_NOT_A_DEAL',
    text: /“L_1” is not a deal/,
  },
  {
    when: 'the process runs on a smart process',
    form: { document_id: ['crm', 'Dynamic', 'DYNAMIC_147_1'] },
    code: 151,
    error: 'ENTITY_NOT_A_DEAL',
    text: /DYNAMIC_147_1/,
  },
];

describe('refusals of send_for_signing', () => {
  for (const { when, prepare, inputs, form, code, error, text } of CASES) {
    it(`when ${when}, expected ${code} ${error} and nothing left behind`, async () => {
      const world = createWorld();
      prepare?.(world);
      const before = { ...world.balance.state };
      const run = await world.send(inputs, form);
      const values = world.answerOf(run);
      expect(values).to.include({
        response_code: code,
        error,
        status_code: 0,
        retryable: 'N',
        signing_id: '',
      });
      expect(String(values!['response_text'])).to.match(text);
      expect(run.state).to.equal('answered');
      expect(world.signings.all.size).to.equal(0);
      expect(world.balance.state).to.deep.equal(before);
    });
  }
});
