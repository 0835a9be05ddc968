import { request } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import express from 'express';
import { createAssetRoutes } from '../../../app/http/assets.ts';

const WORKER = '/assets/1/vendor/pdfjs/build/pdf.worker.min.mjs';

describe('browser files', () => {
  let server: Server;
  before(async () => {
    const app = express();
    app.use('/assets', createAssetRoutes());
    server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  after(() => server.close());

  /** As it comes over the line. */
  async function get(path: string, headers: Record<string, string> = {}) {
    const { port } = server.address() as AddressInfo;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ port, path, headers }, resolve).on('error', reject).end();
    });
    return { status: response.statusCode, headers: response.headers, bytes: await buffer(response) };
  }

  it('when the browser takes them compressed, expected a third of the bytes and the same content', async () => {
    const plain = await get(WORKER);
    expect(plain.headers['content-encoding']).to.equal(undefined);
    for (const [encoding, unpack] of [
      ['br', brotliDecompressSync],
      ['gzip', gunzipSync],
    ] as const) {
      const { headers, bytes } = await get(WORKER, { 'accept-encoding': encoding });
      expect(headers['content-encoding']).to.equal(encoding);
      expect(headers['content-type']).to.match(/^text\/javascript/);
      expect(headers['cache-control']).to.include('immutable');
      expect(bytes.length).to.be.lessThan(plain.bytes.length / 2.9);
      expect(Buffer.compare(unpack(bytes), plain.bytes)).to.equal(0);
    }
  });

  it('when a part, another type or nothing that exists is asked for, expected the plain way', async () => {
    const accept = { 'accept-encoding': 'br, gzip' };
    const part = await get(WORKER, { ...accept, range: 'bytes=0-9' });
    expect([part.status, part.bytes.length, part.headers['content-encoding']]).to.deep.equal([
      206,
      10,
      undefined,
    ]);
    const map = await get('/assets/1/vendor/pdfjs/cmaps/Adobe-Japan1-0.bcmap', accept);
    expect([map.status, map.headers['content-encoding']]).to.deep.equal([200, undefined]);
    expect((await get('/assets/1/css/nothing.css', accept)).status).to.equal(404);
  });

  it('when a path tries to lead out of the folder, expected nothing', async () => {
    for (const path of [
      'css/../../package.json',
      'css/..%2f..%2feslint.config.js',
      '..%5ceslint.config.js',
      '%2e%2e/eslint.config.js',
      '/../eslint.config.js',
    ])
      expect((await get(`/assets/1/${path}`, { 'accept-encoding': 'br' })).status, path).to.be.oneOf([
        400, 403, 404,
      ]);
  });
});
