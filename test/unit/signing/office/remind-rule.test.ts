import { expect } from 'chai';
import type { Signing } from '../../../../app/domain/signing.ts';
import { cancelSigning } from '../../../../app/domain/transitions/end-signing.ts';
import { remindWithPause } from '../../../../app/signing/office/remind-rule.ts';
import { later, newSigner, pending, sentSigning } from '../../../support/signing-builder.ts';

const actor = { kind: 'user', id: '12', name: 'Мария' } as const;
const two = () =>
  sentSigning({ order: 'parallel', signers: [newSigner('s1'), newSigner('s2', { step: 1 })] });
const reminders = (signing: Signing) => pending(signing).filter((each) => each.startsWith('remind'));

describe('the pause between reminders', () => {
  it('when all are reminded, expected one reminder to each whose turn it is', () => {
    expect(reminders(remindWithPause(two(), actor, undefined, later(1)))).to.deep.equal([
      'remind:s1',
      'remind:s2',
    ]);
  });

  it('when a signer was reminded 9 minutes ago, expected a refusal that says how long to wait', () => {
    const once = remindWithPause(two(), actor, 's1', later(1));
    expect(() => remindWithPause(once, actor, 's1', later(10)))
      .to.throw()
      .that.includes({ reason: 'reminded_lately' })
      .and.has.nested.property('values.minutes', 1);
  });

  it('when the pause is over, expected another reminder', () => {
    const once = remindWithPause(two(), actor, 's1', later(1));
    const again = remindWithPause(once, actor, 's1', later(11));
    expect(again.journal.filter((entry) => entry.type === 'reminded')).to.have.length(2);
  });

  it('when one of two was reminded lately, expected that only the other is', () => {
    const once = remindWithPause(two(), actor, 's1', later(1));
    const all = remindWithPause(once, actor, undefined, later(2));
    expect(
      all.journal.filter((entry) => entry.type === 'reminded').map((entry) => entry.data['signer']),
    ).to.deep.equal(['s1', 's2']);
  });

  it('when it is not the signer’s turn, or the signing is over, expected nobody to remind', () => {
    const over = cancelSigning(sentSigning(), actor, '', later(1));
    for (const [signing, id] of [
      [sentSigning(), 's2'],
      [sentSigning(), 'nobody'],
      [over, undefined],
    ] as const) {
      expect(() => remindWithPause(signing, actor, id, later(2)))
        .to.throw()
        .that.includes({ reason: 'nobody_to_remind' });
    }
  });
});
