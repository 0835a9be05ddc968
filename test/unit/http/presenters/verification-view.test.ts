import { expect } from 'chai';
import { verificationView } from '../../../../app/http/presenters/verification-view.ts';
import type { VerificationView } from '../../../../app/http/presenters/verification-view.ts';
import { formatOwnTime } from '../../../../app/i18n/format-date-time.ts';
import { createTranslator } from '../../../../app/i18n/translator.ts';
import type { IssuedFile } from '../../../../app/ports/issued-file-store.ts';
import type { SignatureFinding, VerificationResult } from '../../../../app/ports/pdf-engine.ts';
import { T0, later } from '../../../support/signing-builder.ts';
import { aFinding, aVerification } from '../../../support/verification-builder.ts';

const texts = { t: createTranslator('en'), at: (moment: Date) => formatOwnTime(moment, 'en') };
const issued: IssuedFile = {
  sha256: 'a'.repeat(64),
  signingId: '0123456789abcdef01234567',
  kind: 'signed',
  issuedAt: T0,
};
const show = (
  fields: Partial<VerificationResult>,
  options: Partial<Parameters<typeof verificationView>[1]> = {},
): VerificationView =>
  verificationView(
    aVerification(fields),
    { fileName: 'a.pdf', checkedAt: T0, selfIssued: true, ...options },
    texts,
  );
const showOne = (fields: Partial<SignatureFinding>, result: Partial<VerificationResult> = {}) =>
  show({ signatures: [aFinding(fields)], ...result });
const toneOf = (view: VerificationView) => Object.values(view.signatures[0]!.answers).map(({ tone }) => tone);

