import type { OAuthServer } from './oauth-server.ts';

export type { StandInPortal } from './stand-in-portal.ts';

/** Time in milliseconds since the epoch. */
export interface Clock {
  now(): number;
}

/** When the PDF of a generated document appears: after so many ms, or after so many reads without it. */
export type PdfDelay = { ms: number } | { polls: number };

export type FaultKind =
  | 'expired_token'
  | 'invalid_token'
  | 'NO_AUTH_FOUND'
  | 'query_limit'
  | 'operation_limit'
  | 'internal_error'
  | 'bad_gateway'
  | 'no_answer'
  | 'answer_lost'
  | 'reset'
  | 'redirect'
  | 'error'
  | 'run_without_tokens'
  | 'delay';

export interface FaultSpec {
  kind: FaultKind;
  /** A REST method (a batch member's too), `oauth`, `download`; none = any REST request. */
  method?: string | RegExp;
  /** How often it strikes; default 1. */
  times?: number;
  /** For `redirect`: the new origin. */
  location?: string;
  /** For `error`. */
  code?: string;
  status?: number;
  /** For `delay`. */
  ms?: number;
}

export interface AppDescriptor {
  /** What `app.info` says as CODE. */
  code: string;
  clientId: string;
  clientSecret: string;
  scope: string | string[];
  name?: string;
  /** Empty = a version without an installer: installed at once. */
  installerUrl?: string;
  appUrl: string;
  version?: number;
  /** App status letter, default `F`. */
  status?: string;
}

export interface TokenPair {
  accessToken: string;
  refreshToken: string;
  /** Unix seconds. */
  expires: number;
  userId: number;
}

/** What a browser gets that opens a frame. */
export interface FrameResponse {
  /** The URL the form was posted to, query included. */
  url: string;
  /** APP_SID of this rendering. */
  sid: string;
  /** The iframe's name: DOMAIN|PROTOCOL|APP_SID. */
  frameName: string;
  /** The form fields that were posted. */
  fields: Record<string, string>;
  status: number;
  headers: Headers;
  html: string;
}

/** One POST of the queue. */
export interface Delivery {
  url: string;
  /** Upper-case event name; empty for a robot run. */
  event: string;
  fields: FormValue;
  at: number;
  /** HTTP status; 0 = no answer. */
  status: number;
  error?: string;
}

/** Nested values as a form with PHP bracket keys carries them. */
export type FormValue =
  string | number | boolean | null | undefined | FormValue[] | { [key: string]: FormValue };

export type WorkflowState = 'waiting' | 'closed' | 'terminated' | 'error';

/** One run of a robot; a live object. */
export interface WorkflowRun {
  readonly id: string;
  readonly code: string;
  readonly kind: 'robot' | 'activity';
  readonly dealId: number;
  readonly documentId: readonly [string, string, string];
  readonly eventToken: string;
  readonly startedAt: number;
  state: WorkflowState;
  closedAt?: number;
  /** Why it is in `error` or `terminated`. */
  reason?: string;
  /** Workflow log: LOG_MESSAGE of activity.log and event.send, in order. */
  log: { at: number; text: string }[];
  /** Values that came back, by the registered name of the result. */
  returnValues: Record<string, unknown>;
  /** Inputs and results in the one bag that Bitrix24 keeps. */
  bag: Record<string, unknown>;
  deliveries: Delivery[];
  /** Resolves when the run is not waiting any more; rejects after the timeout. */
  readonly wait: (timeoutMs?: number) => Promise<WorkflowRun>;
  /** The very same POST once more. */
  readonly redeliver: () => Promise<Delivery>;
}

export interface RunRobotOptions {
  dealId: number;
  properties?: Record<string, unknown>;
  /** Who started the automation (no influence on the tokens). */
  userId?: number;
  /** "Run as" of the step; default AUTH_USER_ID of the registration, 0 = nobody. */
  runAs?: number;
  /** false = no access and refresh token in the POST. */
  withTokens?: boolean;
  /** Another document than the deal, e.g. a smart process. */
  documentId?: [string, string, string];
  app?: AppRef;
  activity?: boolean;
}

