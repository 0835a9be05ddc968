import { expect } from 'chai';
import {
  readCompanySigner,
  readCounterparty,
  readDocument,
  readEntity,
  readUser,
} from '../../../robots/inputs/read-references.ts';

const user = (id: string) => ({ kind: 'user', id });
const hostile = [
  '',
  ' ',
  'user_',
  'user_0',
  'user_-1',
  'user_12; drop',
  '12345678901',
  '1e3',
  '0x10',
  '[12',
  'constructor',
  '__proto__',
  '$gt',
  '１２',
  '<script>1</script>',
  '12\n13',
];

describe('references in robot inputs', () => {
  describe('a company signer', () => {
    for (const [text, expected] of [
      ['user_12', user('12')],
      ['12', user('12')],
      ['[12]', user('12')],
      ['  user_12  ', user('12')],
      ['[ 12 ]', user('12')],
      ['USER_12', user('12')],
      ['Мария Соколова [12]', user('12')],
      ['Maria Manager [user_12]', user('12')],
      ['group_hr5', { kind: 'department', id: '5', deep: false }],
      ['group_hrr5', { kind: 'department', id: '5', deep: true }],
      ['group_d5', { kind: 'department', id: '5', deep: false }],
      ['group_dr5', { kind: 'department', id: '5', deep: true }],
    ] as const) {
      it(`when given "${text}", expected ${JSON.stringify(expected)}`, () => {
        expect(readCompanySigner(text)).to.deep.equal(expected);
      });
    }
    for (const text of [...hostile, 'C_12', 'group_', 'group_g5', 'Anna']) {
      it(`when given ${JSON.stringify(text)}, expected nothing`, () => {
        expect(readCompanySigner(text)).to.equal(undefined);
      });
    }
  });

  it('when a responsible is a department, expected no user', () => {
    expect(readUser('group_hr5')).to.equal(undefined);
  });

  describe('a counterparty', () => {
    for (const [text, kind, id] of [
      ['12', 'contact', '12'],
      ['C_12', 'contact', '12'],
      ['contact_12', 'contact', '12'],
      ['CO_7', 'company', '7'],
      ['COMPANY_7', 'company', '7'],
      ['user_5', 'employee', '5'],
      [' C_12 ', 'contact', '12'],
    ] as const) {
      it(`when given "${text}", expected ${kind} ${id}`, () => {
        expect(readCounterparty(text)).to.deep.equal({ kind, id });
      });
    }
    for (const text of [...hostile, 'L_5', 'CO_', '[5]', 'group_hr5']) {
      it(`when given ${JSON.stringify(text)}, expected nothing`, () => {
        expect(readCounterparty(text)).to.equal(undefined);
      });
    }
  });

  describe('an entity', () => {
    for (const text of ['77', 'D_77', 'DEAL_77', ' deal_77 ']) {
      it(`when given "${text}", expected the deal 77`, () => {
        expect(readEntity(text)).to.deep.equal({ kind: 'deal', id: '77' });
      });
    }
    for (const text of ['L_1', 'LEAD_1', 'Q_1', 'SI_1', 'T93_1', 'Tb1_1', 'DYNAMIC_147_1', 'C_1', 'CO_1']) {
      it(`when given "${text}", expected another entity`, () => {
        expect(readEntity(text)).to.deep.equal({ kind: 'other', text });
      });
    }
    for (const text of [...hostile, 'D_', 'X_1', 'Tzz_1']) {
      it(`when given ${JSON.stringify(text)}, expected nothing`, () => {
        expect(readEntity(text)).to.equal(undefined);
      });
    }
  });

  it('when a document is a number, expected its id; files are recognised; the rest is nothing', () => {
    expect(readDocument(' 300 ')).to.deep.equal({ id: '300' });
    expect(readDocument('disk:12')).to.equal('file_source');
    expect(readDocument('FIELD:UF_CRM_1')).to.equal('file_source');
    for (const text of hostile) expect(readDocument(text), text).to.equal(undefined);
  });

  it('when a text is made to be slow to match, expected an answer at once', () => {
    const started = performance.now();
    readCompanySigner(`${' '.repeat(60_000)}[`);
    readEntity(`DYNAMIC_${'1'.repeat(60_000)}`);
    expect(performance.now() - started).to.be.below(200);
  });
});
