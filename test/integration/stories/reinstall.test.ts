import { expect } from 'chai';
import { openStage } from '../../support/run-app.ts';
import type { Stage } from '../../support/run-app.ts';
import { registerEmployee } from '../../support/office-client.ts';
import { createInbox, signNext } from '../../support/sign-all.ts';
import { waitFor } from '../../support/wait-for.ts';

describe('uninstalling with deletion and installing again', function () {
  this.timeout(40_000);
  let stage: Stage;

  before(async () => {
    stage = await openStage({ env: { START_CREDITS: '5' } });
  });
  after(() => stage?.close());

  it('when the data is deleted, the balance is not opened anew: credits are spent once', async () => {
    const { portal } = stage;
    const { balance, portals, signings, employees } = stage.app.container;
    await registerEmployee(portal, 7);
    const run = await portal.runRobot('send_for_signing', {
      dealId: 77,
      properties: { document_id: ['300'], signer_1: 'user_7', signer_2: ['55'], company_signature: 'manual' },
    });
    await signNext(createInbox(stage.outbox));
    const signingId = await waitFor(
      'the signing',
      async () => (await signings.list(portal.memberId, {}, { limit: 1 })).signings[0]?.id,
    );
    await waitFor('a spent credit', async () => (await balance.show(portal.memberId)).spent === 1);

    await portal.uninstallApp({ clean: true });
    await waitFor('the data to be gone', async () => (await portals.get(portal.memberId)) === undefined);
    expect(await signings.get(signingId)).to.equal(undefined);
    expect(await employees.list(portal.memberId)).to.deep.equal([]);

    await portal.installApp();
    await portal.finishInstall();
    expect(await balance.show(portal.memberId)).to.deep.equal({ available: 4, reserved: 0, spent: 1 });
    expect(run.state).to.equal('waiting');
  });
});
