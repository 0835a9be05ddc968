import { mkdtemp, rm } from 'node:fs/promises';
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
import { startTimestampServer } from '../../support/timestamp-server.ts';
import type { TimestampServer } from '../../support/timestamp-server.ts';
import { waitFor } from '../../support/wait-for.ts';

/** Queries of a signing with two signers: certification, two signatures, the time-stamp over everything. */
const STEPS = [
  { step: "the second signer's signature is applied", answered: 2 },
  { step: 'the finished file is sealed', answered: 3 },
];

describe('kill -9 between signed and sealed', function () {
  this.timeout(90_000);
  let portal: StandInPortal;
  let app: AppProcess | undefined;
  let dataDir: string;
  let tsa: TimestampServer;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'cs-crash-'));
    tsa = await startTimestampServer();
    portal = await startStandInPortal({ rateLimit: false, pdfDelay: { ms: 0 } });
  });

  afterEach(async () => {
    expect(await app?.stop(), 'it ends by itself and says so').to.equal(0);
    app = undefined;
    await portal.close();
    tsa.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  for (const { step, answered } of STEPS) {
    it(`when the app dies while ${step}, the next start finishes the signing once and exactly`, async () => {
      // The server takes the next query and never answers: there the app is killed.
      tsa.answerOnly(answered);
      const port = await freePort();
      const env = appEnv(portal, port, dataDir);
      app = await spawnApp({ ...env, TSA_URL: tsa.url });
      registerOn(portal, env['PUBLIC_URL']!);
      await portal.installApp();
      await portal.finishInstall();
      await registerEmployee(portal, 7);
      const run = await portal.runRobot('send_for_signing', {
        dealId: 77,
        properties: {
          document_id: ['300'],
          signer_1: 'user_7',
          signer_2: ['55'],
          company_signature: 'manual',
        },
      });
      const inbox = createInbox(() => readOutbox(join(dataDir, 'outbox')));
      await signNext(inbox);
      await signNext(inbox);
      await waitFor('the step to have begun', () => tsa.queries() > answered);

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
  }
});
