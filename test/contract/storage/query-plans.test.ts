import { expect } from 'chai';
import type { CommandStartedEvent } from 'mongodb';
import mongoose from 'mongoose';
import { createBalance } from '../../../app/storage/create-balance.ts';
import { createEmployeeStore } from '../../../app/storage/create-employee-store.ts';
import { createFileStore } from '../../../app/storage/create-file-store.ts';
import { createPortalStore } from '../../../app/storage/create-portal-store.ts';
import { createRestLog } from '../../../app/storage/create-rest-log.ts';
import { createRobotRunStore } from '../../../app/storage/create-robot-run-store.ts';
import { createSigningStore } from '../../../app/storage/create-signing-store.ts';
import { openTestStore } from '../../support/store.ts';
import type { TestStore } from '../../support/store.ts';
import { NOW, buildSigning } from './build-signing.ts';

const EXPLAINABLE = ['find', 'aggregate', 'count', 'update', 'delete', 'findAndModify'];

interface PlanNode {
  readonly stage?: string;
  readonly indexName?: string;
}

/** Every node of an explained plan, however the server nests them. */
const nodesOf = (plan: unknown): PlanNode[] =>
  typeof plan === 'object' && plan !== null
    ? [...('stage' in plan ? [plan as PlanNode] : []), ...Object.values(plan).flatMap(nodesOf)]
    : [];

describe('query plans', () => {
  let store: TestStore;
  let connection: mongoose.Connection;
  let commands: CommandStartedEvent[] = [];

  before(async () => {
    store = await openTestStore();
    for (let index = 0; index < 5; index += 1) await store.signings.create(buildSigning({ id: `s${index}` }));
    connection = await mongoose.createConnection(store.uri, { monitorCommands: true }).asPromise();
    connection.getClient().on('commandStarted', (event) => commands.push(event));
  });
  after(async () => {
    await connection.close();
    await store.close();
  });

  /** The commands that `work` really sent, each with the nodes of its plan. */
  async function explain(work: () => Promise<unknown>): Promise<PlanNode[][]> {
    commands = [];
    await work();
    const sent = commands.filter((event) => EXPLAINABLE.includes(event.commandName));
    expect(sent, 'commands sent').to.not.be.empty;
    return Promise.all(
      sent.map(async ({ command }) => {
        const bare = Object.entries(command).filter(
          ([name]) => !/^(\$|lsid$|txnNumber$|apiVersion$)/.test(name),
        );
        const { queryPlanner, stages } = await store.db.command({
          explain: Object.fromEntries(bare),
          verbosity: 'queryPlanner',
        });
        return nodesOf(queryPlanner?.winningPlan ?? stages);
      }),
    );
  }

  const shared = () => ({ ...store, connection });
  const signings = () => createSigningStore(shared());
  const runs = () => createRobotRunStore(shared());
  const page = { limit: 2 };

  /** `field` is in the index that is used; `sorted`: the order comes out of it too, so a page costs a page. */
  const cases: [name: string, field: string, sorted: boolean, work: () => Promise<unknown>][] = [
    ['the sweep for due effects', 'nextEffectAt', true, () => signings().dueForEffects(NOW, 10)],
    ['the sweep for deadlines', 'expiresAt', true, () => signings().dueForExpiry(NOW, 10)],
    ['the list', 'listKey', true, () => signings().list('portal-a', {}, page)],
    [
      'the second page of the list',
      'listKey',
      true,
      () => signings().list('portal-a', {}, { ...page, cursor: '1 2' }),
    ],
    ['the list of a state', 'status', true, () => signings().list('portal-a', { status: 'sent' }, page)],
    ['the list of a deal', 'dealId', true, () => signings().list('portal-a', { dealId: '77' }, page)],
    ['the search', 'words', false, () => signings().list('portal-a', { search: 'zzz' }, page)],
    [
      'the newest signing of a document',
      'documentRefs',
      false,
      () => signings().findByDocument('portal-a', 's1'),
    ],
    ['open signings of a deal', 'dealId', false, () => signings().openOfDeal('portal-a', '77')],
    ['open signings of a portal', 'listKey', false, () => signings().openOfPortal('portal-a', 10)],
    [
      'the signing in the way of a new one',
      '',
      false,
      () =>
        signings()
          .create(buildSigning({ id: 'x', refs: ['s1'] }))
          .catch(() => 0),
    ],
    ['one signing', '_id', false, () => signings().get('s1', 'portal-a')],
    ['saving a signing', '_id', false, async () => signings().save((await store.signings.get('s1'))!)],
    ['the lease of a signing', '_id', false, () => signings().lease('s1', 'me', NOW, 1)],
    ['purging signings', 'portalId', false, () => signings().purgePortal('nobody')],
    ['runs with something to do', 'state', false, () => runs().due(NOW, 10)],
    ['runs that wait for a signing', 'signingId', false, () => runs().waitingFor('s1')],
    ['the answer of a run', '_id', false, () => runs().answer('r', { values: {}, logMessage: '' })],
    ['purging runs', 'portalId', false, () => runs().purgePortal('nobody')],
    ['a portal by its host', 'domain', true, () => createPortalStore(shared()).getByDomain('x')],
    [
      'the lock of a portal',
      '_id',
      false,
      () => createPortalStore(shared()).withLock('a', 'b', 5, async () => 0),
    ],
    ['employees by name', 'portalId', true, () => createEmployeeStore(shared()).list('portal-a')],
    ['a settled signature', '_id', false, () => createBalance(shared()).settle('portal-a', 's1', 'x')],
    ['purging files', 'portalId', false, () => createFileStore(shared()).purgePortal('nobody')],
    ['the REST log', 'portalId', true, () => createRestLog(shared()).list('portal-a', 10)],
  ];
  for (const [name, field, sorted, work] of cases) {
    it(`when ${name} is asked for, expected an index${sorted ? ', and the order from it' : ''}`, async () => {
      for (const nodes of await explain(work)) {
        const stages = nodes.map((node) => node.stage);
        expect(stages).to.not.include('COLLSCAN').and.not.be.empty;
        if (sorted) expect(stages).to.not.include('SORT');
        // Servers have stages of their own for `_id`, without an index name.
        const names = nodes.flatMap((node) => node.indexName ?? []);
        if (field !== '_id') expect(names.join()).to.contain(field);
      }
    });
  }
});