describe('what is said about a checked file', () => {
  it('when it is whole and ours, expected green, and that the certificate proves nobody’s identity', () => {
    const view = showOne({ name: 'Иван Петров' });
    expect(view).to.include({
      headline: 'unchanged',
      tone: 'success',
      signedBy: 'Иван Петров',
      selfIssued: true,
    });
    expect(view.signatures[0]?.answers.integrity).to.include({ tone: 'success' });
    expect(view.signatures[0]?.answers.trust).to.include({ tone: 'neutral' });
    expect(view.signatures[0]?.answers.trust.text).to.include('not who somebody is');
  });

  it('when the fingerprint is ours, expected when it was issued and nothing else', () => {
    const view = show({}, { issued });
    expect(view).to.include({ headline: 'issued', tone: 'success', signedBy: 'Seal' });
    expect(view.issued).to.deep.equal({ at: T0, kind: 'signed' });
  });

  it('when the service certified and people signed, expected the people named and not the service', () => {
    const view = show({
      signatures: [
        aFinding({ name: 'Countersign', certification: 2, covers: 'earlier_revision' }),
        aFinding({ name: 'Anna', covers: 'earlier_revision', revision: 2 }),
        aFinding({ name: 'Boris', revision: 3 }),
      ],
    });
    expect(view.signedBy).to.equal('Anna, Boris');
  });

  it('when places for signatures are still empty, expected an earlier state told from the finished file', () => {
    const certified = aFinding({ certification: 2, covers: 'earlier_revision' });
    const warnings = ['signature_missing'];
    expect(show({ signatures: [certified], warnings })).to.include({
      headline: 'nobody_signed',
      tone: 'warning',
    });
    const half = { signatures: [certified, aFinding({ name: 'Anna', revision: 2 })], warnings };
    expect(show(half)).to.include({ headline: 'not_all_signed', tone: 'warning', signedBy: 'Anna' });
    expect(show(half, { issued })).to.include({ headline: 'issued', tone: 'success' });
  });

  it('when the service has sealed it and nobody signed by themselves, expected no name of a certificate in the headline', () => {
    expect(showOne({ certification: 1 })).to.include({ headline: 'unchanged', sealedOnly: true });
    expect(showOne({ certification: 1, trust: 'anchored' }).sealedOnly).to.equal(false);
    expect(showOne({}).sealedOnly).to.equal(false);
  });

  it('when a customer of the service put the certificate in, expected no green but for a file that we issued', () => {
    const registered = { signatures: [aFinding({ trust: 'registered' })] };
    expect(show(registered)).to.include({ headline: 'registered', tone: 'warning' });
    expect(show(registered).signatures[0]).to.include({ status: 'registered', tone: 'neutral' });
    expect(show(registered, { issued })).to.include({ headline: 'issued' });
  });

  it('when anyone could have made the certificate, expected nothing green, issued by us or not', () => {
    for (const options of [{}, { issued }]) {
      const view = show(
        { signatures: [aFinding({ trust: 'unknown', revocation: 'good', name: 'Countersign' })] },
        options,
      );
      expect(view).to.include({ headline: 'unknown_signer', tone: 'warning' });
      expect(view.signatures[0]).to.include({ status: 'unknown_key', tone: 'warning' });
      expect(toneOf(view)).not.to.include('success');
    }
  });

  it('when one of several certificates is unknown, expected no green over it', () => {
    const view = show({ signatures: [aFinding(), aFinding({ trust: 'unknown' })] });
    expect(view).to.include({ headline: 'some_unknown', tone: 'warning', signedBy: 'Seal' });
    expect(view.signatures.map(({ tone }) => tone)).to.deep.equal(['success', 'warning']);
  });

  it('when the certificate was revoked, expected red and nothing green beside it', () => {
    const view = showOne({ trust: 'anchored', revocation: 'revoked', revokedAt: later(1) });
    expect(view).to.include({ headline: 'revoked', tone: 'danger' });
    expect(view.signatures[0]).to.include({ status: 'revoked', tone: 'danger' });
    expect(toneOf(view)).not.to.include('success');
    expect(view.signatures[0]?.answers.revocation.text).to.include('22 November 2026');
  });

  it('when it is broken, expected red, and that the certificate in it says nothing', () => {
    const view = showOne({ integrity: 'broken', revocation: 'good' }, { verdict: 'broken' });
    expect(view).to.include({ headline: 'broken', tone: 'danger', selfIssued: false });
    expect(toneOf(view)).not.to.include('success');
    expect(view.signatures[0]?.answers.trust.text).to.include('Says nothing');
  });

  it('when a signature cannot be examined, expected that said, beside others or alone', () => {
    const unsupported = aFinding({ integrity: 'unsupported' });
    const warnings = ['signature_not_examined'];
    const beside = show({ signatures: [aFinding(), unsupported], warnings });
    expect(beside).to.include({ headline: 'partly_examined', tone: 'warning' });
    const alone = show({ verdict: 'unsigned', signatures: [unsupported], warnings });
    expect(alone).to.include({ headline: 'not_examined', tone: 'warning' });
    expect(alone.signatures[0]).to.include({ status: 'unsupported', tone: 'warning' });
  });

  it('when something is wrong or was added that nobody signed, expected a warning in place of green', () => {
    const trailing = { code: 'trailing_bytes', path: '', permitted: true };
    const cases = [
      [{ changesAfter: [trailing] }, 'extended'],
      [{ problems: ['trailing_data'] }, 'doubtful'],
      [{ certificateValidThen: false }, 'doubtful'],
    ] as const;
    for (const [fields, headline] of cases) {
      const view = showOne(fields as Partial<SignatureFinding>);
      expect(view).to.include({ verdict: 'unchanged', headline, tone: 'warning' });
      expect(view.signatures[0]).to.include({ status: 'doubtful', tone: 'warning' });
    }
    expect(show({ warnings: ['unsigned_additions'] })).to.include({ headline: 'extended', tone: 'warning' });
    expect(show({ warnings: ['unreachable_signatures'] })).to.include({
      headline: 'doubtful',
      tone: 'warning',
    });
  });

  it('when only what is permitted came later, expected green with the additions told', () => {
    const changesAfter = [
      { code: 'field_filled', path: '/a', permitted: true, page: 2 },
      { code: 'field_filled', path: '/b', permitted: true, page: 2 },
      { code: 'validation_data', path: '/c', permitted: true },
    ];
    const view = showOne({ changesAfter, covers: 'earlier_revision' });
    expect(view).to.include({ headline: 'unchanged', tone: 'success', additions: true });
    const { forbidden, permitted } = view.signatures[0]!.changes;
    expect(forbidden).to.have.length(0);
    expect(permitted.map(({ page, count }) => [page, count])).to.deep.equal([
      [undefined, 1],
      [2, 2],
    ]);
    expect(view.signatures[0]?.covers).to.include('revision 1 of 2');
  });

  it('when it was changed afterwards, expected red at verdict and signature with the change and its page', () => {
    const change = { code: 'page_content', path: '/Pages', permitted: false, page: 2 };
    const view = showOne({ changesAfter: [change] }, { verdict: 'changed' });
    expect(view).to.include({ headline: 'changed', tone: 'danger' });
    expect(view.signatures[0]).to.include({ status: 'changed_after', tone: 'danger' });
    expect(view.signatures[0]?.changes.forbidden).to.deep.equal([
      { text: 'The content of a page was changed.', page: 2, count: 1, paths: ['/Pages'] },
    ]);
  });

  it('when a file is made to have thousands of changes, expected a list that can be read', () => {
    const changesAfter = Array.from({ length: 5000 }, (_, page) => ({
      code: 'page_content',
      path: 'x',
      permitted: false,
      page,
    }));
    const { changes } = showOne({ changesAfter }, { verdict: 'changed' }).signatures[0]!;
    expect([changes.forbidden.length, changes.more]).to.deep.equal([100, 4900]);
  });

  it('when the engine names something that has no text yet, expected general words and never its code', () => {
    const changesAfter = [{ code: 'brand_new', path: '', permitted: true }];
    const view = showOne({ problems: ['brand_new'], changesAfter }, { warnings: ['brand_new'] });
    expect(JSON.stringify(view)).not.to.include('brand_new');
    expect(view.warnings).to.deep.equal(['The file has something unusual.']);
  });

  it('when texts of the file try to disguise themselves, expected them plain and short', () => {
    const view = showOne({ name: 'Anna\u202egnp\nvalid', reason: 'x'.repeat(9999) });
    expect(view.signatures[0]?.title).to.equal('Anna gnp valid');
    expect(view.signatures[0]?.reason.length).to.equal(301);
  });
});

