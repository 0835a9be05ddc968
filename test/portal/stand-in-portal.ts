import type { CrmStore } from './crm-store.ts';
import type { Faults } from './faults.ts';
import type { OAuthServer } from './oauth-server.ts';
import type {
  Activity,
  AppDescriptor,
  AppRef,
  AppState,
  Clock,
  Delivery,
  FiredTrigger,
  FormValue,
  FrameExtra,
  FrameResponse,
  GeneratedDocument,
  Notification,
  OAuthRequest,
  PdfDelay,
  RecordedCall,
  RunRobotOptions,
  StoredFile,
  TimelineEntry,
  TokenPair,
  WorkflowRun,
} from './types.ts';

/** A running stand-in portal. */
export interface StandInPortal {
  readonly url: string;
  readonly domain: string;
  readonly oauthUrl: string;
  readonly memberId: string;
  readonly clientEndpoint: string;
  readonly serverEndpoint: string;
  readonly oauth: OAuthServer;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly crm: CrmStore;
  readonly close: () => Promise<void>;
  /** Moves this portal's (and its OAuth server's) time forward. */
  readonly advance: (ms: number) => void;
  /** Switches business processes and automation on or off. */
  tariff: { bizproc: boolean; automation: boolean };
  lang: 'ru' | 'en';

  readonly registerApp: (descriptor: AppDescriptor) => void;
  readonly installApp: (options?: {
    app?: AppRef;
    userId?: number;
    open?: boolean;
  }) => Promise<FrameResponse | null>;
  readonly finishInstall: (options?: { app?: AppRef; userId?: number }) => Promise<void>;
  readonly updateApp: (options?: { app?: AppRef; version?: number; userId?: number }) => Promise<void>;
  readonly uninstallApp: (options?: { app?: AppRef; clean?: boolean; userId?: number }) => Promise<void>;
  readonly openFrame: (
    placement: string,
    options?: Record<string, unknown>,
    userId?: number,
    extra?: FrameExtra,
  ) => Promise<FrameResponse>;
  readonly issueToken: (options?: {
    userId?: number;
    app?: AppRef;
    context?: 'app' | 'webhook';
  }) => TokenPair;
  readonly expireToken: (accessToken: string) => void;
  readonly killUser: (userId: number) => void;
  readonly appState: (app?: AppRef) => AppState;

  readonly runRobot: (code: string, options: RunRobotOptions) => Promise<WorkflowRun>;
  readonly workflows: WorkflowRun[];
  readonly sendEvent: (
    event: string,
    data: Record<string, FormValue>,
    options?: { userId?: number; app?: AppRef; fields?: Record<string, FormValue> },
  ) => Promise<Delivery[]>;
  readonly postToApp: (url: string, fields: Record<string, FormValue>) => Promise<Delivery>;
  readonly deliveries: Delivery[];
  readonly settled: () => Promise<void>;
  readonly changeStage: (dealId: number, stageId: string, userId?: number) => Promise<void>;
  readonly deleteDeal: (dealId: number, userId?: number) => Promise<void>;
  readonly moveOnTrigger: (code: string, stageId: string) => void;

  readonly timeline: (dealId: number) => TimelineEntry[];
  readonly activities: (dealId?: number) => Activity[];
  readonly notifications: (userId: number) => Notification[];
  readonly documents: (dealId?: number) => GeneratedDocument[];
  readonly triggersFired: FiredTrigger[];
  readonly uploadedFiles: StoredFile[];
  readonly createDocument: (options: {
    dealId: number;
    title?: string;
    pdf?: Buffer;
    pdfDelay?: PdfDelay;
    transformationError?: boolean;
    userId?: number;
  }) => Promise<GeneratedDocument>;
  readonly addDiskFile: (file: { name: string; content: Buffer; id?: number }) => StoredFile;
  readonly setDealFile: (
    dealId: number,
    field: string,
    file: { name: string; content: Buffer },
  ) => StoredFile;
  readonly pressButton: (
    activityId: number,
    buttonId: string,
    userId?: number,
  ) => Promise<FrameResponse | null>;

  readonly calls: RecordedCall[];
  readonly requestCount: number;
  readonly oauthRequests: OAuthRequest[];
  readonly clearCalls: () => void;
  readonly saveCalls: (file: string) => Promise<void>;
}
