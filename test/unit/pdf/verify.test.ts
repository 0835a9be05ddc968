import { expect } from 'chai';
import { PDF } from '@libpdf/core';
import { createRandom } from '../../support/random.ts';
import { createTranslator, hasText } from '../../../app/i18n/translator.ts';
import { appendSignature } from '../../../app/pdf/sealing/append-signature.ts';
import { loadSealCertificate } from '../../../app/pdf/certificate/load-seal-certificate.ts';
import type { VerificationResult } from '../../../app/ports/pdf-engine.ts';
import { appendRevision, pdfWithPages, stream } from '../../fixtures/pdf/build-pdf.ts';
import { objectNumber, objectText, wrapSignature } from '../../fixtures/pdf/forge-pdf.ts';
import { readText } from '../../fixtures/pdf/read-text.ts';
import {
  aSealRequest,
  aSigner,
  sharedEngine,
  startTestEngine,
  testCertificate,
} from '../../fixtures/pdf/test-engine.ts';
import type { TestEngine } from '../../fixtures/pdf/test-engine.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const at = new Date('2026-11-22T12:00:00Z');

describe('verify', function () {
  this.timeout(30_000);
  let engine: TestEngine;
  let input: Uint8Array;
  /** Sealed, level 1, with a signature page. */
  let sealed: Uint8Array;
  /** Certified, level 2, marks placed in the page, no page added. */
  let open: Uint8Array;

  before(async () => {
    engine = await sharedEngine();
    input = new Uint8Array(pdfWithPages(['Price: 100 EUR', 'second page']));
    sealed = (await engine.sealBundle(aSealRequest(input))).pdf;
    open = (await engine.sealBundle(aSealRequest(input, { certification: 2 }))).pdf;
  });

  const verify = (pdf: Uint8Array): Promise<VerificationResult> =>
    engine.verify({ pdf: new Uint8Array(pdf), at });
  const codes = (result: VerificationResult, index = 0): string[] =>
    result.signatures[index]?.changesAfter.map(({ code }) => code) ?? [];

  it('when there is no signature, expected unsigned', async () => {
    expect(await verify(input)).to.deep.include({
      verdict: 'unsigned',
      pages: 2,
      signatures: [],
      warnings: [],
    });
  });

  it('when it is no PDF or noise, expected not_a_pdf', async () => {
    expect((await verify(Buffer.from('hello'))).verdict).to.equal('not_a_pdf');
    expect((await verify(Buffer.alloc(0))).verdict).to.equal('not_a_pdf');
    expect((await verify(Buffer.from('%PDF-1.7\nnothing'))).verdict).to.be.oneOf(['not_a_pdf', 'unsigned']);
  });

  it('when nothing was changed, expected unchanged with who, when and what is covered', async () => {
    const { verdict, signatures, warnings, pages } = await verify(sealed);
    expect({ verdict, warnings, pages }).to.deep.equal({ verdict: 'unchanged', warnings: [], pages: 3 });
    expect(signatures).to.have.length(1);
    expect(signatures[0]?.certificate?.commonName).to.equal('Countersign document seal');
  });

  it('when any byte inside the covered range is flipped, expected broken', async () => {
    const { signatures } = await verify(sealed);
    const end = signatures[0]?.revisionEnd ?? 0;
    const contents = Buffer.from(sealed).lastIndexOf('/Contents <30');
    const flips = [9, 400, Buffer.from(sealed).indexOf('Price'), contents - 20, end - 200];
    for (const offset of flips) {
      const changed = Buffer.from(sealed);
      changed[offset]! ^= 0x01;
      expect((await verify(changed)).verdict, `byte ${offset}`).to.be.oneOf(['broken', 'not_a_pdf']);
    }
  });

  it('when a bit of the signature itself is flipped, expected broken', async () => {
    for (const into of [700, 5500]) {
      const changed = Buffer.from(sealed);
      const offset = changed.lastIndexOf('/Contents <30') + 11 + into;
      changed[offset] = changed[offset] === 0x30 ? 0x31 : 0x30;
      expect((await verify(changed)).verdict, `hex digit ${into}`).to.equal('broken');
    }
  });

  describe('when a revision is appended', () => {
    const page = () => objectNumber(input, /\/Type \/Page /);
    const attacks: [what: string, make: () => Uint8Array, code: string][] = [
      [
        'that replaces the content of a page',
        () => {
          const number = objectNumber(input, /Price: 100 EUR/);
          return appendRevision(open, [
            { number, body: stream('BT /F1 14 Tf 72 720 Td (Price: 1 EUR) Tj ET') },
          ]);
        },
        'page_content',
      ],
      [
        'that lays new content over a page',
        () => {
          const number = page();
          const body = objectText(open, number).replace(/\/Contents (\d+ 0 R)/, '/Contents [$1 990 0 R]');
          return appendRevision(open, [
            { number, body },
            { number: 990, body: stream('1 g 0 0 600 900 re f BT /F1 14 Tf 72 720 Td (EVIL) Tj ET') },
          ]);
        },
        'page_content',
      ],
      [
        'that stamps an annotation over a page',
        () => {
          const number = page();
          const body = objectText(open, number).replace(/>>\s*$/, '/Annots [991 0 R] >>');
          const square = '<< /Type /Annot /Subtype /Square /Rect [0 0 600 800] /IC [1 1 1] /F 4 >>';
          return appendRevision(open, [
            { number, body },
            { number: 991, body: square },
          ]);
        },
        'annotation_added',
      ],
      [
        'that adds an unsigned signature field with a face',
        () => {
          const number = page();
          const body = objectText(open, number).replace(/>>\s*$/, '/Annots [991 0 R] >>');
          const widget = '<< /Type /Annot /Subtype /Widget /FT /Sig /T (x) /Rect [0 0 600 800] /F 4 >>';
          return appendRevision(open, [
            { number, body },
            { number: 991, body: widget },
          ]);
        },
        'annotation_added',
      ],
      [
        'that swaps a font',
        () => {
          const number = objectNumber(input, /\/BaseFont \/Helvetica/);
          return appendRevision(open, [
            { number, body: '<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats >>' },
          ]);
        },
        'resource',
      ],
      [
        'that reorders pages',
        () => {
          const body = objectText(open, 2).replace(/\/Kids \[(\d+ 0 R) (\d+ 0 R)/, '/Kids [$2 $1');
          return appendRevision(open, [{ number: 2, body: `${body}` }]);
        },
        'page_content',
      ],
      [
        'that removes a page',
        () => {
          const body = objectText(open, 2)
            .replace(/\/Kids \[\d+ 0 R /, '/Kids [')
            .replace(/\/Count 3/, '/Count 2');
          return appendRevision(open, [{ number: 2, body }]);
        },
        'page_count',
      ],
      [
        'that moves the mark of the seal',
        () => {
          const number = objectNumber(open, /\/FT \/Sig/);
          const body = objectText(open, number).replace(/\/Rect \[[^\]]*\]/, '/Rect [0 0 600 800]');
          return appendRevision(open, [{ number, body }]);
        },
        'annotation_changed',
      ],
      [
        'that swaps what the seal shows',
        () => {
          const number = Number(/\/AP <<\s*\/N (\d+)/.exec(Buffer.from(open).toString('latin1'))?.[1]);
          const body = stream('1 g 0 0 600 900 re f', '/Type /XObject /Subtype /Form /BBox [0 0 600 900]');
          return appendRevision(open, [{ number, body }]);
        },
        'annotation_changed',
      ],
      [
        'that adds a script',
        () => {
          const body = objectText(open, 1).replace(/>>\s*$/, '/OpenAction << /S /JavaScript /JS (1) >> >>');
          return appendRevision(open, [{ number: 1, body }]);
        },
        'structure',
      ],
    ];
    for (const [what, make, code] of attacks) {
      it(`${what}, expected changed and ${code}`, async () => {
        const result = await verify(make());
        expect(result.signatures[0]?.integrity).to.equal('valid');
        expect(result.verdict).to.equal('changed');
        expect(codes(result)).to.include(code);
        for (const each of codes(result)) expect(hasText(`pdf.change.${each}`), each).to.equal(true);
      });
    }

    it('that changes nothing one could see, expected unchanged and the addition to be told', async () => {
      const result = await verify(appendRevision(open, [{ number: 995, body: '(harmless)' }]));
      expect(result.verdict).to.equal('unchanged');
      expect(codes(result)).to.deep.equal(['trailing_bytes']);
    });

    it('that removes the signature from the form, expected changed and the lost signature', async () => {
      const body = objectText(open, 1)
        .replace(/\/AcroForm \d+ 0 R/, '')
        .replace(/\/Perms <<[\s\S]*?>>/, '');
      const result = await verify(appendRevision(open, [{ number: 1, body }]));
      expect(result.verdict).to.equal('changed');
      expect(result.warnings).to.include('unreachable_signatures');
      expect(codes(result)).to.deep.equal(['signature_removed']);
    });

    it('to a file whose certification forbids it, expected its own signature to say so', async () => {
      const second = (await engine.sealBundle(aSealRequest(sealed))).pdf;
      const result = await verify(second);
      expect(result.verdict).to.equal('changed');
      expect(result.signatures[0]?.problems).to.deep.equal(['certification_violated']);
    });
  });

  describe('when the signed range is forged', () => {
    it('so that the hole holds more than the signature, expected broken', async () => {
      const text = Buffer.from(sealed).toString('latin1');
      const range = /\/ByteRange \[0 (\d+) (\d+) (\d+) *\]/.exec(text);
      if (!range) throw new Error('no range');
      const wider = `/ByteRange [0 ${Number(range[1]) - 30} ${range[2]} ${range[3]}`.padEnd(
        range[0].length - 1,
      );
      const forged = Buffer.from(text.replace(range[0], `${wider}]`), 'latin1');
      const result = await verify(forged);
      expect(result.verdict).to.equal('broken');
      expect(result.signatures[0]?.problems).to.include('byte_range_overlaps');
    });

    it('by wrapping: signed bytes moved behind content of the attacker, expected broken', async () => {
      const forged = wrapSignature(
        sealed,
        objectNumber(input, /Price: 100 EUR/),
        objectNumber(sealed, /\/Type \/Sig\n/),
      );
      const page = (await readText(forged))[0];
      expect(page, 'the forgery works on readers').to.contain('EVIL').and.not.contain('Price');
      const result = await verify(forged);
      expect(result.verdict).to.equal('broken');
      expect(result.signatures[0]?.problems).to.deep.equal(['byte_range_overlaps']);
    });

    it('and the form does not reach the signature any more, expected broken with a warning', async () => {
      const { pdf } = await engine.sealBundle(aSealRequest(input));
      const cut = Buffer.from(
        Buffer.from(pdf)
          .toString('latin1')
          .replace(/\/AcroForm/, '/AcroFrom'),
        'latin1',
      );
      expect(await verify(cut)).to.deep.include({ verdict: 'broken', warnings: ['unreachable_signatures'] });
    });

    const ranges: [what: string, range: string][] = [
      ['negative', '[0 -5 10 20]'],
      ['short', '[0 10]'],
      ['not starting at 0', '[1 10 20 30]'],
      ['beyond the end', '[0 10 20 99999999]'],
      ['not numbers', '[/a /b /c /d]'],
    ];
    for (const [what, forgedRange] of ranges) {
      it(`to be ${what}, expected broken`, async () => {
        const forged = Buffer.from(
          Buffer.from(sealed)
            .toString('latin1')
            .replace(/\/ByteRange \[[^\]]*\]/, (old) => `/ByteRange ${forgedRange}`.padEnd(old.length)),
          'latin1',
        );
        expect((await verify(forged)).verdict).to.equal('broken');
      });
    }
  });

  describe('when somebody else signs', () => {
    let folder: string;
    before(async () => (folder = await mkdtemp(join(tmpdir(), 'countersign-test-'))));
    after(() => rm(folder, { recursive: true }));

    it('with a look-alike certificate, expected a valid signature of unknown trust', async () => {
      const impostor = await loadSealCertificate({ dataDir: folder });
      const other = await startTestEngine({ certificate: impostor });
      const { pdf } = await other.sealBundle(aSealRequest(input));
      await other.close();

      const result = await verify(pdf);
      expect(result.verdict).to.equal('unchanged');
      expect(result.signatures[0]).to.deep.include({ integrity: 'valid', trust: 'unknown' });
      const anchors = [impostor.chain.at(-1) ?? new Uint8Array()];
      const anchored = await engine.verify({ pdf, at, anchors });
      expect(anchored.signatures[0]?.trust).to.equal('anchored');
    });

    it('and covers the page with the face of that signature, expected changed', async () => {
      const pdf = await PDF.load(open);
      const page = pdf.getPage(0);
      if (!page) throw new Error('no page');
      const { canvasToForm, createCanvas } = await import('../../../app/pdf/drawing/canvas.ts');
      const { createFonts } = await import('../../../app/pdf/drawing/fonts.ts');
      const canvas = createCanvas(createFonts(pdf), 595, 842);
      canvas.rectangle({ x: 0, y: 0, width: 595, height: 842 }, { fill: [1, 1, 1] });
      const covered = await appendSignature(pdf, open, {
        signer: await testCertificate(),
        field: 'Evil',
        page,
        visible: { rectangle: [0, 0, 595, 842], appearance: canvasToForm(pdf, canvas) },
        at,
      });
      const result = await verify(covered);
      expect(result.verdict).to.equal('changed');
      expect(result.signatures[0]?.changesAfter).to.deep.include({
        code: 'overlay',
        path: '/Page 1/Annots[0]',
        permitted: false,
        page: 1,
      });
    });
  });

  it('when a form field is filled in after certification 2, expected a permitted change', async () => {
    const form = pdfWithPages(['form'], {
      catalog: '/AcroForm << /Fields [4 0 R] /DA (/F1 12 Tf 0 g) /DR << /Font << /F1 3 0 R >> >> >>',
      more: [
        '<< /Type /Annot /Subtype /Widget /FT /Tx /T (field) /DA (/F1 12 Tf 0 g) /Rect [72 600 300 620] /F 4 >>',
      ],
      page: '/Annots [4 0 R]',
    });
    const request = aSealRequest(new Uint8Array(form), { certification: 2, signers: [aSigner()] });
    const { pdf } = await engine.sealBundle(request);
    const filled = (box: string) =>
      appendRevision(pdf, [
        {
          number: 4,
          body: objectText(pdf, 4)
            .replace('/T (field)', '/T (field) /V (42)')
            .replace('[72 600 300 620]', box),
        },
      ]);
    const result = await verify(filled('[72 600 300 620]'));
    expect(result.verdict).to.equal('unchanged');
    expect(result.signatures[0]?.changesAfter).to.have.length(1);
    expect(codes(result)).to.deep.equal(['field_filled']);
    expect((await verify(filled('[0 0 300 620]'))).verdict, 'moved as well').to.equal('changed');
  });

  it('when files are mutated at random, expected an answer each time and never a changed byte that verifies', async () => {
    const range = /\/ByteRange \[0 (\d+) (\d+)/.exec(Buffer.from(sealed).toString('latin1'));
    const [gapStart, gapEnd] = [Number(range?.[1]), Number(range?.[2])];
    const random = createRandom(20261122);
    for (let round = 0; round < 150; round++) {
      const mutated = Buffer.from(sealed);
      let covered = false;
      for (let count = 1 + (round % 8); count > 0; count--) {
        const offset = random.below(mutated.length);
        mutated[offset]! ^= 1 + random.below(255);
        covered ||= offset < gapStart || offset >= gapEnd;
      }
      const { verdict } = await verify(mutated);
      if (covered) expect(verdict).to.not.equal('unchanged');
    }
  });

  it('when a code can be reported, expected a text for it', () => {
    const t = createTranslator('ru');
    const problems = [
      'byte_range_malformed',
      'contents_elsewhere',
      'cms_unreadable',
      'certification_violated',
    ];
    for (const problem of problems) expect(t(`pdf.problem.${problem}`)).to.match(/[а-я]/);
  });
});
