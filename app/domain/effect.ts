/**
 * What has to happen outside after a state change. Effects are written together with the change and its journal entry,
 * and a job carries each one out: it may be tried twice and takes place once.
 */
export const EFFECT_KINDS = [
  'submit', // fix the bundle and send
  'apply_mandate', // apply a stored company signature
  'apply_signature', // a signer's signature into the files
  'seal', // signed file, agreement, report
  'deliver', // files back into the portal
  'invite', // invitation to a signer
  'remind', // reminder to a signer
  'mail', // one of the notices in `MailKind`
  'timeline', // one log entry in the deal's timeline
  'card', // the live card in the deal's timeline
  'notify', // push notification to the responsible person
  'return', // values back into waiting processes
  'trigger', // a CRM trigger
  'settle', // one signature of the reservation is used up
  'release', // the rest of the reservation goes back
  'tidy', // files that were only needed on the way are removed
] as const;
export type EffectKind = (typeof EFFECT_KINDS)[number];

export type MailKind = 'completed' | 'cancelled' | 'declined' | 'expired' | 'error';

export interface Effect {
  /** Unique in the signing: number of the journal entry that caused it, kind, target. */
  readonly id: string;
  readonly kind: EffectKind;
  /** Effects of one lane run one after the other, in the order they were caused; lanes do not wait for each other. */
  readonly lane: string;
  /** Signer id, mail kind with its recipient (`declined:initiator`), or trigger code. */
  readonly target: string;
  readonly entrySeq: number;
  readonly state: 'pending' | 'done' | 'given_up';
  readonly attempts: number;
  readonly dueAt: Date;
  /** Set before the first try: an effect that is found started but not done may have taken place. */
  readonly startedAt?: Date;
  /** Short text for the attention page; no secrets. */
  readonly error?: string;
}

const LANES: Record<EffectKind, (target: string) => string> = {
  submit: () => 'work',
  apply_mandate: () => 'work',
  apply_signature: () => 'work',
  seal: () => 'work',
  deliver: () => 'work',
  invite: (target) => `signer:${target}`,
  remind: (target) => `signer:${target}`,
  mail: (target) => `mail:${target.slice(target.indexOf(':') + 1)}`,
  timeline: () => 'portal',
  card: () => 'portal',
  notify: () => 'portal',
  // The values go before the trigger, in a request of their own: a trigger may move the stage and end the waiting robot.
  return: () => 'process',
  trigger: () => 'process',
  settle: () => 'balance',
  release: () => 'balance',
  // A lane of its own: what was given up must not keep it from happening.
  tidy: () => 'tidy',
};

export function createEffect(kind: EffectKind, entrySeq: number, dueAt: Date, target = ''): Effect {
  return {
    id: [entrySeq, kind, target].filter((part) => part !== '').join('-'),
    kind,
    lane: LANES[kind](target),
    target,
    entrySeq,
    state: 'pending',
    attempts: 0,
    dueAt,
  };
}

/** What is known of a try that failed. */
export interface EffectFailure {
  /** Short, no secrets. */
  readonly text: string;
  /** The log has it too. */
  readonly reference: string;
  /** Trying again may help. */
  readonly retryable: boolean;
  readonly retryAfterS?: number;
  /** Nothing is wrong with the effect: it waits for a person (a portal has to be authorised, an error resumed). */
  readonly waits?: boolean;
}

/** Effects whose failure stops the signing (status 90); the others are given up with a journal entry. */
export const isEssential = (kind: EffectKind): boolean =>
  kind === 'submit' || kind === 'apply_mandate' || kind === 'apply_signature' || kind === 'seal';

/**
 * The next effect of every lane: the oldest pending one. Nothing goes past an essential one that was given up: what comes
 * after it builds on it (a file must not be sealed without one of its signatures), and waits for the signing to be resumed.
 */
export function nextEffects(effects: readonly Effect[]): Effect[] {
  const heads = new Map<string, Effect>();
  for (const effect of effects) {
    const stops = effect.state === 'given_up' && isEssential(effect.kind);
    if ((effect.state === 'pending' || stops) && !heads.has(effect.lane)) heads.set(effect.lane, effect);
  }
  return [...heads.values()].filter((effect) => effect.state === 'pending');
}

/** When the next effect is due, or undefined when nothing is pending: the field that the sweep's index is on. */
export function nextEffectAt(effects: readonly Effect[]): Date | undefined {
  const times = nextEffects(effects).map((effect) => effect.dueAt.getTime());
  return times.length > 0 ? new Date(Math.min(...times)) : undefined;
}

/** Effects that keep the balance exact: given up, they would leave it wrong for ever. */
const isBookkeeping = (kind: EffectKind): boolean => kind === 'settle' || kind === 'release';

/** Whether an effect is tried again after this failure. */
export function mayTryAgain(
  effect: Effect,
  failure: Pick<EffectFailure, 'retryable' | 'waits'>,
  now: Date,
): boolean {
  if (isBookkeeping(effect.kind)) return true;
  if (failure.waits) return now.getTime() - (effect.startedAt ?? now).getTime() < MAX_WAIT_MS;
  return failure.retryable && effect.attempts + 1 < MAX_ATTEMPTS;
}

/** Seconds until the next try: 2, 4, 8 … up to 10 minutes, so 14 tries span about an hour and a half. */
export const retryDelayS = (attempts: number): number => Math.min(2 ** attempts, 600);
export const MAX_ATTEMPTS = 14;
/** Longest pause that a service may ask for. */
export const MAX_RETRY_AFTER_S = 3600;
/** What waits for a person is looked at this often, and so long: a weekend and a day. */
export const WAIT_PAUSE_S = 600;
const MAX_WAIT_MS = 3 * 24 * 3_600_000;
