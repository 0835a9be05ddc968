import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { startStandInPortal } from '../../portal/start.ts';
import type { StandInPortal } from '../../portal/types.ts';
import { registerEmployee } from '../../support/office-client.ts';
import { readOutbox } from '../../support/read-outbox.ts';
import { appEnv, freePort, registerOn } from '../../support/run-app.ts';
import { createInbox, signNext } from '../../support/sign-all.ts';
import { spawnApp } from '../../support/spawn-app.ts';
import type { AppProcess } from '../../support/spawn-app.ts';
import { waitFor } from '../../support/wait-for.ts';

/** A time-stamp server that takes queries and never answers: sealing hangs on it, which is where the app is killed. */
async function silentTimestampServer(): Promise<{ url: string; queries: () => number; close(): void }> {
  let queries = 0;
  const server: Server = createServer(() => {
    queries += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa`,
    queries: () => queries,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('kill -9 between signed and sealed', function () {
  this.timeout(90_000);
  let portal: StandInPortal;
  let app: AppProcess | undefined;
  let dataDir: string;
  let tsa: Awaited<ReturnType<typeof silentTimestampServer>>;

  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'cs-crash-'));
    tsa = await silentTimestampServer();
    portal = await startStandInPortal({ rateLimit: false, pdfDelay: { ms: 0 } });
  });

  after(async () => {
    await app?.stop();
    await portal.close();
    tsa.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('when the app dies while it seals, the next start finishes the signing once and exactly', async () => {
    const port = await freePort();
    const env = appEnv(portal, port, dataDir);
    app = await spawnApp({ ...env, TSA_URL: tsa.url });
    registerOn(portal, env['PUBLIC_URL']!);
    await portal.installApp();
    await portal.finishInstall();
    await registerEmployee(portal, 7);
    const run = await portal.runRobot('send_for_signing', {
      dealId: 77,
      properties: { document_id: ['300'], signer_1: 'user_7', signer_2: ['55'], company_signature: 'manual' },
    });
    const inbox = createInbox(() => readOutbox(join(dataDir, 'outbox')));
    await signNext(inbox);
    await signNext(inbox);
    await waitFor('sealing to have begun', () => tsa.queries() > 0);

    await app.kill9();
    expect(run.state).to.equal('waiting');
    app = await spawnApp({ ...env, TSA_URL: '' });

    // The dead process's lease on the signing has to run out first.
    await run.wait(60_000);
    expect(String(run.returnValues['status_code'])).to.equal('50');
    const signed = portal.documents(77).filter((each) => each.number.includes('signed'));
    expect(signed).to.have.length(1);
    await waitFor('the card to be complete', () => portal.activities(77)[0]?.completed);
    const entries = portal.timeline(77).filter((each) => each.kind === 'logmessage');
    expect(new Set(entries.map((entry) => entry.title)).size, 'no entry twice').to.equal(entries.length);
  });

  it('when it is told to stop, it ends by itself and says so', async () => {
    const code = await app!.stop();
    app = undefined;
    expect(code).to.equal(0);
  });
});
