import { expect } from 'chai';
import { PdfEngineFailure } from '../../../app/ports/pdf-engine.ts';
import type { OpenRequest, SealSigner } from '../../../app/ports/pdf-engine.ts';
import { pdfWithPages } from '../../fixtures/pdf/build-pdf.ts';
import { differenceOf, readFields, readTextWithFields } from '../../fixtures/pdf/read-fields.ts';
import { readText } from '../../fixtures/pdf/read-text.ts';
import { signAll as signAllWith } from '../../fixtures/pdf/sign-all.ts';
import {
  anApplyRequest,
  anOpenRequest,
  asExpected,
  aSigner,
  sharedEngine,
  tsaTime,
  twoSigners,
} from '../../fixtures/pdf/test-engine.ts';
import type { TestEngine } from '../../fixtures/pdf/test-engine.ts';
import {
  CERTIFICATION,
  contract,
  field,
  positions,
  sha256,
  startsWith,
} from '../../fixtures/pdf/signing-words.ts';

const at = new Date('2026-11-22T12:00:00Z');
describe('openForSigning and applySignature, in special cases', function () {
  this.timeout(60_000);
  let engine: TestEngine;
  before(async () => (engine = await sharedEngine()));

  const signAll = (pdf: Uint8Array, signers?: SealSigner[], options?: Partial<OpenRequest>) =>
    signAllWith(engine, pdf, signers, options);
  const failureOf = async (work: Promise<unknown>): Promise<PdfEngineFailure> => {
    const failure = await work.catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(PdfEngineFailure);
    return failure as PdfEngineFailure;
  };

  it('when somebody signs without an image, expected their name and the time in their place', async () => {
    const signer = aSigner({ mark: { kind: 'none' }, stampPng: undefined });
    const places = positions('signer 1 sign page=1 x=10 y=10; signer 1 stamp page=1 x=300 y=10');
    const [, signed] = await signAll(contract('x'), [signer], { positions: places });
    const [text] = await readTextWithFields(signed?.pdf ?? contract('x'));
    expect(text).to.contain('Иванов Пётр Ильич').and.contain('12:14:05');
  });

  it('when texts are longer than a card, expected them shortened and the card inside its page', async () => {
    const long = aSigner({
      name: 'Константинопольский-Задунайский Александр Вениаминович '.repeat(4),
      company: '北京市朝阳区建国门外大街甲六号华熙国际中心有限责任公司'.repeat(12),
      purposeText: 'Согласование '.repeat(30),
      identifiedBy: 'код из письма на i***v@example.ru и '.repeat(20),
    });
    const [, signed] = await signAll(contract('x'), [long]);
    const text = (await readTextWithFields(signed?.pdf ?? contract('x')))[1] ?? '';
    expect(text.match(/…/g)).to.have.length(4);
    expect(text).to.contain('北京市朝阳区');
    const card = (await readFields(signed?.pdf ?? contract('x'))).find(({ name }) => name.includes('card'));
    const [, bottom = 0, , top = 0] = card?.rectangle ?? [];
    expect(top - bottom).to.be.below(215);
  });

  it('when a company has the long name of the law, expected all of it on the card', async () => {
    const company =
      'Федеральное государственное бюджетное образовательное учреждение высшего образования ' +
      '«Национальный исследовательский технологический университет имени академика Н. Н. Семёнова»';
    const signer = aSigner({ role: 'Контрагент', position: 'исполняющий обязанности проректора', company });
    const [, signed] = await signAll(contract('x'), [signer]);
    const text = (await readTextWithFields(signed?.pdf ?? contract('x')))[1] ?? '';
    expect(text).to.contain('Семёнова').and.not.contain('…');
  });

  it('when there are 30 signers, expected a card for each on several pages, signed in any order', async () => {
    const signers = Array.from({ length: 30 }, (_, index) =>
      aSigner({ id: `p${index + 1}`, step: 1, name: `Подписант Номер${index + 1}Конец` }),
    );
    const all = signers.map(asExpected);
    const opened = await engine.openForSigning(anOpenRequest(contract('x'), { signers: all }));
    expect(opened.pages).to.be.within(5, 10);
    let { pdf } = opened;
    for (const index of [29, 0, 14]) {
      const signer = signers[index] ?? aSigner();
      ({ pdf } = await engine.applySignature(anApplyRequest(pdf, signer, { signers: all })));
    }
    const signed = (await readFields(pdf)).filter((one) => one.signed).map(({ name }) => name);
    expect(signed).to.have.members(
      ['p30', 'p1', 'p15'].map((id) => field(id, 'card-1')).concat(CERTIFICATION),
    );
    expect((await engine.verify({ pdf, at })).verdict).to.equal('unchanged');
  });

  describe('when the document has a form', () => {
    const form = (more = ''): Uint8Array =>
      new Uint8Array(
        pdfWithPages(['form'], {
          catalog: `/AcroForm << /Fields [4 0 R] ${more} /DA (/F1 12 Tf 0 g) /DR << /Font << /F1 3 0 R >> >> >>`,
          more: [
            '<< /Type /Annot /Subtype /Widget /FT /Tx /T (Countersign-sgn_test_1-s1-sign-1) /V (own value) ' +
              '/DA (/F1 12 Tf 0 g) /Rect [72 600 300 620] /F 4 >>',
          ],
          page: '/Annots [4 0 R]',
        }),
      );

    it('expected its fields to stay, also one that has a name of ours', async () => {
      const [, signed] = await signAll(form(), [aSigner()], {
        positions: positions('signer 1 sign page=1 x=10 y=10'),
      });
      const fields = await readFields(signed?.pdf ?? form());
      expect(fields.map(({ name, value, signed }) => [name, value, signed])).to.deep.equal([
        ['Countersign-sgn_test_1-s1-sign-1', 'own value', false],
        ['Countersign-sgn_test_1~2-s1-sign-1', undefined, true],
        ['Countersign-sgn_test_1~2-certification', undefined, true],
      ]);
      expect((await engine.verify({ pdf: signed?.pdf ?? form(), at })).verdict).to.equal('unchanged');
    });

    it('with values that every viewer would draw anew, expected them to be drawn once and for all', async () => {
      const [opened] = await signAll(form('/NeedAppearances true'), [aSigner()]);
      expect((await readText(opened.pdf))[0]).to.not.contain('own value');
      expect((await readTextWithFields(opened.pdf))[0]).to.contain('own value');
      const revision = Buffer.from(opened.pdf).subarray(form('/NeedAppearances true').length);
      expect(revision.toString('latin1')).to.not.contain('NeedAppearances');
    });
  });

  describe('when the document was signed before it came', () => {
    let foreign: Uint8Array;
    const signing = { ...anOpenRequest(new Uint8Array()).signing, id: 'next' };
    before(async () => {
      const [, signed] = await signAll(contract('foreign'), [aSigner()]);
      foreign = signed?.pdf ?? contract('foreign');
    });

    it('expected it back byte for byte on opening', async () => {
      const opened = await engine.openForSigning(anOpenRequest(foreign, { signing }));
      expect(Buffer.from(opened.pdf).equals(foreign)).to.equal(true);
      expect(opened).to.deep.include({ level: 'B-B', signaturePage: 0, pages: 2, sha256: sha256(foreign) });
    });

    it('expected cells side by side at the foot of its last page, and all signatures to hold', async () => {
      const [opened, first, second] = await signAll(foreign, twoSigners(), { signing });
      expect(second).to.deep.include({ pages: 2, warnings: [] });
      const cells = (await readFields(second?.pdf ?? foreign)).slice(-2);
      expect(cells.map(({ name, page }) => [name, page])).to.deep.equal([
        ['Countersign-next-s1-sign-1', 1],
        ['Countersign-next-s2-sign-1', 1],
      ]);
      expect(cells[0]?.rectangle[2]).to.be.at.most((cells[1]?.rectangle[0] ?? 0) + 0.01);
      const text = (await readTextWithFields(second?.pdf ?? foreign))[1] ?? '';
      expect(text).to.contain('Ąžuolas Šimkutė').and.contain('22.11.2026 13:02:41');
      const files = [opened.pdf, first?.pdf ?? foreign, second?.pdf ?? foreign];
      expect(startsWith(files[2] ?? foreign, files[1] ?? foreign)).to.equal(true);
      const { verdict, signatures } = await engine.verify({ pdf: files[2] ?? foreign, at });
      expect(verdict).to.equal('unchanged');
      expect(signatures.map(({ integrity }) => integrity)).to.deep.equal([
        'valid',
        'valid',
        'valid',
        'valid',
      ]);
    });

    it('with something at the foot of its last page, expected the cells above it, over nothing', async () => {
      const [, , second] = await signAll(foreign, twoSigners(), { signing });
      const fields = await readFields(second?.pdf ?? foreign);
      const cells = fields.filter(({ name }) => name.startsWith('Countersign-next'));
      // The foot of our own signature page ends 52 points above its lower edge.
      for (const { rectangle } of cells) expect(rectangle[1]).to.be.within(50, 70);
    });

    it('with a place given, expected the mark there, and a warning for the marks that can have no field', async () => {
      const places = positions('signer 1 sign page=1 x=100 y=300 w=150 h=50; signer 1 date page=1 x=10 y=10');
      const [, signed] = await signAll(foreign, [aSigner()], { signing, positions: places });
      expect(signed?.warnings).to.deep.equal(['position_outside']);
      const seen = await differenceOf(foreign, signed?.pdf ?? foreign, 0);
      expect(seen?.left).to.be.within(99, 104);
      expect(seen?.bottom).to.be.within(340, 351);
    });

    it('expected nobody to sign twice', async () => {
      const [, signed] = await signAll(foreign, [aSigner()], { signing });
      const again = anApplyRequest(signed?.pdf ?? foreign, aSigner(), { signing });
      expect((await failureOf(engine.applySignature(again))).code).to.equal('internal');
    });
  });

  describe('when the request is wrong', () => {
    it('because the signer has signed already, expected a failure', async () => {
      const [, signed] = await signAll(contract('x'), [aSigner()]);
      const failure = await failureOf(
        engine.applySignature(anApplyRequest(signed?.pdf ?? contract(), aSigner())),
      );
      expect(failure).to.include({ code: 'internal', retryable: false });
      expect(failure.message).to.contain('s1');
    });

    it('because the document was opened without this signer, expected a failure', async () => {
      const { pdf } = await engine.openForSigning(
        anOpenRequest(contract('x'), { signers: [asExpected(aSigner())] }),
      );
      const failure = await failureOf(engine.applySignature(anApplyRequest(pdf, aSigner({ id: 's9' }))));
      expect(failure.message).to.contain('s9');
    });

    it('because the document was never opened, expected a failure', async () => {
      const failure = await failureOf(engine.applySignature(anApplyRequest(contract('x'), aSigner())));
      expect(failure.message).to.contain('not opened');
    });
  });

  describe('with time-stamps', () => {
    const timestamps = (whenDown: 'fail' | 'go_on', ...hosts: string[]) => ({
      timestamps: { urls: hosts.map((host) => `http://${host}`), whenDown },
    });

    it('when a server answers, expected level B-T with its time for every signature', async () => {
      const steps = await signAll(contract('x'), twoSigners(), timestamps('fail', 'down', 'tsa'));
      for (const step of steps) expect(step).to.deep.include({ level: 'B-T', timestampAt: tsaTime });
      const { signatures } = await engine.verify({ pdf: steps[2]?.pdf ?? contract(), at });
      expect(signatures.map(({ timestamp }) => timestamp?.valid)).to.deep.equal([true, true, true]);
    });

    it('when none answers, expected a failure, or by choice a signature without', async () => {
      const { pdf } = await engine.openForSigning(anOpenRequest(contract('x')));
      const request = anApplyRequest(pdf, aSigner(), timestamps('fail', 'down', 'bad-nonce'));
      const failure = await failureOf(engine.applySignature(request));
      expect(failure).to.include({ code: 'timestamp_unavailable', retryable: true });
      const signed = await engine.applySignature({ ...request, ...timestamps('go_on', 'down') });
      expect(signed).to.deep.include({
        level: 'B-B',
        timestampAt: undefined,
        warnings: ['timestamp_missing'],
      });
      expect((await engine.verify({ pdf: signed.pdf, at })).verdict).to.equal('unchanged');
    });
  });

  it('when a document has 50 pages, expected an increment no larger than that of one page', async () => {
    const grown = async (pages: number): Promise<number> => {
      const input = contract(...Array.from({ length: pages }, (_, index) => `page ${index}`));
      const [opened, signed] = await signAll(input, [aSigner()]);
      return (signed?.pdf.length ?? 0) - opened.pdf.length;
    };
    const [one, fifty] = [await grown(1), await grown(50)];
    expect(fifty).to.be.below(one + 500);
    expect(one).to.be.below(40_000);
  });
});
