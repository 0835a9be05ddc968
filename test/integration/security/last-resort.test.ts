import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createServer } from '../../../app/http/create-server.ts';
import { createLogger } from '../../../app/logger.ts';

describe('an error page that fails itself', () => {
  it('when it cannot be rendered, expected neither stack nor text of the error', async () => {
    const lines: string[] = [];
    const app = createServer({
      mounts: [],
      render: () => Promise.reject(new Error('a secret of the view')),
      log: createLogger('info', { write: (line) => void lines.push(line) }),
      trustProxy: [],
      https: false,
    });
    const server: Server = await new Promise((resolve) => {
      const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
    });
    try {
      const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/nothing`);
      expect(answer.status).to.equal(500);
      const text = await answer.text();
      expect(text).to.match(/^[\w-]{36}$/);
      const line = lines.find((each) => each.includes('could not be shown'));
      expect(line, 'the log says why, under the reference').to.include(text).and.include('of the view');
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
