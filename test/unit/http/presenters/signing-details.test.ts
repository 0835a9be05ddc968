import { expect } from 'chai';
import {
  signerDelivery,
  signerOpened,
  signerSigned,
} from '../../../../app/domain/transitions/signer-actions.ts';
import { failSigning, markCompleted, markSealed } from '../../../../app/domain/transitions/end-signing.ts';
import { createTranslator } from '../../../../app/i18n/translator.ts';
import { signingDetails } from '../../../../app/http/presenters/signing-details.ts';
import { findSigningFile, signingFiles } from '../../../../app/http/presenters/signing-files.ts';
import { signingItem } from '../../../../app/http/presenters/signing-item.ts';
import type { Signing } from '../../../../app/domain/signing.ts';
import { evidence, later, sentSigning, storedFile } from '../../../support/signing-builder.ts';

const t = createTranslator('en');
const half = () =>
  signerSigned(signerOpened(sentSigning(), 's1', '1.1.1.1', later(3)), 's1', evidence(), later(5));
const signed = () => signerSigned(half(), 's2', evidence(), later(9));
const files = { signedFile: storedFile('signed'), report: storedFile('report') };
const completed = () => markCompleted(markSealed(signed(), files, 'B-B', later(10)), {}, later(11));
const kinds = (signing: Signing) => signingFiles(signing).map((file) => file.key);

describe('a signing as a list item', () => {
  it('when one of two signed, expected the count and who is next', () => {
    expect(signingItem(half())).to.deep.include({
      status: 'partly_signed',
      tone: 'active',
      signed: 1,
      total: 2,
      next: ['Подписант s2'],
      needsAttention: false,
    });
  });

  it('when the invitation came back, expected that it needs attention until the signer signed', () => {
    const bounced = signerDelivery(
      half(),
      's2',
      { channel: 'email', state: 'bounced', at: later(6) },
      later(6),
    );
    expect(signingItem(bounced).needsAttention).to.equal(true);
    expect(signingItem(signerSigned(bounced, 's2', evidence(), later(9))).needsAttention).to.equal(false);
  });

  it('when it is over, expected nobody next and no deadline', () => {
    expect(signingItem(completed())).to.deep.include({ next: [], expiresAt: undefined, tone: 'success' });
  });
});

describe('the details of a signing', () => {
  it('when the reader may manage, expected the actions that make sense in the state', () => {
    expect(signingDetails(half(), true, t, later(6)).actions).to.deep.equal({
      remind: true,
      cancel: true,
      resume: false,
    });
    expect(signingDetails(completed(), true, t, later(12)).actions).to.deep.equal({
      remind: false,
      cancel: false,
      resume: false,
    });
    const failed = failSigning(signed(), { text: 'no time-stamp', reference: 'r-1' }, later(10));
    const view = signingDetails(failed, true, t, later(12));
    expect(view.actions).to.deep.equal({ remind: false, cancel: true, resume: true });
    expect(view.error).to.include({ text: 'no time-stamp', reference: 'r-1' });
  });

  it('when an error is one that people can mend, expected words instead of its code', () => {
    const failed = failSigning(signed(), { text: 'certificate_expired', reference: 'r-1' }, later(10));
    const { error } = signingDetails(failed, true, t, later(12));
    expect(error?.text).to.include('certificate has expired').and.include('settings');
    expect(error?.reference).to.equal('r-1');
  });

  it('when the reader may only look, expected no action', () => {
    expect(signingDetails(half(), false, t, later(6)).actions).to.deep.equal({
      remind: false,
      cancel: false,
      resume: false,
    });
  });

  it('when steps follow each other, expected the signers by step with their moments', () => {
    const { steps } = signingDetails(half(), true, t, later(6));
    expect(
      steps.map((step) => step.signers.map((signer) => [signer.id, signer.status, signer.isNext])),
    ).to.deep.equal([[['s1', 'signed', false]], [['s2', 'sent', true]]]);
    expect(steps[0]?.signers[0]).to.deep.include({
      openedAt: later(3),
      signedAt: later(5),
      method: 'email_code',
    });
  });

  it('when it is shown, expected every journal entry as a sentence, newest first', () => {
    const { journal } = signingDetails(completed(), true, t, later(12));
    expect(journal.whole).to.equal(true);
    expect(journal.lines[0]?.text).to.match(/completed/);
    expect(journal.lines.map((line) => line.seq)).to.deep.equal(
      [...journal.lines.map((line) => line.seq)].sort((a, b) => b - a),
    );
  });

  it('when an entry was changed in the store, expected that the journal says so', () => {
    const signing = half();
    const journal = signing.journal.map((entry) => (entry.seq === 2 ? { ...entry, at: later(99) } : entry));
    expect(signingDetails({ ...signing, journal }, true, t, later(6)).journal.whole).to.equal(false);
  });
});

describe('the files of a signing', () => {
  it('when it is not completed, expected neither the signed file nor the report', () => {
    const sealed = markSealed(signed(), files, 'B-B', later(10));
    expect(kinds(sealed)).to.deep.equal(['source-1']);
    expect(findSigningFile(sealed, 'signed')).to.equal(undefined);
    expect(findSigningFile(sealed, 'report')).to.equal(undefined);
  });

  it('when it is completed, expected signed file and report first', () => {
    expect(kinds(completed())).to.deep.equal(['signed', 'report', 'source-1']);
    expect(findSigningFile(completed(), 'signed')?.fileId).to.equal('signed');
  });

  it('when the address names no file of it, expected nothing', () => {
    for (const key of ['source-0', 'source-2', '__proto__', '', 'bundle']) {
      expect(findSigningFile(completed(), key), key).to.equal(undefined);
    }
  });
});