/** An app by its code, or its descriptor. */
export type AppRef = string | { code: string };

export interface TimelineEntry {
  id: number;
  kind: 'comment' | 'logmessage' | 'activity' | 'todo' | 'stage' | 'document' | 'created';
  entityTypeId: number;
  entityId: number;
  created: number;
  authorId: number;
  title?: string;
  text?: string;
  iconCode?: string;
  /** Ids in `uploadedFiles`, of a comment. */
  fileIds?: number[];
  /** For `activity` and `todo`. */
  activityId?: number;
}

export interface Activity {
  id: number;
  kind: 'configurable' | 'todo';
  ownerTypeId: number;
  ownerId: number;
  clientId: string;
  authorId: number;
  created: number;
  updated: number;
  completed: boolean;
  fields: Record<string, unknown>;
  layout: Record<string, unknown> | null;
  /** A restEvent button was pressed and no update has come yet. */
  locked: boolean;
}

export interface Notification {
  id: number;
  userId: number;
  kind: 'personal' | 'system';
  fromUserId: number;
  message: string;
  messageOut?: string;
  tag: string;
  subTag: string;
  attach?: unknown;
  at: number;
  read: boolean;
}

export interface StoredFile {
  id: number;
  name: string;
  content: Buffer;
  /** Where it came from: the REST method, `seed` or `portal`. */
  source: string;
  at: number;
}

export interface GeneratedDocument {
  id: number;
  title: string;
  number: string;
  templateId: number | null;
  entityTypeId: number;
  entityId: number;
  created: number;
  updated: number;
  createdBy: number;
  pdf: Buffer | null;
  docx: Buffer | null;
  /** Clock ms from which on the PDF exists; null when it is counted in polls. */
  readyAt: number | null;
  pollsLeft: number;
  isTransformationError: boolean;
  publicUrl: string | null;
}

export interface RecordedCall {
  method: string;
  params: Record<string, unknown>;
  at: number;
  /** HTTP status (of a batch member: what it would have been alone). */
  status: number;
  error?: string;
  userId: number | null;
  clientId: string | null;
  inBatch: boolean;
}

export interface OAuthRequest {
  grantType: string;
  ok: boolean;
  error?: string;
  memberId?: string;
  at: number;
}

export interface FiredTrigger {
  code: string;
  ownerTypeId: number;
  ownerId: number;
  at: number;
}

export interface AppState {
  installed: boolean;
  active: boolean;
  version: number;
  applicationToken: string;
  robots: string[];
  activities: string[];
  placements: { placement: string; handler: string; title: string; userId: number }[];
  eventHandlers: { event: string; handler: string; authType: number }[];
  triggers: { code: string; name: string }[];
  options: Record<string, unknown>;
}

export interface StandInPortalOptions {
  clock?: Clock;
  appCode?: string;
  clientId?: string;
  clientSecret?: string;
  scope?: string | string[];
  appName?: string;
  installerUrl?: string;
  appUrl?: string;
  port?: number;
  oauthPort?: number;
  oauth?: OAuthServer;
  lang?: 'ru' | 'en';
  seed?: 'demo' | 'empty';
  pdfDelay?: PdfDelay;
  rateLimit?: { burst: number; perSecond: number } | false;
  faults?: FaultSpec[];
  tariff?: { bizproc: boolean; automation: boolean };
  olderPortal?: boolean;
  callsFile?: string;
  memberId?: string;
}

export interface FrameExtra {
  app?: AppRef;
  /** Post there instead of to the bound handler. */
  handler?: string;
  /** Overrides of the form fields; undefined removes one. */
  fields?: Record<string, string | undefined>;
  /** Overrides of the query; undefined removes one. */
  query?: Record<string, string | undefined>;
  lang?: string;
}
