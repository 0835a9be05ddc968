/* eslint-disable @typescript-eslint/no-explicit-any -- answers are looked at, not modelled */
import { expect } from 'chai';
import { startFixture, type Fixture } from './support/portal-fixture.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('stand-in portal: documents, timeline, activities, files', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await startFixture();
  });
  after(() => fixture.close());

  it('when a document is new, expected its PDF after some reads, bound to the token that asked', async () => {
    const { portal, call } = fixture;
    const document = await portal.createDocument({ dealId: 77, pdfDelay: { polls: 1 } });
    const { accessToken } = portal.issueToken();
    const get = async () =>
      (await call('crm.documentgenerator.document.get', { id: document.id }, accessToken)).body.result
        .document;
    expect(await get()).to.not.have.any.keys('pdfUrl', 'pdfUrlMachine');
    const { pdfUrlMachine, entityId } = await get();
    expect(entityId).to.equal('77');
    const pdf = await fetch(pdfUrlMachine);
    expect(
      Buffer.from(await pdf.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).to.equal('%PDF-');
    const other = portal.issueToken().accessToken;
    expect((await fetch(pdfUrlMachine.replace(accessToken, other))).status).to.equal(403);
    portal.expireToken(accessToken);
    expect((await fetch(pdfUrlMachine)).status).to.equal(401);
  });

  it('when the conversion failed or the id is wrong, expected no PDF and the code "0"', async () => {
    const { portal, call } = fixture;
    const { id } = await portal.createDocument({
      dealId: 77,
      transformationError: true,
      pdfDelay: { ms: 0 },
    });
    const { document } = (await call('crm.documentgenerator.document.get', { id })).body.result;
    expect(document).to.include({ isTransformationError: true }).and.not.have.property('pdfUrl');
    expect((await call('crm.documentgenerator.document.get', { id: 9999 })).body.error).to.equal('0');
  });

  it('when a document is uploaded, expected the docx demanded and both files kept', async () => {
    const { portal, call } = fixture;
    const fields = { entityTypeId: 2, entityId: 77, region: 'ru', title: 'Подписано', number: '17' };
    const upload = (extra: object) =>
      call('crm.documentgenerator.document.upload', { fields: { ...fields, ...extra } });
    expect((await upload({ pdfContent: base64('%PDF-1.7') })).body.error).to.equal('100');
    const done = await upload({ fileContent: base64('PK\u0003\u0004'), pdfContent: base64('%PDF-1.7') });
    expect(done.body.result.document).to.include({ title: 'Подписано' }).and.have.property('pdfUrlMachine');
    expect(portal.uploadedFiles.map((one) => one.name)).to.include.members([
      'Подписано.docx',
      'Подписано.pdf',
    ]);
  });

  it('when a comment with a file is added, expected it in the timeline with the decoded file', async () => {
    const { portal, call } = fixture;
    const add = (fields: object) => call('crm.timeline.comment.add', { fields });
    const target = { ENTITY_ID: 77, ENTITY_TYPE: 'deal' };
    const done = await add({ ...target, COMMENT: 'signed', FILES: [['a.pdf', base64('hello')]] });
    expect(done.body.result).to.be.a('number');
    const entry = portal.timeline(77).find((one) => one.kind === 'comment');
    const file = portal.uploadedFiles.find((one) => one.id === entry?.fileIds?.[0]);
    expect(file?.content.toString()).to.equal('hello');
    expect((await add({ ...target, COMMENT: '' })).body.error).to.equal('INVALID_ARG_VALUE');
    expect((await add({ ...target, ENTITY_ID: 999, COMMENT: 'x' })).body.error).to.equal('OWNER_NOT_FOUND');
    expect((await add({ ENTITY_TYPE: 'deal', COMMENT: 'x' })).body.error).to.equal('100');
  });

  it('when log messages are many, expected pages of ten', async () => {
    const { call } = fixture;
    const fields = { entityTypeId: 2, entityId: 81, title: 't', text: 'x', iconCode: 'info' };
    for (let n = 0; n < 12; n += 1) await call('crm.timeline.logmessage.add', { fields });
    const first = (await call('crm.timeline.logmessage.list', { entityTypeId: 2, entityId: 81 })).body;
    expect([first.result.length, first.next, first.total]).to.deep.equal([10, 10, 12]);
    const wrong = await call('crm.timeline.logmessage.add', { fields: { ...fields, iconCode: '' } });
    expect(wrong.body.error).to.equal('100');
  });

  it('when a configurable activity is laid out wrongly, expected the code of each mistake', async () => {
    const { call } = fixture;
    const add = async (layout: unknown) =>
      (await call('crm.activity.configurable.add', { ownerTypeId: 2, ownerId: 77, fields: {}, layout })).body
        .error as string;
    const button = { title: 'x', type: 'primary', action: { type: 'restEvent', id: 'go' } };
    const blocks = Object.fromEntries(
      Array.from({ length: 21 }, (_one, n) => [`b${n}`, { type: 'text', properties: { value: 'x' } }]),
    );
    expect(await add({})).to.equal('ERROR_EMPTY_LAYOUT');
    expect(await add({ header: {} })).to.equal('FIELD_IS_REQUIRED');
    expect(await add({ header: { title: 'x', colour: 'red' } })).to.equal('FIELD_IS_REDUNDANT');
    expect(await add({ header: { title: 'x', tags: { a: { title: 'y', type: 'blue' } } } })).to.equal(
      'ENUM_FIELD',
    );
    expect(await add({ footer: { buttons: { a: button, b: button, c: button } } })).to.equal(
      'TOO_MANY_ITEMS',
    );
    expect(await add({ body: { blocks } })).to.equal('TOO_MANY_ITEMS');
  });

  it('when a button of an activity is pressed, expected the event and a lock until the next update', async () => {
    const { call, portal, app } = fixture;
    const action = {
      type: 'restEvent',
      id: 'remind',
      actionParams: { signing: 's1' },
      animationType: 'loader',
    };
    const layout = {
      header: { title: 'Signing' },
      footer: { buttons: { remind: { title: 'Remind', type: 'secondary', action } } },
    };
    const place = { ownerTypeId: 2, ownerId: 77 };
    const added = await call('crm.activity.configurable.add', {
      ...place,
      fields: { originId: 's1' },
      layout,
    });
    const { id } = added.body.result.activity as { id: number };
    await portal.pressButton(id, 'remind', 12);
    const { body } = app.hit('/events', -1);
    expect(body['event']).to.equal('ONCRMTIMELINEITEMACTION');
    expect(body['data']).to.include({ id: 'remind', signing: 's1', activityId: String(id), userId: '12' });
    expect(portal.activities(77).find((one) => one.id === id)?.locked).to.equal(true);
    await call('crm.activity.configurable.update', { id, fields: { completed: 'Y' }, layout });
    expect(portal.activities(77).find((one) => one.id === id)).to.include({ locked: false, completed: true });
    const listed = await call('crm.activity.list', {
      filter: { PROVIDER_ID: 'CONFIGURABLE_REST_APP', ORIGIN_ID: 's1' },
    });
    expect(listed.body.result[0]).to.include({ ID: String(id), COMPLETED: 'Y' });
  });

  it('when a notice has the tag of an old one, expected it replaced', async () => {
    const { call, portal } = fixture;
    for (const MESSAGE of ['one', 'two'])
      await call('im.notify.system.add', { USER_ID: 12, MESSAGE, TAG: 'sign|1' });
    expect(portal.notifications(12).map((one) => one.message)).to.deep.equal(['two']);
    expect((await call('im.notify.system.add', { MESSAGE: 'x' })).body.error).to.equal('USER_ID_EMPTY');
  });

  it('when file fields are updated, expected files kept by id and added, and downloads that work', async () => {
    const { call, portal } = fixture;
    const update = (value: unknown) =>
      call('crm.item.update', { entityTypeId: 2, id: 79, fields: { ufCrm_1700000002: value } });
    const one = (await update([['a.pdf', base64('a')]])).body.result.item.ufCrm_1700000002;
    const two = (await update([{ id: one[0].id }, ['b.pdf', base64('b')]])).body.result.item.ufCrm_1700000002;
    expect(two.map((file: any) => file.id))
      .to.have.length(2)
      .and.include(one[0].id);
    expect(await (await fetch(two[1].urlMachine)).text()).to.equal('b');
    const disk = portal.addDiskFile({ name: 'c.pdf', content: Buffer.from('c') });
    const { DOWNLOAD_URL } = (await call('disk.file.get', { id: disk.id })).body.result;
    expect(await (await fetch(DOWNLOAD_URL)).text()).to.equal('c');
  });
});
