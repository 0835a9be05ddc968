import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseSignaturePositions } from '../../../app/domain/signature-positions.ts';
import type { OpenRequest, SealSigner } from '../../../app/ports/pdf-engine.ts';
import { aReport } from '../../fixtures/pdf/a-report.ts';
import { pdfWithPages } from '../../fixtures/pdf/build-pdf.ts';
import { hasProgram, run } from '../../fixtures/pdf/outside-programs.ts';
import { signAll as signAllWith } from '../../fixtures/pdf/sign-all.ts';
import {
  anOpenRequest,
  aSealRequest,
  aSigner,
  sharedEngine,
  twoSigners,
} from '../../fixtures/pdf/test-engine.ts';
import type { TestEngine } from '../../fixtures/pdf/test-engine.ts';

const PLACES = `
  signer 1 sign page=1 x=10% y=30% w=30% h=8%
  signer 1 sign page=every x=70% y=90% w=20% h=5%
  signer 1 stamp page=1 x=300 y=200
  signer 1 date page=1 x=10% y=40%
  signer 2 name page=1 x=10% y=50%
  signer 2 initials page=every x=90% y=95% w=8% h=3%
  signer 2 purpose page=1 x=10% y=60%`;

const FORM = {
  catalog: '/AcroForm << /Fields [4 0 R] /DA (/F1 12 Tf 0 g) /DR << /Font << /F1 3 0 R >> >> >>',
  more: [
    '<< /Type /Annot /Subtype /Widget /FT /Tx /T (field) /DA (/F1 12 Tf 0 g) /Rect [72 600 300 620] /F 4 >>',
  ],
  page: '/Annots [4 0 R]',
};

/** Name of each sealed file, and how many signatures are in it. */
const SIGNATURES = {
  sealed: 1,
  stamped: 1,
  'sealed after another': 2,
  report: 1,
  opened: 1,
  'signed by one': 2,
  'signed by three': 4,
  'signed in places': 3,
  'signed on turned pages': 3,
  'signed with a form': 3,
  'signed after others': 5,
};
const names = Object.keys(SIGNATURES) as (keyof typeof SIGNATURES)[];

