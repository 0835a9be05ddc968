import { languageOf } from '../app/i18n/translator.ts';
import type { BatchCommand, BatchOutcome, BatchOutcomes } from '../app/portal/batch.ts';
import type { PortalGateway } from '../app/portal/create-portal-gateway.ts';
import type { Clock } from '../app/ports/clock.ts';
import type { Log } from '../app/ports/log.ts';
import { PortalError } from '../app/ports/portal.ts';
import type { PortalStore } from '../app/ports/portal-store.ts';
import { planRegistration } from './plan-registration.ts';
import type { PlannedStep, RegisteredState } from './plan-registration.ts';
import type { RobotDefinition } from './robot-definition.ts';

export interface RegistrationReport {
  /** Nothing essential is missing. */
  readonly ok: boolean;
  readonly features: { readonly robots: boolean; readonly activities: boolean };
  /** What could not be registered, with Bitrix24's code. */
  readonly problems: readonly { readonly what: string; readonly code: string; readonly essential: boolean }[];
}

export interface RegisterAppDeps {
  readonly gateway: PortalGateway;
  readonly portals: PortalStore;
  readonly robots: readonly RobotDefinition[];
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly log: Log;
}

export type RegisterApp = (portalId: string) => Promise<RegistrationReport>;

const LOCK_TTL_S = 120;
/** The portal lacks the methods: tariff, edition or scope. That is no failure (source: bizproc/lib/restservice.php). */
const MISSING = new Set(['ERROR_METHOD_NOT_FOUND', 'not_found', 'insufficient_scope']);
/** Some portals refuse these to everybody where the tariff lacks them; for the others a refusal means a lost right. */
const MAY_BE_REFUSED = new Set(['activities', 'triggers']);
const READS: readonly BatchCommand[] = [
  { key: 'app', method: 'app.info', params: {} },
  { key: 'robots', method: 'bizproc.robot.list', params: {} },
  { key: 'activities', method: 'bizproc.activity.list', params: {} },
  { key: 'triggers', method: 'crm.automation.trigger.list', params: {} },
  { key: 'placements', method: 'placement.get', params: {} },
  { key: 'events', method: 'event.get', params: {} },
];

/**
 * Brings a portal to the declared state: robots, triggers, placements, events, in the portal's language. Used by
 * installation, update, repair and after a change of the language; two requests, and none changes what is right already.
 * @throws PortalError when the portal cannot be asked now (retryable) or not with our tokens
 */
export function createRegisterApp(deps: RegisterAppDeps): RegisterApp {
  const { gateway, portals, clock, log } = deps;

  async function apply(portalId: string): Promise<RegistrationReport> {
    const installation = await portals.get(portalId);
    if (!installation?.tokens) throw new PortalError('needs_reauth', 'no tokens to register with', false);
    const found = await gateway.batch(portalId, READS);
    const features = { robots: has(found, 'robots'), activities: has(found, 'activities') };
    const info = record(need(found, 'app'));
    const portalLanguage = text(info['LANGUAGE_ID']) || installation.language;
    const steps = planRegistration(readState(found), {
      robots: deps.robots,
      publicUrl: deps.publicUrl,
      language: languageOf(portalLanguage),
      userId: installation.tokens.userId,
    });
    const problems = [
      // Without the scope there is no way into the app from a deal.
      ...(has(found, 'placements')
        ? []
        : [{ what: 'placements', code: 'insufficient_scope', essential: true }]),
      ...(await carryOut(portalId, steps)),
    ];
    await portals.update(portalId, {
      features,
      language: portalLanguage,
      version: text(info['VERSION']) || installation.version,
      updatedAt: clock.now(),
    });
    for (const problem of problems) log.warn({ portalId, ...problem }, 'not registered');
    return { ok: !problems.some((problem) => problem.essential), features, problems };
  }

  async function carryOut(
    portalId: string,
    steps: readonly PlannedStep[],
  ): Promise<RegistrationReport['problems']> {
    if (steps.length === 0) return [];
    const outcomes = new Map<string, BatchOutcome>(await gateway.batch(portalId, steps));
    const again: BatchCommand[] = [];
    for (const step of steps) {
      const code = codeIn(outcomes, step.key);
      if (step.instead && code === step.instead.when) again.push(step.instead.step);
      // Which methods a batch refuses is only partly documented: those go alone.
      if (code === 'ERROR_BATCH_METHOD_NOT_ALLOWED') outcomes.set(step.key, await alone(portalId, step));
    }
    if (again.length > 0) {
      for (const [key, outcome] of await gateway.batch(portalId, again)) outcomes.set(key, outcome);
    }
    return steps.flatMap((step) => {
      const outcome = outcomes.get(step.key);
      if (outcome && !outcome.ok && outcome.error.retryable) throw outcome.error;
      const code = codeIn(outcomes, step.key);
      return code ? [{ what: step.key, code, essential: step.essential }] : [];
    });
  }

  async function alone(portalId: string, step: BatchCommand): Promise<BatchOutcome> {
    try {
      return { ok: true, result: await gateway.call(portalId, step.method, step.params) };
    } catch (error) {
      if (error instanceof PortalError) return { ok: false, error };
      throw error;
    }
  }

  return (portalId) =>
    portals.withLock(portalId, 'register', LOCK_TTL_S, async () => {
      try {
        return await apply(portalId);
      } catch (error) {
        // An answer got lost: what was done is seen by looking again.
        if (
          !(error instanceof PortalError) ||
          !['no_answer', 'bad_gateway', 'not_executed'].includes(error.code)
        )
          throw error;
        return apply(portalId);
      }
    });
}

/** @throws PortalError for everything but "the portal has no such method" */
function has(outcomes: BatchOutcomes, key: string): boolean {
  const outcome = outcomes.get(key);
  if (outcome && !outcome.ok) {
    const { code } = outcome.error;
    if (MISSING.has(code) || (code === 'ACCESS_DENIED' && MAY_BE_REFUSED.has(key))) return false;
  }
  need(outcomes, key);
  return true;
}

function need(outcomes: BatchOutcomes, key: string): unknown {
  const outcome = outcomes.get(key);
  if (outcome?.ok) return outcome.result;
  throw outcome?.error ?? new PortalError('not_executed', key, true);
}

function codeIn(outcomes: BatchOutcomes, key: string): string {
  const outcome = outcomes.get(key);
  return !outcome || outcome.ok ? '' : outcome.error.code;
}

function readState(outcomes: BatchOutcomes): RegisteredState {
  const rows = (key: string) => list(need(outcomes, key)).map(record);
  return {
    ...(has(outcomes, 'robots') && { robots: list(need(outcomes, 'robots')).map(text) }),
    ...(has(outcomes, 'triggers') && { triggers: rows('triggers').map((row) => text(row['CODE'])) }),
    ...(has(outcomes, 'placements') && {
      placements: rows('placements').map((row) => ({
        placement: text(row['placement']),
        handler: text(row['handler']),
        title: text(row['title']),
      })),
    }),
    events: rows('events').map((row) => ({ event: text(row['event']), handler: text(row['handler']) })),
  };
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
