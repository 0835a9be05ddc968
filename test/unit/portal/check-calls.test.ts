import { expect } from 'chai';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkCalls } from '../../portal/check-calls.ts';
import { methodTable } from '../../portal/rest/method-table.ts';
import { restRules } from '../../portal/rest-rules.ts';
import { startFixture } from './support/portal-fixture.ts';

describe('stand-in portal: recorded calls', () => {
  it('when calls are well-formed, expected no violation', () => {
    const calls = [
      { method: 'crm.item.get', params: { entityTypeId: 2, id: '77' } },
      {
        method: 'crm.item.update',
        params: { entityTypeId: 2, id: 77, fields: { title: 'x', ufCrm_1: ['a', 'b'] } },
      },
      { method: 'profile', params: {} },
    ];
    expect(checkCalls(calls)).to.deep.equal([]);
  });

  it('when calls are malformed, expected each violation once', () => {
    const bad = {
      method: 'crm.timeline.logmessage.add',
      params: { fields: { entityTypeId: 'deal', color: 1 } },
    };
    const found = checkCalls([bad, bad, { method: 'crm.unknown', params: {} }]);
    expect(found).to.include('crm.timeline.logmessage.add > fields: title is missing');
    expect(found).to.include('crm.timeline.logmessage.add > fields: entityTypeId is not int: "deal"');
    expect(found).to.include('crm.timeline.logmessage.add > fields: color is unknown');
    expect(found).to.include('crm.unknown: not a method that this project knows');
    expect(found).to.have.length(7);
  });

  it('when the portal serves a method, expected a rule for it', () => {
    const rules = Object.keys(restRules).map((name) => name.toLowerCase());
    expect(Object.keys(methodTable()).filter((name) => !rules.includes(name))).to.deep.equal([]);
  });

  it('when calls are saved, expected JSON lines without a token', async () => {
    const { portal, call, close } = await startFixture();
    const run = await portal.runRobot('sign_it', { dealId: 77 });
    const { accessToken } = portal.issueToken();
    await call(
      'bizproc.event.send',
      { EVENT_TOKEN: run.eventToken, RETURN_VALUES: { status_code: 1 } },
      accessToken,
    );
    await call('batch', { cmd: { me: 'profile' } }, accessToken);
    const file = join(await mkdtemp(join(tmpdir(), 'portal-')), 'calls.jsonl');
    await portal.saveCalls(file);
    const text = await readFile(file, 'utf8');
    expect(text).to.not.contain(accessToken).and.not.contain(run.eventToken);
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).method),
    ).to.deep.equal(['bizproc.event.send', 'profile']);
    expect(checkCalls(portal.calls)).to.deep.equal([]);
    await close();
  });
});