/** Every signature's hex value with the bytes that it covers. */
function signaturesOf(file: Buffer): { cms: Buffer; content: Buffer; end: number }[] {
  return [...file.toString('latin1').matchAll(/\/ByteRange \[0 (\d+) (\d+) (\d+)/g)].map((range) => {
    const [first = 0, second = 0, length = 0] = range.slice(1).map(Number);
    return {
      cms: Buffer.from(file.subarray(first + 1, second - 1).toString('latin1'), 'hex'),
      content: Buffer.concat([file.subarray(0, first), file.subarray(second, second + length)]),
      end: second + length,
    };
  });
}

describe('sealed files before programs that others wrote', function () {
  this.timeout(120_000);
  let engine: TestEngine;
  let folder: string;
  const files: Record<string, string> = {};
  const bytes: Record<string, Buffer> = {};

  const signAll = async (
    pdf: Uint8Array,
    signers?: SealSigner[],
    options?: Partial<OpenRequest>,
  ): Promise<Uint8Array[]> => (await signAllWith(engine, pdf, signers, options)).map((step) => step.pdf);

  before(async () => {
    engine = await sharedEngine();
    folder = await mkdtemp(join(tmpdir(), 'countersign-test-'));
    const input = new Uint8Array(pdfWithPages(['contract', 'second page']));
    const timestamps = { urls: ['http://tsa'], whenDown: 'fail' as const };
    const third = aSigner({ id: 's3', step: 3, name: '王小明', mark: { kind: 'none' }, stampPng: undefined });
    const { positions } = parseSignaturePositions(PLACES);
    const turned = pdfWithPages(['contract'], { page: '/Rotate 90 /CropBox [20 40 520 740]' });

    const [opened, one, , three] = await signAll(input, [...twoSigners(), third]);
    const placed = (await signAll(input, twoSigners(), { positions, timestamps })).at(-1) ?? input;
    const signing = { ...anOpenRequest(input).signing, id: 'next' };
    const made: Record<keyof typeof SIGNATURES, Uint8Array | undefined> = {
      sealed: (await engine.sealBundle(aSealRequest(input))).pdf,
      stamped: (await engine.sealBundle(aSealRequest(input, { timestamps }))).pdf,
      'sealed after another': (await engine.sealBundle(aSealRequest(opened ?? input))).pdf,
      report: (await engine.renderReport(aReport())).pdf,
      opened,
      'signed by one': one,
      'signed by three': three,
      'signed in places': placed,
      'signed on turned pages': (await signAll(new Uint8Array(turned), undefined, { positions })).at(-1),
      'signed with a form': (await signAll(new Uint8Array(pdfWithPages(['form'], FORM)))).at(-1),
      'signed after others': (await signAll(placed, undefined, { signing })).at(-1),
    };
    for (const name of names) {
      files[name] = join(folder, `${name.replaceAll(' ', '-')}.pdf`);
      bytes[name] = Buffer.from(made[name] ?? input);
      await writeFile(files[name], bytes[name]);
    }
  });
  after(() => rm(folder, { recursive: true }));

  for (const name of names) {
    const count = SIGNATURES[name];
    it(`when signatures of the ${name} file are counted, expected ${count}, the last over the whole file`, () => {
      const file = bytes[name] ?? Buffer.alloc(0);
      const found = signaturesOf(file);
      expect(found).to.have.length(count);
      expect(Math.max(...found.map(({ end }) => end))).to.equal(file.length);
    });
  }

  if (hasProgram('pdfsig', 'signatures before poppler')) {
    for (const name of names) {
      const count = SIGNATURES[name];
      it(`when pdfsig reads the ${name} file, expected ${count} valid and no complaint`, () => {
        const { output } = run('pdfsig', ['-nocert', files[name] ?? '']);
        expect(output.match(/Signature is Valid/g), output).to.have.length(count);
        expect(output.match(/ETSI\.CAdES\.detached/g)).to.have.length(count);
        expect(output.match(/ - Total document signed/g)).to.have.length(1);
        expect(output).to.not.match(/error|asked for widget/i);
      });
    }

    it('when pdfsig lists a signed file, expected every field by its name', () => {
      const { output } = run('pdfsig', ['-nocert', files['signed by three'] ?? '']);
      const expected = ['s1-card-1', 's2-card-1', 's3-card-1', 'certification'];
      for (const name of expected) expect(output).to.contain(`Countersign-sgn_test_1-${name}`);
    });

    it('when a byte is flipped, expected pdfsig to see it', async () => {
      const flipped = Buffer.from(bytes.sealed ?? []);
      flipped[flipped.indexOf('contract')]! ^= 1;
      const path = join(folder, 'flipped.pdf');
      await writeFile(path, flipped);
      expect(run('pdfsig', ['-nocert', path]).output).to.contain('Digest Mismatch');
    });
  }

  if (hasProgram('qpdf', 'file structure before qpdf')) {
    for (const name of names) {
      it(`when qpdf checks the ${name} file, expected no complaint`, () => {
        const { code, output } = run('qpdf', ['--check', files[name] ?? '']);
        expect(output).to.not.match(/WARNING|error:/i);
        expect(code).to.equal(0);
      });
    }
  }

  if (hasProgram('mutool', 'signatures before MuPDF')) {
    for (const name of names) {
      const count = SIGNATURES[name];
      it(`when mutool reads the ${name} file, expected ${count} with an intact digest`, () => {
        const { output } = run('mutool', ['sign', '-v', files[name] ?? '']);
        expect(output.match(/The document is unchanged since signing/g), output).to.have.length(1);
        const edited = output.match(/The signature is valid but there have been edits since signing/g) ?? [];
        expect(edited, output).to.have.length(count - 1);
        expect(output.match(/Countersign document seal/g)).to.have.length(count);
      });

      it(`when mutool rewrites the ${name} file, expected no complaint`, () => {
        const { code, output } = run('mutool', ['clean', files[name] ?? '', join(folder, 'clean.pdf')]);
        expect(output).to.not.match(/error|warning/i);
        expect(code).to.equal(0);
      });
    }
  }

  if (hasProgram('openssl', 'signature data before OpenSSL')) {
    for (const name of names) {
      it(`when openssl verifies each CMS of the ${name} file as CAdES, expected success`, async () => {
        const [cms, content, root] = ['a.cms', 'a.bin', 'root.pem'].map((leaf) => join(folder, leaf));
        await writeFile(root ?? '', engine.certificate.rootPem);
        for (const signature of signaturesOf(bytes[name] ?? Buffer.alloc(0))) {
          await writeFile(cms ?? '', signature.cms);
          await writeFile(content ?? '', signature.content);
          const options = ['-cades', '-inform', 'DER', '-in', cms ?? '', '-content', content ?? ''];
          const trust = ['-CAfile', root ?? '', '-purpose', 'any', '-binary', '-out', '/dev/null'];
          const { code, output } = run('openssl', ['cms', '-verify', ...options, ...trust]);
          expect(output).to.match(/successful/i);
          expect(code).to.equal(0);
        }
      });
    }
  }
});
