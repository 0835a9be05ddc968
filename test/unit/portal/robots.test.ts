import { expect } from 'chai';
import { startFixture, type Fixture } from './support/portal-fixture.ts';

describe('stand-in portal: robots and workflows', () => {
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = await startFixture();
  });
  afterEach(() => fixture.close());

  const run = (extra: object = {}) =>
    fixture.portal.runRobot('sign_it', {
      dealId: 77,
      properties: {
        document_id: ['300', '301'],
        signer_1: 12,
        signer_2: '{=Document:CONTACT_ID}',
        agree: true,
      },
      ...extra,
    });

  it('when a robot runs, expected the form of the queue with signed token and typed values', async () => {
    const { portal, app } = fixture;
    const workflow = await run();
    const { body } = app.hit('/robots/sign_it', 0);
    expect(body).to.deep.include({
      code: 'sign_it',
      document_id: ['crm', 'CCrmDocumentDeal', 'DEAL_77'],
      document_type: ['crm', 'CCrmDocumentDeal', 'DEAL'],
      use_subscription: 'Y',
      event_token: workflow.eventToken,
    });
    expect(body['properties']).to.deep.equal({
      document_id: ['300', '301'],
      signer_1: 'user_12',
      signer_2: ['55'],
      order: 'company_first',
      agree: 'Y',
      days: '14',
      message: '',
    });
    expect(body['auth']).to.include({
      member_id: portal.memberId,
      application_token: portal.appState().applicationToken,
      user_id: '1',
    });
    expect(workflow.deliveries[0]).to.include({ status: 200 });
  });

  it('when event.send comes twice, expected the first to close the step and both to answer true', async () => {
    const workflow = await run();
    const send = (status: number) =>
      fixture.call('bizproc.event.send', {
        EVENT_TOKEN: workflow.eventToken,
        RETURN_VALUES: { STATUS_CODE: status, unknown: 1 },
        LOG_MESSAGE: 'done',
      });
    expect((await send(50)).body.result).to.equal(true);
    await workflow.wait();
    expect((await send(60)).body.result).to.equal(true);
    await fixture.portal.settled();
    expect(workflow.state).to.equal('closed');
    expect(workflow.returnValues).to.deep.equal({ status_code: 50 });
    expect(workflow.log.map((one) => one.text)).to.deep.equal(['done']);
    const forged = await fixture.call('bizproc.event.send', { EVENT_TOKEN: `${workflow.eventToken}0` });
    expect([forged.status, forged.body.error]).to.deep.equal([403, 'ACCESS_DENIED']);
  });

  it('when the stage changes or the deal goes, expected waiting robots terminated and a true that does nothing', async () => {
    const first = await run();
    await fixture.portal.changeStage(77, 'EXECUTING');
    expect(first.state).to.equal('terminated');
    const answer = await fixture.call('bizproc.event.send', { EVENT_TOKEN: first.eventToken });
    expect(answer.body.result).to.equal(true);
    await fixture.portal.settled();
    expect(first.state).to.equal('terminated');
    const log = await fixture.call('bizproc.activity.log', {
      EVENT_TOKEN: first.eventToken,
      LOG_MESSAGE: 'x',
    });
    expect(log.status).to.equal(400);
    const second = await run();
    await fixture.portal.deleteDeal(77);
    expect(second.state).to.equal('terminated');
  });

  it('when values and trigger share a batch, expected the stage move to come first and kill the robot', async () => {
    fixture.portal.moveOnTrigger('signing_completed', 'WON');
    const workflow = await run();
    await fixture.call('batch', {
      cmd: {
        send: `bizproc.event.send?EVENT_TOKEN=${encodeURIComponent(workflow.eventToken)}&RETURN_VALUES[status_code]=50`,
        fire: 'crm.automation.trigger.execute?CODE=signing_completed&OWNER_TYPE_ID=2&OWNER_ID=77',
      },
    });
    await fixture.portal.settled();
    expect(workflow.state).to.equal('terminated');
    expect(workflow.returnValues).to.deep.equal({});
    expect(fixture.portal.crm.deal(77)?.['stageId']).to.equal('WON');
  });

  it('when a run is without tokens, is redelivered or stays unanswered, expected just that', async () => {
    const workflow = await run({ withTokens: false });
    await workflow.redeliver();
    const hits = fixture.app.hitsOf('/robots/sign_it');
    expect(hits).to.have.length(2);
    expect(hits[0]?.body).to.deep.equal(hits[1]?.body);
    expect(hits[0]?.body['auth']).to.not.have.any.keys('access_token', 'refresh_token', 'user_id');
    await fixture.app.close();
    const lost = await run();
    expect(lost.deliveries[0]?.status).to.equal(0);
    expect(lost.state).to.equal('waiting');
  });

  it('when a registration is wrong, expected the code of each refusal', async () => {
    const { robot } = fixture.app;
    const add = async (change: object) =>
      (await fixture.call('bizproc.robot.add', { ...robot, CODE: 'new_one', ...change })).body
        .error as string;
    expect(await add({ CODE: 'sign_it' })).to.equal('ERROR_ACTIVITY_ALREADY_INSTALLED');
    expect(await add({ CODE: 'a b' })).to.equal('ERROR_ACTIVITY_VALIDATION_FAILURE');
    expect(await add({ HANDLER: 'http://localhost:3000/x' })).to.equal('ERROR_WRONG_HANDLER_URL');
    expect(await add({ HANDLER: 'ftp://a.b/x' })).to.equal('ERROR_UNSUPPORTED_PROTOCOL');
    expect(await add({ NAME: '' })).to.equal('ERROR_ACTIVITY_VALIDATION_FAILURE');
    expect(await add({ PROPERTIES: { a: { Name: 'A', Type: 'contact' } } })).to.equal(
      'ERROR_ACTIVITY_VALIDATION_FAILURE',
    );
    const activity = await fixture.call('bizproc.activity.add', robot);
    expect(activity.body.error).to.equal('ERROR_ACTIVITY_ALREADY_INSTALLED');
    const update = await fixture.call('bizproc.robot.update', { CODE: 'none', FIELDS: { NAME: 'x' } });
    expect(update.body.error).to.equal('ERROR_ACTIVITY_NOT_FOUND');
  });
});
