import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import { markSent } from '../../../app/domain/transitions/send.ts';
import { describeRobot } from '../../../installer/describe-robot.ts';
import { robotDefinitions } from '../../../robots/index.ts';
import { createWorld } from '../../unit/robots/support/world.ts';
import { openPortal } from '../portal-gateway/open-portal.ts';
import type { OpenedPortal } from '../portal-gateway/open-portal.ts';
import { wireRuns } from './wire-runs.ts';

const bundle = { fileId: 'b', name: 'b.pdf', sha256: 'ab', size: 1, pages: 3 };

describe('robots on the stand-in portal', () => {
  let opened: OpenedPortal;
  let server: Server;
  let runs: ReturnType<typeof wireRuns>;
  /** Ids of the runs that were accepted, newest last. */
  const accepted: string[] = [];

  before(async () => {
    opened = await openPortal({ lang: 'ru' });
    const { id, store, portal, gateway } = opened;
    runs = wireRuns(store, portal);
    await store.balance.open(id, 20);
    await store.employees.save({ ...createWorld().employee('7', 'Иван Петров'), portalId: id });

    const app = express().use(express.urlencoded({ extended: true }));
    app.post('/robots/:code', (req, res, next) => {
      runs.accept(id, req.params.code, req.body as Record<string, unknown>).then((runId) => {
        accepted.push(runId);
        res.json({});
      }, next);
    });
    server = await new Promise((resolve) => {
      const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
    });
    const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const robot of robotDefinitions) {
      const description = describeRobot(robot, { publicUrl, language: 'ru', userId: '1' });
      await gateway.call(id, 'bizproc.robot.add', { CODE: robot.code, ...description });
    }
  });
  after(async () => {
    await new Promise((resolve) => server.close(resolve));
    await opened.close();
  });

  it('when a process sends a document, expected it to wait for the values and to get them', async () => {
    const { standIn, store } = opened;
    const run = await standIn.runRobot('send_for_signing', {
      dealId: 77,
      properties: { document_id: ['300'], signer_1: 7, signer_2: ['55'], return_when: 'accepted' },
    });
    const id = accepted.at(-1)!;
    const requests = standIn.requestCount;
    await runs.process(id);
    expect((await store.runs.get(id))!.state).to.equal('waiting');
    // One batch of facts; one call and one download for the document.
    expect(standIn.requestCount - requests).to.be.at.most(3);

    const signing = (await store.signings.get(id))!;
    expect(signing).to.deep.include({ entity: { type: 'deal', id: '77', title: 'Поставка оборудования' } });
    expect(signing.initiator).to.include({ userId: '12', name: 'Мария Соколова' });
    await runs.answerWaiting(await store.signings.save(markSent(signing, { bundle }, new Date())));

    await run.wait();
    expect(run.state).to.equal('closed');
    expect(run.returnValues).to.deep.include({
      response_code: 0,
      status_code: 20,
      status_text: 'Отправлено на подпись',
      signing_id: id,
      source_document_ids: ['300'],
      retryable: 'N',
      error: '',
    });
    expect(Object.keys(run.returnValues)).to.have.members(Object.keys(robotDefinitions[0]!.returnProperties));
    expect(run.bag).to.include({ signing_id: id, order: 'company_first' });
    expect(run.log.at(-1)!.text).to.contain('Отправлено на подпись');
  });

  it('when the status is asked for in the same process, expected it at once', async () => {
    const run = await opened.standIn.runRobot('check_status', {
      dealId: 77,
      properties: { document_id: '300' },
    });
    await runs.process(accepted.at(-1)!);
    await run.wait();
    expect(run.returnValues).to.include({ response_code: 0, status_code: 20 });
  });

  for (const [when, properties, code, text] of [
    ['contacts lack fields', { document_id: ['301'], signer_2: ['57'] }, 141, /e-mail или телефон/],
    ['the document does not exist', { document_id: ['99999'], signer_2: ['55'] }, 130, /Документа 99999 нет/],
    ['the contact does not exist', { document_id: ['301'], signer_2: ['99999'] }, 140, /Контакта 99999 нет/],
    [
      'the deal does not exist',
      { document_id: ['301'], signer_2: ['55'], crm_entity_id: '99999' },
      150,
      /99999/,
    ],
    ['the document is in an open signing', { document_id: ['300'], signer_2: ['55'] }, 160, /CS-/],
  ] as const) {
    it(`when ${when}, expected ${code} back in the process`, async () => {
      const run = await opened.standIn.runRobot('send_for_signing', {
        dealId: 77,
        properties: { signer_1: 'user_7', ...properties },
      });
      await runs.process(accepted.at(-1)!);
      await run.wait();
      expect(run.returnValues).to.include({ response_code: code });
      expect(String(run.returnValues['response_text'])).to.match(text);
    });
  }

  it('when nobody is behind the run, expected 120', async () => {
    const run = await opened.standIn.runRobot('send_for_signing', {
      dealId: 77,
      withTokens: false,
      properties: { document_id: ['301'], signer_1: 7, signer_2: ['55'] },
    });
    await runs.process(accepted.at(-1)!);
    await run.wait();
    expect(run.returnValues).to.include({ response_code: 120 });
  });

  it('when the same run is delivered again, expected the same run and one answer', async () => {
    const { standIn } = opened;
    const sent = () => standIn.calls.filter(({ method }) => method === 'bizproc.event.send').length;
    const before = sent();
    const run = await standIn.runRobot('check_status', { dealId: 77, properties: { signing: 'unknown' } });
    await runs.process(accepted.at(-1)!);
    await run.redeliver();
    expect(accepted.at(-1)).to.equal(accepted.at(-2));
    await runs.process(accepted.at(-1)!);
    expect(run.returnValues).to.include({ response_code: 200 });
    expect(sent()).to.equal(before + 1);
  });
});
