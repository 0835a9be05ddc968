import type { AddressInfo } from 'node:net';
import { createAssetRoutes } from '../../../app/http/assets.ts';
import { createServer } from '../../../app/http/create-server.ts';
import { createRateLimiting } from '../../../app/http/rate-limit.ts';
import { createRender } from '../../../app/http/render.ts';
import { createVerifyRoutes } from '../../../app/http/verify-routes.ts';
import { createLogger } from '../../../app/logger.ts';
import type { IssuedFile } from '../../../app/ports/issued-file-store.ts';
import type { PdfEngine } from '../../../app/ports/pdf-engine.ts';
import { T0 } from '../../support/signing-builder.ts';

export const ROOT_PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

/** The verification page on real Express; what the engine finds is set by the test. */
export async function openVerifyWorld({ now = () => T0 }: { now?: () => Date } = {}) {
  const issued = new Map<string, IssuedFile>();
  const pdf: Pick<PdfEngine, 'verify'> = {
    verify: () => Promise.reject(new Error('a test sets what the engine finds')),
  };
  const render = createRender('test', true);
  const routes = createVerifyRoutes({
    render,
    pdf,
    issued: {
      add: async (file) => void issued.set(file.sha256, file),
      find: async (sha256) => issued.get(sha256),
    },
    signings: { get: async () => undefined },
    limits: createRateLimiting({ counter: { hit: async () => 1 } }),
    clock: { now },
    certificate: { selfIssued: true, rootPem: ROOT_PEM },
  });
  const app = createServer({
    mounts: [
      ['/', routes],
      ['/assets', createAssetRoutes()],
    ],
    render,
    log: createLogger('silent'),
    trustProxy: [],
    https: false,
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pdf,
    issued,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type VerifyWorld = Awaited<ReturnType<typeof openVerifyWorld>>;
