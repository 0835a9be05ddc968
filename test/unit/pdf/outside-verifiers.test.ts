import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { aReport } from '../../fixtures/pdf/a-report.ts';
import { pdfWithPages } from '../../fixtures/pdf/build-pdf.ts';
import { hasProgram, run } from '../../fixtures/pdf/outside-programs.ts';
import { aSealRequest, sharedEngine } from '../../fixtures/pdf/test-engine.ts';
import type { TestEngine } from '../../fixtures/pdf/test-engine.ts';

describe('sealed files before programs that others wrote', function () {
  this.timeout(60_000);
  let engine: TestEngine;
  let folder: string;
  const files: Record<string, string> = {};
  const bytes: Record<string, Buffer> = {};

  before(async () => {
    engine = await sharedEngine();
    folder = await mkdtemp(join(tmpdir(), 'countersign-test-'));
    const input = new Uint8Array(pdfWithPages(['contract']));
    const sealed = await engine.sealBundle(aSealRequest(input));
    const open = await engine.sealBundle(aSealRequest(input, { certification: 2, tsaUrls: ['http://tsa'] }));
    const twice = await engine.sealBundle(aSealRequest(open.pdf));
    const report = await engine.renderReport(aReport());
    for (const [name, { pdf }] of Object.entries({ sealed, stamped: open, twice, report })) {
      files[name] = join(folder, `${name}.pdf`);
      bytes[name] = Buffer.from(pdf);
      await writeFile(files[name], pdf);
    }
  });
  after(() => rm(folder, { recursive: true }));

  const signatures = { sealed: 1, stamped: 1, twice: 2, report: 1 };

  if (hasProgram('pdfsig', 'signatures before poppler')) {
    for (const [name, count] of Object.entries(signatures)) {
      it(`when pdfsig reads the ${name} file, expected ${count} valid`, () => {
        const { output } = run('pdfsig', ['-nocert', files[name] ?? '']);
        expect(output.match(/Signature is Valid/g)).to.have.length(count);
        expect(output).to.contain('ETSI.CAdES.detached').and.contain('Total document signed');
      });
    }

    it('when a byte is flipped, expected pdfsig to see it', async () => {
      const flipped = Buffer.from(bytes.sealed ?? []);
      flipped[flipped.indexOf('contract')]! ^= 1;
      const path = join(folder, 'flipped.pdf');
      await writeFile(path, flipped);
      expect(run('pdfsig', ['-nocert', path]).output).to.contain('Digest Mismatch');
    });
  }

  if (hasProgram('qpdf', 'file structure before qpdf')) {
    for (const name of Object.keys(signatures)) {
      it(`when qpdf checks the ${name} file, expected no complaint`, () => {
        const { code, output } = run('qpdf', ['--check', files[name] ?? '']);
        expect(output).to.not.match(/WARNING|error:/i);
        expect(code).to.equal(0);
      });
    }
  }

  if (hasProgram('mutool', 'signatures before MuPDF')) {
    for (const [name, count] of Object.entries(signatures)) {
      it(`when mutool reads the ${name} file, expected ${count} with an intact digest`, () => {
        const { output } = run('mutool', ['sign', '-v', files[name] ?? '']);
        expect(
          output.match(/document is unchanged|Unchanged|edits since/gi),
          output,
        ).to.have.length.greaterThan(0);
        expect(output).to.not.match(/digest error|DIGEST_FAILURE/i);
        expect(output.match(/Countersign document seal/g)).to.have.length.greaterThan(count - 1);
      });
    }
  }

  if (hasProgram('openssl', 'signature data before OpenSSL')) {
    for (const name of ['sealed', 'stamped', 'report']) {
      it(`when openssl verifies the CMS of the ${name} file as CAdES, expected success`, async () => {
        const file = bytes[name] ?? Buffer.alloc(0);
        const range = /\/ByteRange \[0 (\d+) (\d+) (\d+)/.exec(file.toString('latin1')) ?? [];
        const [first, second, length] = [Number(range[1]), Number(range[2]), Number(range[3])];
        const cms = Buffer.from(file.subarray(first + 1, second - 1).toString('latin1'), 'hex');
        const [cmsPath, contentPath, rootPath] = ['a.cms', 'a.bin', 'root.pem'].map((leaf) =>
          join(folder, leaf),
        );
        await writeFile(cmsPath ?? '', cms);
        const content = Buffer.concat([file.subarray(0, first), file.subarray(second, second + length)]);
        await writeFile(contentPath ?? '', content);
        await writeFile(rootPath ?? '', engine.certificate.rootPem);
        const options = ['-cades', '-inform', 'DER', '-in', cmsPath ?? '', '-content', contentPath ?? ''];
        const trust = ['-CAfile', rootPath ?? '', '-purpose', 'any', '-binary', '-out', '/dev/null'];
        const { code, output } = run('openssl', ['cms', '-verify', ...options, ...trust]);
        expect(output).to.match(/successful/i);
        expect(code).to.equal(0);
      });
    }
  }
});
