import type { Employee } from '../../../../app/ports/employee-store.ts';
import type { Log } from '../../../../app/ports/log.ts';
import type { Portal } from '../../../../app/ports/portal.ts';
import type { PortalInstallation, PortalStore } from '../../../../app/ports/portal-store.ts';
import { defaultSettings } from '../../../../app/ports/settings-store.ts';
import type { PortalSettings } from '../../../../app/ports/settings-store.ts';
import type { ReturnValues, RobotRun } from '../../../../app/ports/robot-run-store.ts';
import type { Signing } from '../../../../app/domain/signing.ts';
import { createChangeSigning } from '../../../../app/signing/change-signing.ts';
import { createAcceptRun } from '../../../../app/signing/runs/accept-run.ts';
import { createAnswerRun } from '../../../../app/signing/runs/answer-run.ts';
import { createAnswerWaitingRuns } from '../../../../app/signing/runs/answer-waiting-runs.ts';
import { createProcessRun } from '../../../../app/signing/runs/process-run.ts';
import { createRobots } from '../../../../robots/index.ts';
import { memoryPortal } from './memory-portal.ts';
import {
  memoryBalance,
  memoryEmployees,
  memoryFiles,
  memoryRuns,
  memorySignings,
  pdfDouble,
} from './memory-stores.ts';

export const PORTAL_ID = 'portal1';
const START = new Date('2026-03-02T10:00:00Z');
const png = { fileId: 'png', name: 'signature.png', sha256: '00', size: 1, pages: 0 };

const employee = (userId: string, name: string, fields: Partial<Employee> = {}): Employee => ({
  portalId: PORTAL_ID,
  userId,
  name,
  email: `user${userId}@company.test`,
  position: 'Director',
  canSign: true,
  canSend: false,
  blocked: false,
  signature: png,
  mandate: { kind: 'consent', grantedAt: START, consentVersion: '1', recordedBy: userId },
  updatedAt: START,
  ...fields,
});

/** The call that is to fail: the n-th to any dependency, before or after it took place. */
export interface FaultPlan {
  at: number;
  when: 'before' | 'after';
  /** The process dies with it: every further call fails until `dead` is taken back. */
  fatal?: boolean;
  dead?: boolean;
}

export type World = ReturnType<typeof createWorld>;

