import { expect } from 'chai';
import { mayManage, maySee } from '../../../../app/domain/policy.ts';
import type { Membership, OfficeUser } from '../../../../app/domain/policy.ts';
import { sentSigning } from '../../../support/signing-builder.ts';

const user = (fields: Partial<OfficeUser>): OfficeUser => ({
  userId: '500',
  name: 'N',
  isAdmin: false,
  ...fields,
});
const sender: Membership = { canSend: true, blocked: false };
const blocked: Membership = { canSend: true, blocked: true };
// Initiator and responsible person 12, employee 7 signs, deal 77.
const signing = sentSigning();

describe('who may see and manage a signing', () => {
  const cases: [
    what: string,
    who: OfficeUser,
    membership: Membership | undefined,
    see: boolean,
    manage: boolean,
  ][] = [
    ['an administrator', user({ isAdmin: true }), undefined, true, true],
    ['a blocked administrator', user({ isAdmin: true }), blocked, true, true],
    ['the initiator', user({ userId: '12' }), undefined, true, true],
    ['the initiator when blocked', user({ userId: '12' }), blocked, false, false],
    ['the signing employee', user({ userId: '7' }), undefined, true, false],
    ['the signing employee with the right to send', user({ userId: '7' }), sender, true, true],
    ['a contact with the same number as a user', user({ userId: '55' }), undefined, false, false],
    ['a stranger', user({}), undefined, false, false],
    ['an employee with the right to send, elsewhere', user({}), sender, false, false],
    ['somebody in the card of the deal', user({ dealId: '77' }), undefined, true, false],
    [
      'an employee with the right to send in the card of the deal',
      user({ dealId: '77' }),
      sender,
      true,
      true,
    ],
    ['a blocked employee in the card of the deal', user({ dealId: '77' }), blocked, false, false],
    ['somebody in the card of another deal', user({ dealId: '78' }), sender, false, false],
  ];
  for (const [what, who, membership, see, manage] of cases) {
    it(`when ${what} asks, expected see=${see} and manage=${manage}`, () => {
      expect(maySee(signing, who, membership)).to.equal(see);
      expect(mayManage(signing, who, membership)).to.equal(manage);
    });
  }
});
