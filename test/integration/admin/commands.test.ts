import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { failSigning } from '../../../app/domain/transitions/end-signing.ts';
import { registerEmployee } from '../../support/office-client.ts';
import { openStage } from '../../support/run-app.ts';
import type { Stage } from '../../support/run-app.ts';
import { signaturePng } from '../../support/signature-png.ts';
import { waitFor } from '../../support/wait-for.ts';

const main = fileURLToPath(new URL('../../../app/admin/main.ts', import.meta.url));

interface Outcome {
  readonly code: number;
  readonly text: string;
}

describe('operator commands beside a running server', function () {
  this.timeout(60_000);
  let stage: Stage;
  let signingId: string;

  const admin = (args: string[], env: Record<string, string> = {}): Promise<Outcome> =>
    new Promise((resolve) => {
      execFile(
        process.execPath,
        [main, ...args],
        { env: { PATH: process.env.PATH, ...stage.env, ...env }, timeout: 30_000 },
        (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code ?? 1) : 0, text: `${stdout}${stderr}` }),
      );
    });

  before(async () => {
    stage = await openStage();
    await registerEmployee(stage.portal, 7, { signature: signaturePng(), mandate: true });
    await registerEmployee(stage.portal, 12, { signature: signaturePng() });
    const run = await stage.portal.runRobot('send_for_signing', {
      dealId: 77,
      properties: {
        document_id: ['300'],
        signer_1: 'user_12',
        signer_2: ['55'],
        company_signature: 'manual',
        return_when: 'accepted',
      },
    });
    await run.wait();
    signingId = String(run.returnValues['signing_id']);
  });

  after(() => stage?.close());

  it('when portals are listed, each is there with its balance', async () => {
    const { code, text } = await admin(['portals']);
    expect(code).to.equal(0);
    expect(text).to.contain(stage.portal.memberId).and.contain('active').and.contain('18 left, 2 held');
  });

  it('when credits are granted twice under one key, they are there once', async () => {
    const grant = [
      'credits',
      'grant',
      '--portal',
      stage.portal.domain,
      '--amount',
      '5',
      '--id',
      'invoice-17',
    ];
    await admin(grant);
    expect((await admin(grant)).text).to.contain('23 left');
    expect((await admin(['credits', 'show', '--portal', stage.portal.memberId])).text).to.contain('23 left');
  });

  it('when an employee gets a signature and a paper mandate, both are recorded', async () => {
    const signature = join(stage.dataDir, 'signature.png');
    const mandate = join(stage.dataDir, 'mandate.pdf');
    await writeFile(signature, signaturePng(200, 80));
    await writeFile(mandate, stage.portal.documents(77)[0]!.pdf!);
    const add = [
      'employees',
      'add',
      '--portal',
      stage.portal.domain,
      '--user',
      '12',
      '--signature',
      signature,
    ];
    expect((await admin([...add, '--mandate', mandate])).text).to.contain('may be applied under the mandate');
    const employee = await stage.app.container.employees.get(stage.portal.memberId, '12');
    expect(employee?.mandate).to.include({ kind: 'paper', recordedBy: 'operator' });
    expect((await admin([...add, '--mandate', signature])).code).to.equal(64);
  });

  it('when an operator puts in another picture, the employee’s own mandate ends', async () => {
    const signature = join(stage.dataDir, 'other.png');
    await writeFile(signature, signaturePng(240, 90));
    const { text } = await admin([
      'employees',
      'add',
      '--portal',
      stage.portal.domain,
      '--user',
      '7',
      '--signature',
      signature,
    ]);
    expect(text).to.contain('no mandate');
    const employee = await stage.app.container.employees.get(stage.portal.memberId, '7');
    expect(employee?.mandate?.revokedAt).to.be.an.instanceOf(Date);
  });

  it('when a signing is shown, its signers and journal are there and no link is', async () => {
    const { code, text } = await admin(['signing', 'show', signingId]);
    expect(code).to.equal(0);
    expect(text).to.contain('Мария Соколова').and.contain('invited').and.not.match(/\/s\//);
  });

  it('when a signing that stands still is resumed, it goes on', async () => {
    const { changeSigning, signings } = stage.app.container;
    await changeSigning(signingId, (signing, now) =>
      failSigning(signing, { text: 'timeout', reference: 'ab12cd34' }, now),
    );
    expect((await admin(['signing', 'resume', signingId])).code).to.equal(0);
    expect((await signings.get(signingId))?.status).to.equal('sent');
  });

  it('when something is not possible, it says why without a stack', async () => {
    for (const args of [
      ['signing', 'resume', signingId],
      ['signing', 'show', 'nope'],
      ['signing', 'cancel', 'nope'],
      ['credits', 'grant', '--portal', 'nowhere', '--amount', '1'],
      ['credits', 'show', '--unknown', 'x'],
    ]) {
      const { code, text } = await admin(args);
      expect(code, text).to.equal(64);
      expect(text)
        .to.match(/\S/)
        .and.not.match(/\n\s+at /);
    }
  });

  it('when the journal is exported, every entry is a line of JSON', async () => {
    const { text } = await admin(['journal', 'export', '--portal', stage.portal.domain]);
    const entries = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { signing: string; seq: number; hash: string });
    expect(entries[0]).to.include({ signing: signingId, seq: 1 });
    expect(entries.every((entry) => /^[0-9a-f]{64}$/.test(entry.hash))).to.equal(true);
  });

  it('when the doctor looks, it names every part and what to do', async () => {
    const { code, text } = await admin(['doctor']);
    for (const part of [
      'configuration',
      'store',
      'files',
      'mail',
      'certificate',
      'time-stamps',
      'clock',
      'portals',
    ]) {
      expect(text).to.contain(`${part}:`);
    }
    expect(text).to.contain('set SEAL_P12');
    expect(code).to.equal(0);
  });

  it('when the certificate cannot be read, the command ends and says so', async () => {
    const broken = join(stage.dataDir, 'broken.p12');
    await writeFile(broken, 'not a certificate');
    const { code, text } = await admin(['doctor'], { SEAL_P12: broken });
    expect(code).to.equal(64);
    expect(text)
      .to.contain('cannot start')
      .and.not.match(/\n\s+at /);
  });

  it('when a signing is cancelled, its people are told', async () => {
    expect((await admin(['signing', 'cancel', signingId])).text).to.contain('cancelled');
    await waitFor('the notice', async () =>
      (await stage.outbox()).find(
        (message) => /отмен/i.test(message.subject) && message.to.includes('sokolova'),
      ),
    ).catch(async () => {
      throw new Error(
        (await stage.outbox()).map((message) => `${message.to}: ${message.subject}`).join('\n'),
      );
    });
  });

  it('when a portal is purged, nothing of it is left', async () => {
    expect((await admin(['purge', '--portal', stage.portal.domain])).code).to.equal(0);
    const { portals, signings } = stage.app.container;
    expect(await portals.get(stage.portal.memberId)).to.equal(undefined);
    expect(await signings.get(signingId)).to.equal(undefined);
  });
});
