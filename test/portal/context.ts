import type { AppRegistry } from './app-registry.ts';
import type { MovableClock } from './clock.ts';
import type { CrmStore } from './crm-store.ts';
import type { Documents } from './documents.ts';
import type { EventsQueue } from './events-queue.ts';
import type { Faults } from './faults.ts';
import type { Files } from './files.ts';
import type { Notifications } from './notifications.ts';
import type { OAuthServer } from './oauth-server.ts';
import type { Recorder } from './recorder.ts';
import type { Timeline } from './timeline.ts';
import type { FiredTrigger, PdfDelay } from './types.ts';
import type { Users } from './users.ts';
import type { WorkflowEngine } from './workflow-engine.ts';

/** The parts of one running portal; whoever needs several of them gets this. */
export interface PortalContext {
  url: string;
  domain: string;
  clientEndpoint: string;
  memberId: string;
  /** Signs event tokens and download links. */
  secret: string;
  lang: 'ru' | 'en';
  tariff: { bizproc: boolean; automation: boolean };
  olderPortal: boolean;
  pdfDelay: PdfDelay;
  clock: MovableClock;
  oauth: OAuthServer;
  faults: Faults;
  recorder: Recorder;
  apps: AppRegistry;
  queue: EventsQueue;
  workflows: WorkflowEngine;
  crm: CrmStore;
  documents: Documents;
  files: Files;
  timeline: Timeline;
  notifications: Notifications;
  users: Users;
  triggers: { fired: FiredTrigger[]; moves: Map<string, string> };
  badges: Map<string, Record<string, unknown>>;
}
