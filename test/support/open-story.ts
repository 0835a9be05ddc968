import { join } from 'node:path';
import { runIdOf, signingIdOf } from '../../app/signing/runs/run-id.ts';
import type { Signing } from '../../app/domain/signing.ts';
import { pdfWithPages } from '../fixtures/pdf/build-pdf.ts';
import type { RunRobotOptions, WorkflowRun } from '../portal/types.ts';
import { codeIn, linkIn, readOutbox } from './read-outbox.ts';
import type { OutboxMessage } from './read-outbox.ts';
import { openStage } from './run-app.ts';
import type { Stage } from './run-app.ts';
import { SignerClient } from './signer-client.ts';
import { waitFor } from './wait-for.ts';

const JOBS = ['signing-effects', 'robot-run', 'portal-event'];
/** More than any pause between two tries of a run, less than the lease that keeps a running one from being started twice. */
const PAUSE_MS = 61_000;
const MAX_STEPS = 40;
/** Generous: how long the machine takes is no matter of these tests. */
const PATIENCE_MS = 30_000;
let people = 0;

export interface ContactFields {
  name?: string;
  lastName?: string;
  email?: string;
  phone?: string;
}

export interface Story extends Omit<Stage, 'close'> {
  readonly signings: Stage['app']['container']['signings'];
  close(): Promise<void>;
  /** Available, reserved and spent signatures of the portal. */
  balance(): Promise<{ available: number; reserved: number; spent: number }>;

  /** No delivery of the portal and no job of the app is open or due. */
  idle(): Promise<void>;
  /** Time passes for app and portal, and what is due then is done. */
  later(ms: number): Promise<void>;
  /** Time passes for both, nobody is woken: what a quiet minute does to request limits. */
  rest(): void;
  /** Lets time pass in steps until something is true, as retries with their pauses would. */
  eventually(what: string, ask: () => Promise<boolean> | boolean): Promise<void>;

  /** A deal of its own, in the first stage; Мария Соколова (12) is responsible. */
  deal(fields?: Record<string, unknown>): number;
  /** A contact of its own; e-mail unless told otherwise. */
  contact(fields?: ContactFields): number;
  document(
    dealId: number,
    fields?: { title?: string; pdf?: Buffer; hoursUntilPdf?: number },
  ): Promise<number>;
  /** Runs the robot on a deal; the company is user 7 by link unless told otherwise. */
  send(
    dealId: number,
    properties: Record<string, unknown>,
    options?: Partial<RunRobotOptions>,
  ): Promise<WorkflowRun>;
  check(dealId: number, properties: Record<string, unknown>): Promise<WorkflowRun>;
  /** The signing that a run makes, or has made. */
  idOf(run: WorkflowRun): string;
  signing(run: WorkflowRun): Promise<Signing>;
  /** Waits for a state of the run's signing and for everything that it has caused. */
  reaches(run: WorkflowRun, status: Signing['status']): Promise<Signing>;
  hasSigning(run: WorkflowRun): Promise<boolean>;

  /** Every mail and message of a run's signing whose file name goes on like this: `5-invite-s1`. */
  letters(run: WorkflowRun, rest?: RegExp): Promise<OutboxMessage[]>;
  /** The invitation of the n-th signer, once it is there. */
  invitation(run: WorkflowRun, signerId: string): Promise<OutboxMessage>;
  signer(run: WorkflowRun, signerId: string): Promise<SignerClient>;
  /** Opens, enters the code and signs by typing. */
  sign(run: WorkflowRun, signerId: string): Promise<void>;
  /** Opens and enters the code. */
  identify(run: WorkflowRun, signerId: string): Promise<SignerClient>;
}

