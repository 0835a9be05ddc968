import { DEFAULT_SEALING } from '../domain/sealing-plan.ts';
import type { SealingPlan } from '../domain/sealing-plan.ts';

/** What a portal's admin sets on the application page. */
export interface PortalSettings {
  readonly portalId: string;
  /** Robot code → switched on. A robot that is not listed is on. */
  readonly robots: Readonly<Record<string, boolean>>;
  /** `everyone`: any active portal user may send; `selected`: only employees with the right to send. */
  readonly senders: 'everyone' | 'selected';
  readonly expiresInDays: number;
  /** Journal type → push notification to the responsible person. */
  readonly notify: Readonly<Record<string, boolean>>;
  /** How documents are signed; a signing keeps what was set when it was created. */
  readonly documents: SealingPlan;
  /** The portal's own text of the additional agreement in each language; empty = the standard text. */
  readonly agreement: Readonly<Record<'ru' | 'en', string>>;
}

export const NOTIFIABLE = [
  'sent',
  'opened',
  'signed',
  'declined',
  'completed',
  'cancelled',
  'expired',
  'error',
  'undelivered',
] as const;

export const defaultSettings = (portalId: string): PortalSettings => ({
  portalId,
  robots: { send_for_signing: true, check_status: true },
  senders: 'everyone',
  expiresInDays: 14,
  notify: Object.fromEntries(NOTIFIABLE.map((type) => [type, type !== 'opened'])),
  documents: DEFAULT_SEALING,
  agreement: { ru: '', en: '' },
});

export interface SettingsStore {
  /** Never undefined: the defaults where nothing was saved. */
  get(portalId: string): Promise<PortalSettings>;
  save(settings: PortalSettings): Promise<void>;
  purgePortal(portalId: string): Promise<void>;
}