describe('when a signature was made', () => {
  const stamp = { time: later(3), valid: true, authority: 'Some TSA', trust: 'anchored' } as const;
  const timeOf = (fields: Partial<SignatureFinding>) => showOne(fields).signatures[0]!.answers.time;

  it('expected trusted time and the signer’s own clock told apart', () => {
    const view = showOne({ claimedTime: T0, timestamp: { ...stamp } }).signatures[0]!;
    expect(view.answers.time).to.include({ tone: 'success' });
    expect(view.answers.time.text).to.include('trusted time').and.include('09:03').and.include('Some TSA');
    expect(view.claimedTime).to.equal(T0);
  });

  it('expected no green for a clock alone, an unknown authority or a wrong time-stamp', () => {
    expect(timeOf({ claimedTime: T0 })).to.include({ tone: 'neutral' });
    expect(timeOf({})).to.include({ tone: 'neutral', text: 'No time is stated.' });
    expect(timeOf({ timestamp: { ...stamp, trust: 'unknown' } })).to.include({ tone: 'warning' });
    expect(timeOf({ timestamp: { ...stamp, valid: false } }).text).to.include('proves nothing');
  });

  it('expected a later time-stamp of the document to prove it, and an earlier or unknown one not', () => {
    const signature = aFinding({ claimedTime: T0, covers: 'earlier_revision', revision: 2 });
    const stamped = (fields: Partial<SignatureFinding>) =>
      show({
        signatures: [
          signature,
          aFinding({
            kind: 'document_timestamp',
            level: 'timestamp',
            revision: 3,
            timestamp: stamp,
            ...fields,
          }),
        ],
      }).signatures[0]!.answers.time;
    expect(stamped({}).text).to.include('Not later than').and.include('09:03');
    expect(stamped({ revision: 1 })).to.include({ tone: 'neutral' });
    expect(stamped({ timestamp: { ...stamp, trust: 'unknown' } })).to.include({ tone: 'neutral' });
    expect(stamped({ integrity: 'broken' })).to.include({ tone: 'neutral' });
  });
});

describe('the facts of a signature', () => {
  for (const language of ['en', 'ru'] as const) {
    it(`expected every level, certification, lock and coverage in words in ${language}`, () => {
      const t = createTranslator(language);
      for (const level of ['B-B', 'B-T', 'B-LT', 'B-LTA', 'cms', 'timestamp'] as const) {
        for (const certification of [1, 2, 3] as const) {
          for (const covers of ['whole_file', 'earlier_revision', 'nothing'] as const) {
            const locks = Array.from({ length: 30 }, (_, index) => `f${index}`);
            const finding = aFinding({ level, certification, covers, locks });
            const [view] = verificationView(
              aVerification({ signatures: [finding] }),
              { fileName: '', checkedAt: T0, selfIssued: false },
              { ...texts, t },
            ).signatures;
            expect(view?.level).to.match(level.startsWith('B-') ? new RegExp(`PAdES ${level} \\(`) : /\w/);
            expect(view?.certification).to.include(`DocMDP ${certification}`);
            expect(view?.locks).to.include('f19').and.not.include('f20');
          }
        }
      }
    });
  }
});

describe('the pages before and now', () => {
  const png = new Uint8Array([1, 2, 3]);
  const page = { page: 2, width: 600, height: 800, signed: png, now: png };
  const place = { x: 100, y: 50, width: 80, height: 20 };

  it('when a place differs, expected an outline round it, not permitted ones on top', () => {
    const places = [
      { ...place, permitted: false },
      { x: -10, y: 795, width: 1, height: 1, permitted: true },
    ];
    const view = show({ changedPages: [{ ...page, places }] }).changedPages[0]!;
    expect(view).to.include({ forbidden: 1, permitted: 1, now: 'data:image/png;base64,AQID' });
    expect(view.places).to.deep.equal([
      { x: 0, y: 788, width: 12, height: 12, permitted: true },
      { x: 97, y: 47, width: 86, height: 26, permitted: false },
    ]);
  });

  it('when there are no pictures of a page, expected its number named', () => {
    const { signed: _signed, now: _now, ...bare } = page;
    const view = show({
      changedPages: [
        { ...page, places: [] },
        { ...bare, page: 9, places: [] },
      ],
    });
    expect(view.changedPages.map((each) => each.page)).to.deep.equal([2]);
    expect(view.otherPages).to.deep.equal([9]);
  });
});
