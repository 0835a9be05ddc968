import type { PortalApp, Registration } from './app-registry.ts';
import type { PortalContext } from './context.ts';
import { evaluate } from './expressions.ts';
import { randomHex, sign } from './random.ts';
import { defaultOf, resultValue, wireValue } from './robot-values.ts';
import type { Delivery, FormValue, RunRobotOptions, WorkflowRun } from './types.ts';

const WAIT_MS = 10_000;

interface Step {
  run: WorkflowRun;
  registration: Registration;
  /** Cleared by the first answer: repeats are ignored. */
  eventId: string;
  wakers: (() => void)[];
}

export type WorkflowEngine = ReturnType<typeof createWorkflowEngine>;

/** A tiny workflow engine: one robot or activity a run. */
export function createWorkflowEngine(portal: () => PortalContext) {
  const steps = new Map<string, Step>();
  const runs: WorkflowRun[] = [];

  function end(step: Step, state: WorkflowRun['state'], reason?: string): void {
    step.run.state = state;
    step.run.closedAt = portal().clock.now();
    if (reason) step.run.reason = reason;
    step.wakers.splice(0).forEach((wake) => wake());
  }

  function registrationOf(app: PortalApp, code: string, activity: boolean): Registration | undefined {
    const { tariff } = portal();
    if (activity) return tariff.bizproc ? app.activities.get(code) : undefined;
    return tariff.bizproc || tariff.automation ? app.robots.get(code) : undefined;
  }

  function createRun(
    code: string,
    options: RunRobotOptions,
  ): { step: Step; fields: Record<string, FormValue> } {
    const context = portal();
    const app = context.apps.byRef(options.app);
    const registration = registrationOf(app, code, options.activity === true);
    const id = `${randomHex(14)}.${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;
    const name = `A${100 + runs.length}_${Math.floor(Math.random() * 9000) + 1000}_1011_1213`;
    const eventId = randomHex(32);
    const signed = `${id}|${name}|${eventId}`;
    const run: WorkflowRun = {
      id,
      code,
      kind: options.activity ? 'activity' : 'robot',
      dealId: options.dealId,
      documentId: options.documentId ?? ['crm', 'CCrmDocumentDeal', `DEAL_${options.dealId}`],
      eventToken: `${signed}.${sign(context.secret, signed)}`,
      startedAt: context.clock.now(),
      state: 'waiting',
      log: [],
      returnValues: {},
      bag: {},
      deliveries: [],
      wait: (timeoutMs = WAIT_MS) => waitFor(step, timeoutMs),
      redeliver: () => deliver(step, fields),
    };
    const step: Step = { run, registration: registration ?? emptyRegistration(code), eventId, wakers: [] };
    const fields: Record<string, FormValue> = registration ? runFields(app, step, options) : {};
    runs.unshift(run);
    steps.set(id, step);
    if (!registration) end(step, 'error', `Activity ${code} is not found`);
    else if (!app.present || !app.active) end(step, 'error', `Application of ${code} is not found`);
    return { step, fields };
  }

  function runFields(app: PortalApp, step: Step, options: RunRobotOptions): Record<string, FormValue> {
    const { run, registration } = step;
    const { queue, clock, faults, olderPortal } = portal();
    const properties: Record<string, FormValue> = {};
    for (const [key, descriptor] of Object.entries(registration.properties)) {
      const given = evaluate(portal(), options.properties?.[key] ?? defaultOf(descriptor), options.dealId);
      properties[key] = wireValue(descriptor, given);
      run.bag[key] = properties[key];
    }
    for (const key of Object.keys(registration.returnProperties)) run.bag[key] = null;
    const bare = options.withTokens === false || faults.takeRunWithoutTokens();
    const userId = bare ? 0 : (options.runAs ?? registration.authUserId);
    return {
      workflow_id: run.id,
      code: run.code,
      document_id: [...run.documentId],
      document_type: documentTypeOf(run.documentId),
      event_token: run.eventToken,
      properties,
      use_subscription: registration.useSubscription === 'Y' ? 'Y' : 'N',
      timeout_duration: 0,
      ts: Math.floor(clock.now() / 1000),
      auth: queue.authOf(app, {
        userId,
        refresh: !olderPortal,
        extra: { WORKFLOW_ID: run.id, ACTIVITY_NAME: run.eventToken.split('|')[1] ?? '', CODE: run.code },
      }),
    };
  }

  async function deliver(step: Step, fields: Record<string, FormValue>): Promise<Delivery> {
    const delivery = await portal().queue.post(step.registration.handler, fields);
    step.run.deliveries.push(delivery);
    return delivery;
  }

  /** The step that a token belongs to; undefined when its signature is wrong. */
  function stepOf(token: string): { step: Step | undefined; eventId: string } | undefined {
    const dot = token.lastIndexOf('.');
    const signed = token.slice(0, dot);
    if (dot < 0 || sign(portal().secret, signed) !== token.slice(dot + 1)) return undefined;
    const [id = '', , eventId = ''] = signed.split('|');
    return { step: steps.get(id), eventId };
  }

  return {
    runs,
    async run(code: string, options: RunRobotOptions): Promise<WorkflowRun> {
      const { step, fields } = createRun(code, options);
      if (step.run.state === 'error') return step.run;
      const subscribed = fields['use_subscription'] === 'Y';
      await deliver(step, fields);
      if (!subscribed && step.run.state === 'waiting') end(step, 'closed');
      return step.run;
    },
    isTokenValid: (token: string): boolean => stepOf(token) !== undefined,
    /** Closes the step if it still waits for this very event; anything else is ignored. */
    answer(token: string, values: Record<string, unknown>, message: string): void {
      const found = stepOf(token);
      if (!found?.step || found.step.run.state !== 'waiting' || found.step.eventId !== found.eventId) return;
      const { run, registration } = found.step;
      found.step.eventId = '';
      for (const [name, descriptor] of Object.entries(registration.returnProperties)) {
        const key = Object.keys(values).find((given) => given.toLowerCase() === name.toLowerCase());
        if (key === undefined) continue;
        run.returnValues[name] = resultValue(portal(), descriptor, values[key]);
        run.bag[name] = run.returnValues[name];
      }
      if (message) run.log.push({ at: portal().clock.now(), text: message });
      end(found.step, 'closed');
    },
    /** Adds to the log of a step that still waits; false = the workflow is gone. */
    log(token: string, text: string): boolean {
      const step = stepOf(token)?.step;
      if (!step || step.run.state !== 'waiting') return false;
      step.run.log.push({ at: portal().clock.now(), text });
      return true;
    },
    /** What a stage change or a deletion does to the waiting robots of a deal. */
    terminate(dealId: number, reason: string): void {
      for (const step of steps.values()) {
        if (step.run.dealId === dealId && step.run.state === 'waiting') end(step, 'terminated', reason);
      }
    },
  };
}

function waitFor(step: Step, timeoutMs: number): Promise<WorkflowRun> {
  if (step.run.state !== 'waiting') return Promise.resolve(step.run);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`robot ${step.run.code} still waits after ${timeoutMs} ms`)),
      timeoutMs,
    );
    step.wakers.push(() => {
      clearTimeout(timer);
      resolve(step.run);
    });
  });
}

function documentTypeOf(documentId: readonly [string, string, string]): string[] {
  return [documentId[0], documentId[1], documentId[2].replace(/_\d+$/, '')];
}

function emptyRegistration(code: string): Registration {
  return {
    code,
    handler: '',
    name: code,
    description: '',
    authUserId: 0,
    useSubscription: 'N',
    properties: {},
    returnProperties: {},
    documentType: null,
    filter: null,
    usePlacement: false,
    placementHandler: '',
  };
}
