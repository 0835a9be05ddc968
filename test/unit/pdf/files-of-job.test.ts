import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { pdfOfScans } from '../../fixtures/pdf/pdf-of-scans.ts';
import { anOpenRequest, aSealRequest, sharedEngine } from '../../fixtures/pdf/test-engine.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const at = new Date('2026-11-22T12:00:00Z');

describe('files of a job', function () {
  this.timeout(60_000);

  it('when a large file is sealed, expected the caller to keep theirs as it was', async () => {
    const engine = await sharedEngine();
    const file = new Uint8Array(pdfOfScans(3));
    const before = sha256(file);
    const { pdf, sha256: stated } = await engine.sealBundle(aSealRequest(file));
    expect(sha256(file)).to.equal(before);
    expect(sha256(pdf)).to.equal(stated);
    expect(Buffer.from(pdf).subarray(0, file.length).equals(file), 'appended to').to.equal(true);
  });

  it('when the file is a view of something larger, expected only the view to be read', async () => {
    const engine = await sharedEngine();
    const file = pdfOfScans(1);
    const larger = Buffer.concat([Buffer.from('not of the file '), file, Buffer.from(' nor this')]);
    const view = larger.subarray(16, 16 + file.length);
    const sealed = await engine.sealBundle(aSealRequest(view));
    expect(Buffer.from(sealed.pdf).subarray(0, file.length).equals(file)).to.equal(true);
    const { verdict, size } = await engine.verify({ pdf: view, at });
    expect({ verdict, size }).to.deep.equal({ verdict: 'unsigned', size: file.length });
  });

  it('when the result is the file itself, expected it whole', async () => {
    const engine = await sharedEngine();
    const { pdf: signed } = await engine.sealBundle(aSealRequest(new Uint8Array(pdfOfScans(1))));
    const opened = await engine.openForSigning(anOpenRequest(signed));
    expect(sha256(opened.pdf)).to.equal(sha256(signed));
    const plain = new Uint8Array(pdfOfScans(1));
    const prepared = await engine.prepareBundle({ parts: [{ name: 'a', bytes: plain }] });
    expect(sha256(prepared.pdf)).to.equal(sha256(plain));
  });

  it('when several files are merged, expected each in its place', async () => {
    const engine = await sharedEngine();
    const parts = [2, 1, 3].map((pages) => ({ name: `${pages}`, bytes: new Uint8Array(pdfOfScans(pages)) }));
    const { parts: found, pages } = await engine.prepareBundle({ parts });
    expect(pages).to.equal(6);
    expect(found.map((part) => part.pages)).to.deep.equal([2, 1, 3]);
  });
});
