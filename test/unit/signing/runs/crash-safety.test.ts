import { expect } from 'chai';
import { markSent } from '../../../../app/domain/transitions/send.ts';
import type { Signing } from '../../../../app/domain/signing.ts';
import { createWorld } from '../../robots/support/world.ts';
import type { FaultPlan, World } from '../../robots/support/world.ts';

const bundle = { fileId: 'b', name: 'b.pdf', sha256: 'ab', size: 1, pages: 3 };

/** What happens to one run, step by step; every step is repeated until it succeeds, as jobs and sweeps do. */
interface Story {
  readonly name: string;
  readonly prepare?: (world: World) => Promise<void>;
  readonly robot: string;
  readonly inputs: Record<string, unknown>;
  /** Once the run waits: how its signing goes on. */
  readonly goOn?: (world: World, signing: Signing, faults: FaultPlan) => Promise<void>;
  readonly expected: {
    code: number;
    status: number;
    balance: { available: number; reserved: number };
    signings: number;
  };
}

const simple = {
  document_id: ['300', '301'],
  signer_1: 'user_7',
  signer_2: ['55', 'CO_3', '56'].slice(0, 1),
};

async function send(world: World, signing: Signing, faults: FaultPlan): Promise<void> {
  const current = world.signings.all.get(signing.id)!;
  const next = { ...markSent(current, { bundle }, world.now), revision: current.revision + 1 };
  world.signings.all.set(signing.id, next);
  await repeat(() => world.answerWaitingRuns(next), faults);
}

const STORIES: readonly Story[] = [
  {
    name: 'a signing that is sent',
    robot: 'send_for_signing',
    inputs: { ...simple, return_when: 'accepted' },
    goOn: send,
    expected: { code: 0, status: 20, balance: { available: 18, reserved: 2 }, signings: 1 },
  },
  {
    name: 'a signing that takes the last of the balance',
    prepare: async (world) => void (world.balance.state.available = 2),
    robot: 'send_for_signing',
    inputs: { ...simple, return_when: 'accepted' },
    goOn: send,
    expected: { code: 0, status: 20, balance: { available: 0, reserved: 2 }, signings: 1 },
  },
  {
    name: 'a refused contact',
    robot: 'send_for_signing',
    inputs: { ...simple, signer_2: '57' },
    expected: { code: 141, status: 0, balance: { available: 20, reserved: 0 }, signings: 0 },
  },
  {
    name: 'a document that another run locked meanwhile',
    prepare: async (world) => {
      await world.send();
      world.deps.signings.findByDocument = async () => undefined;
    },
    robot: 'send_for_signing',
    inputs: simple,
    expected: { code: 160, status: 0, balance: { available: 18, reserved: 2 }, signings: 1 },
  },
  {
    name: 'a wait that ends',
    robot: 'send_for_signing',
    inputs: { ...simple, max_wait_hours: '1' },
    goOn: async (world) => world.pass(3600),
    expected: { code: 210, status: 10, balance: { available: 18, reserved: 2 }, signings: 1 },
  },
  {
    name: 'a status that is asked for',
    prepare: async (world) => void (await world.send()),
    robot: 'check_status',
    inputs: { document_id: '300' },
    expected: { code: 0, status: 10, balance: { available: 18, reserved: 2 }, signings: 1 },
  },
];

async function repeat(work: () => Promise<unknown>, faults: FaultPlan): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      faults.dead = false;
      if (tries === 3) throw error;
    }
  }
}

/** Tells a story with one failing call. @returns whether there were enough calls for it to fail */
async function tell(story: Story, plan: FaultPlan): Promise<boolean> {
  const faults: FaultPlan = { ...plan, at: 0 };
  const world = createWorld({ faults });
  await story.prepare?.(world);
  const id = await world.accept(story.robot, story.inputs);
  const current = () => world.runs.all.get(id)!;
  const answersBefore = world.portal.answers.length;

  faults.at = world.calls.length + plan.at;
  const processOnce = async () => {
    await world.processRun(id).catch(() => undefined);
    faults.dead = false;
    world.pass(Math.max(0, (current().dueAt.getTime() - world.now.getTime()) / 1000));
  };
  for (let tries = 0; tries < 5 && current().state === 'received'; tries++) await processOnce();
  if (current().state === 'waiting')
    await story.goOn?.(world, world.signings.all.get(current().signingId!)!, faults);
  for (let tries = 0; tries < 5 && current().state !== 'answered'; tries++) await processOnce();

  const { expected } = story;
  expect(current().state, 'state').to.equal('answered');
  expect(world.portal.answers.length - answersBefore, 'answers').to.equal(1);
  expect(world.answerOf(current())).to.include({
    response_code: expected.code,
    status_code: expected.status,
  });
  expect(world.signings.all.size, 'signings').to.equal(expected.signings);
  expect(world.balance.state, 'balance').to.include(expected.balance);
  return world.calls.length >= faults.at;
}

const KINDS: readonly [string, Omit<FaultPlan, 'at'>][] = [
  ['any one call fails before it took place', { when: 'before' }],
  ['any one call fails after it took place', { when: 'after' }],
  ['the process dies before any one call', { when: 'before', fatal: true }],
  ['the process dies after any one call', { when: 'after', fatal: true }],
];

describe('a robot run that is interrupted', () => {
  for (const story of STORIES) {
    for (const [kind, plan] of KINDS) {
      it(`when ${kind}, in ${story.name}: expected one signing, one answer, the balance exact`, async () => {
        let at = 1;
        for (; at < 200; at++) {
          const told = await tell(story, { ...plan, at }).catch((error: unknown) => {
            throw new Error(`with call ${at}: ${String(error)}`, { cause: error });
          });
          if (!told) break;
        }
        expect(at, 'calls that were made to fail').to.be.within(8, 100);
      });
    }
  }
});