/** Everything around the robots, in memory; `faults` makes one call of any dependency fail. */
export function createWorld(options: { credits?: number; language?: string; faults?: FaultPlan } = {}) {
  let now = START;
  const clock = { now: () => now };
  const calls: string[] = [];
  const logged: { level: string; fields: Record<string, unknown>; message: string }[] = [];
  const log = Object.fromEntries(
    ['debug', 'info', 'warn', 'error'].map((level) => [
      level,
      (fields: Record<string, unknown>, message: string) => logged.push({ level, fields, message }),
    ]),
  ) as unknown as Log;

  const watched = <T extends object>(name: string, target: T): T =>
    new Proxy(target, {
      get(object, key) {
        const method = Reflect.get(object, key) as unknown;
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          calls.push(`${name}.${String(key)}`);
          const { faults } = options;
          const fault = new Error(`injected at ${name}.${String(key)}`);
          if (faults?.dead) throw fault;
          const failing = faults?.at === calls.length ? faults.when : undefined;
          if (faults && failing) faults.dead = faults.fatal === true;
          if (failing === 'before') throw fault;
          const result = await (method as (...given: unknown[]) => unknown).apply(object, args);
          if (failing === 'after') throw fault;
          return result;
        };
      },
    });

  const runs = memoryRuns();
  const signings = memorySignings();
  const balance = memoryBalance(options.credits ?? 20);
  const employees = memoryEmployees([employee('7', 'Ivan Director'), employee('15', 'Dmitry Lawyer')]);
  const files = memoryFiles();
  const portal = memoryPortal();
  const settings: { current: PortalSettings } = { current: defaultSettings(PORTAL_ID) };
  const installation = { current: { id: PORTAL_ID, state: 'active', language: options.language ?? 'en' } };
  const jobs = watched('jobs', {
    wakeSigning: async (_id: string) => undefined,
    wakeRun: async (_id: string) => undefined,
  });
  const portals = watched('portals', {
    get: async () => installation.current as PortalInstallation,
  }) as unknown as PortalStore;

  const deps = {
    runs: watched('runs', runs.store),
    signings: watched('signings', signings.store),
    balance: watched('balance', balance.store),
    employees: watched('employees', employees.store),
    files: watched('files', files.store),
    portal: watched('portal', portal.store) as unknown as Portal,
    settings: watched('settings', {
      get: async () => settings.current,
      save: () => Promise.reject(new Error('not used')),
      purgePortal: () => Promise.reject(new Error('not used')),
    }),
    pdf: watched('pdf', pdfDouble),
    limits: { maxBytes: 50 * 1024 * 1024, maxPages: 500 },
    portals,
    jobs,
    clock,
    log,
  };
  let nonce = 0;
  const changeSigning = createChangeSigning(deps);
  const handlers = createRobots({ ...deps, changeSigning, random: () => `nonce${++nonce}` });
  const answerRun = createAnswerRun({ ...deps, handlers });
  const acceptRun = createAcceptRun(deps);
  const processRun = createProcessRun({ ...deps, handlers, answerRun });
  const answerWaitingRuns = createAnswerWaitingRuns({ runs: deps.runs, answerRun });
  let tokens = 0;

  const world = {
    runs,
    signings,
    balance,
    employees,
    employee,
    files,
    portal,
    settings,
    installation,
    handlers,
    calls,
    logged,
    deps,
    acceptRun,
    processRun,
    answerWaitingRuns,
    pass(seconds: number): void {
      now = new Date(now.getTime() + seconds * 1000);
    },
    get now(): Date {
      return now;
    },
    /** Accepts a run as the portal would post it. @returns its id */
    accept(
      robot: string,
      properties: Record<string, unknown>,
      form: Record<string, unknown> = {},
    ): Promise<string> {
      return acceptRun(PORTAL_ID, robot, {
        workflow_id: 'w1',
        document_id: ['crm', 'CCrmDocumentDeal', 'DEAL_77'],
        event_token: `token${++tokens}`,
        auth: { user_id: '1' },
        properties,
        ...form,
      });
    },
    /** Accepts a run and processes it once. */
    async start(
      robot: string,
      properties: Record<string, unknown>,
      form?: Record<string, unknown>,
    ): Promise<RobotRun> {
      const id = await world.accept(robot, properties, form);
      await processRun(id);
      return runs.all.get(id)!;
    },
    /** *Send for signing* with the inputs of the simplest case, some replaced. */
    send(properties: Record<string, unknown> = {}, form?: Record<string, unknown>): Promise<RobotRun> {
      return world.start(
        'send_for_signing',
        { document_id: ['300'], signer_1: 'user_7', signer_2: ['55'], ...properties },
        form,
      );
    },
    /** What the process got, if it got anything. */
    answerOf(run: RobotRun): ReturnValues | undefined {
      return portal.answers.find((answer) => answer.token === run.eventToken)?.values;
    },
    /** Processes a run each time it is due. @returns after how many tries it was answered */
    async untilAnswered(id: string, tries: number): Promise<number> {
      for (let n = 1; n <= tries; n++) {
        const run = runs.all.get(id)!;
        if (run.state === 'answered') return n - 1;
        world.pass(Math.max(0, (run.dueAt.getTime() - now.getTime()) / 1000));
        await processRun(id);
      }
      return tries;
    },
    /** A signing goes on by itself: the change is stored and its waiting runs are answered. */
    async move(id: string, rule: (signing: Signing, now: Date) => Signing): Promise<Signing> {
      const current = signings.all.get(id)!;
      const next = { ...rule(current, now), revision: current.revision };
      signings.all.set(id, next);
      await answerWaitingRuns(next);
      return next;
    },
  };
  return world;
}
