import { createAppRegistry } from './app-registry.ts';
import type { MovableClock } from './clock.ts';
import type { PortalContext } from './context.ts';
import { createCrmStore } from './crm-store.ts';
import { createDocuments } from './documents.ts';
import { createEventsQueue } from './events-queue.ts';
import { createFaults } from './faults.ts';
import { createFiles } from './files.ts';
import { createNotifications } from './notifications.ts';
import type { OAuthServer } from './oauth-server.ts';
import { randomHex } from './random.ts';
import { createRecorder } from './recorder.ts';
import { seedStages } from './seed/crm.ts';
import { seedDepartments, seedUsers } from './seed/users.ts';
import { createTimeline } from './timeline.ts';
import type { StandInPortalOptions } from './types.ts';
import { createUsers } from './users.ts';
import { createWorkflowEngine } from './workflow-engine.ts';

/** The parts of a portal that listens on `port`, wired. */
export function createContext(
  options: StandInPortalOptions,
  place: { port: number; clock: MovableClock; oauth: OAuthServer },
): PortalContext {
  const { clock, oauth } = place;
  const domain = `127.0.0.1:${place.port}`;
  const now = () => clock.now();
  const self = (): PortalContext => context;
  const context: PortalContext = {
    url: `http://${domain}`,
    domain,
    clientEndpoint: `http://${domain}/rest/`,
    memberId: options.memberId ?? randomHex(32),
    secret: randomHex(32),
    lang: options.lang ?? 'ru',
    tariff: options.tariff ?? { bizproc: true, automation: true },
    olderPortal: options.olderPortal ?? false,
    pdfDelay: options.pdfDelay ?? { polls: 2 },
    clock,
    oauth,
    faults: createFaults(options.faults),
    recorder: createRecorder({ file: options.callsFile }),
    apps: createAppRegistry(),
    queue: createEventsQueue(self),
    workflows: createWorkflowEngine(self),
    crm: createCrmStore({ clock, stages: seedStages }),
    documents: createDocuments({ clock }),
    files: createFiles({ now }),
    timeline: createTimeline({ now }),
    notifications: createNotifications({ now }),
    users: createUsers({ users: seedUsers, departments: seedDepartments }),
    triggers: { fired: [], moves: new Map() },
    badges: new Map(),
  };
  return context;
}