async function mustBeOk(what: string, answer: Response): Promise<void> {
  if (!answer.ok) throw new Error(`${what}: HTTP ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

/** The real app beside a stand-in portal, with a clock that the test moves and the people of a signing at hand. */
export async function openStory(
  options: Omit<NonNullable<Parameters<typeof openStage>[0]>, 'clock'> = {},
): Promise<Story> {
  let offset = 0;
  const clock = { now: () => new Date(Date.now() + offset) };
  const callsFile = process.env.TEST_CALLS;
  const portalOptions = { ...(callsFile ? { callsFile } : {}), ...options.portal };
  const stage = await openStage({ ...options, portal: portalOptions, clock });
  const { portal } = stage;
  const container = () => stage.app.container;

  const pass = (ms: number): void => {
    offset += ms;
    portal.advance(ms);
  };

  async function idle(): Promise<void> {
    const jobs = container().store.db.collection('agendaJobs');
    for (let quiet = 0; quiet < 2; quiet += 1) {
      await portal.settled();
      await waitFor(
        'the jobs to be done',
        async () => {
          const busy = [{ lockedAt: { $ne: null } }, { nextRunAt: { $lte: new Date() } }];
          return (await jobs.countDocuments({ name: { $in: JOBS }, $or: busy })) === 0;
        },
        PATIENCE_MS,
      );
    }
  }

  async function later(ms: number): Promise<void> {
    await idle();
    pass(ms);
    await container().tracking.trackDue();
    await container().sweep();
    await idle();
  }

  const idOf = (run: WorkflowRun): string => signingIdOf(runIdOf(portal.memberId, run.eventToken));

  async function signing(run: WorkflowRun): Promise<Signing> {
    const found = await container().signings.get(idOf(run));
    if (!found) throw new Error(`run ${run.id} has no signing: ${JSON.stringify(run.returnValues)}`);
    return found;
  }

  const letters = (run: WorkflowRun, rest = /^/): Promise<OutboxMessage[]> => {
    const prefix = `${idOf(run)}-`;
    return readOutbox(
      join(stage.dataDir, 'outbox'),
      (file) => file.startsWith(prefix) && rest.test(file.slice(prefix.length)),
    );
  };

  const invitation = (run: WorkflowRun, signerId: string): Promise<OutboxMessage> =>
    waitFor(
      `the invitation of ${signerId}`,
      async () => (await letters(run, new RegExp(`^\\d+-invite-${signerId}\\.`)))[0],
      PATIENCE_MS,
    );

  const signer = async (run: WorkflowRun, signerId: string): Promise<SignerClient> =>
    new SignerClient(linkIn(await invitation(run, signerId)));

  async function identify(run: WorkflowRun, signerId: string): Promise<SignerClient> {
    const client = await signer(run, signerId);
    await client.open();
    await mustBeOk('code', await client.requestCode());
    const codes = await letters(run, new RegExp(`^${signerId}-code-`));
    await mustBeOk('confirm', await client.confirm(codeIn(codes.at(-1)!)));
    return client;
  }

  return {
    ...stage,
    get app() {
      return stage.app;
    },
    get signings() {
      return container().signings;
    },
    balance: () => container().balance.show(portal.memberId),
    idle,
    later,
    rest: () => pass(PAUSE_MS),
    async eventually(what, ask) {
      for (let steps = 0; !(await ask()); steps += 1) {
        if (steps === MAX_STEPS) throw new Error(`never happened: ${what}`);
        await later(PAUSE_MS);
      }
    },

    deal(fields = {}) {
      const item = { title: 'Поставка насосов', stageId: 'NEW', assignedById: 12, categoryId: 0, ...fields };
      return portal.crm.add(2, item).id;
    },
    contact(fields = {}) {
      people += 1;
      const { name = 'Пётр', lastName = `Ершов-${people}`, email, phone = '' } = fields;
      const address = email ?? `signer${people}@partner.example`;
      const fm = [
        ...(address ? [{ id: people * 2, typeId: 'EMAIL', valueType: 'WORK', value: address }] : []),
        ...(phone ? [{ id: people * 2 + 1, typeId: 'PHONE', valueType: 'WORK', value: phone }] : []),
      ];
      return portal.crm.add(3, { name, lastName, fm }).id;
    },
    async document(dealId, { title = 'Contract', pdf = pdfWithPages(['Contract']), hoursUntilPdf = 0 } = {}) {
      const pdfDelay = { ms: hoursUntilPdf * 3_600_000 };
      return (await portal.createDocument({ dealId, title, pdf, pdfDelay })).id;
    },
    send: (dealId, properties, more = {}) =>
      portal.runRobot('send_for_signing', {
        dealId,
        properties: { signer_1: 'user_7', company_signature: 'manual', ...properties },
        ...more,
      }),
    check: (dealId, properties) => portal.runRobot('check_status', { dealId, properties }),
    idOf,
    signing,
    hasSigning: async (run) => (await container().signings.get(idOf(run))) !== undefined,
    async reaches(run, status) {
      await waitFor(
        `${status} of run ${run.id}`,
        async () => {
          const found = await container().signings.get(idOf(run));
          return found?.status === status;
        },
        PATIENCE_MS,
      );
      await idle();
      return signing(run);
    },

    letters,
    invitation,
    signer,
    identify,
    async sign(run, signerId) {
      const client = await identify(run, signerId);
      await mustBeOk('sign', await client.sign({ kind: 'typed', text: 'Пётр Ершов' }));
    },
  };
}
