import type { Language } from '../app/domain/signing.ts';
import { createTranslator } from '../app/i18n/translator.ts';
import type { BatchCommand } from '../app/portal/batch.ts';
import { EVENTS, EVENTS_PATH, PLACEMENTS, TRIGGERS } from './declared-state.ts';
import { describeRobot } from './describe-robot.ts';
import type { RobotDefinition } from './robot-definition.ts';

/** What the portal has of us now; undefined = the portal has no such methods (tariff, scope, edition). */
export interface RegisteredState {
  readonly robots?: readonly string[];
  readonly triggers?: readonly string[];
  readonly placements?: readonly {
    readonly placement: string;
    readonly handler: string;
    readonly title: string;
  }[];
  readonly events: readonly { readonly event: string; readonly handler: string }[];
}

export interface PlannedStep extends BatchCommand {
  /** Without it the app is of no use on this portal. */
  readonly essential: boolean;
  /** What to do when this one fails because somebody else changed it meanwhile. */
  readonly instead?: { readonly when: string; readonly step: BatchCommand };
}

export interface RegistrationContext {
  readonly robots: readonly RobotDefinition[];
  readonly publicUrl: string;
  readonly language: Language;
  readonly userId: string;
}

/** The commands that bring a portal from what it has to what is declared; applying them again changes nothing. */
export function planRegistration(state: RegisteredState, context: RegistrationContext): PlannedStep[] {
  return [
    ...(state.robots ? planRobots(state.robots, context) : []),
    ...(state.placements ? planPlacements(state.placements, context) : []),
    ...planEvents(state.events, context),
    ...(state.triggers ? planTriggers(state.triggers, context) : []),
  ];
}

/** A robot is always written again: its texts, options and handler may be of an older version. */
function planRobots(registered: readonly string[], context: RegistrationContext): PlannedStep[] {
  const declared = context.robots.map((robot): PlannedStep => {
    const { code } = robot;
    const fields = describeRobot(robot, context);
    const key = `robot_${keyOf(code)}`;
    const add = { key, method: 'bizproc.robot.add', params: { CODE: code, ...fields } };
    const update = { key, method: 'bizproc.robot.update', params: { CODE: code, FIELDS: fields } };
    return registered.includes(code)
      ? { ...update, essential: true, instead: { when: 'ERROR_ACTIVITY_NOT_FOUND', step: add } }
      : { ...add, essential: true, instead: { when: 'ERROR_ACTIVITY_ALREADY_INSTALLED', step: update } };
  });
  const codes = new Set(context.robots.map((robot) => robot.code));
  const gone = registered.filter((code) => !codes.has(code));
  return [
    ...declared,
    ...gone.map((code) => ({
      key: `robot_gone_${keyOf(code)}`,
      method: 'bizproc.robot.delete',
      params: { CODE: code },
      essential: false,
    })),
  ];
}

function planPlacements(
  registered: NonNullable<RegisteredState['placements']>,
  { publicUrl, language }: RegistrationContext,
): PlannedStep[] {
  const [en, ru, own] = [createTranslator('en'), createTranslator('ru'), createTranslator(language)];
  const steps: PlannedStep[] = [];
  const kept = new Set<string>();
  const binds = PLACEMENTS.flatMap(({ placement, path, title, description, essential }): PlannedStep[] => {
    const handler = publicUrl + path;
    const texts = (t: typeof en) => ({
      TITLE: t(`installer.${title}`),
      DESCRIPTION: t(`installer.${description}`),
    });
    const here = registered.find((each) => each.placement === placement && each.handler === handler);
    if (here && [en, ru].some((t) => texts(t).TITLE === here.title)) {
      kept.add(`${placement} ${handler}`);
      return [];
    }
    const params = {
      PLACEMENT: placement,
      HANDLER: handler,
      ...texts(own),
      LANG_ALL: { en: texts(en), ru: texts(ru) },
    };
    return [{ key: `placement_${keyOf(placement)}`, method: 'placement.bind', params, essential }];
  });
  const declared = new Set(PLACEMENTS.map((each) => each.placement));
  for (const [index, { placement, handler }] of registered.entries()) {
    // Settings dialogs of robots are bound and unbound with the robot.
    if (kept.has(`${placement} ${handler}`) || placement.startsWith('BIZPROC_')) continue;
    if (!declared.has(placement) && !handler.startsWith(publicUrl)) continue;
    steps.push({
      key: `placement_gone_${index}`,
      method: 'placement.unbind',
      params: { PLACEMENT: placement, HANDLER: handler },
      essential: false,
    });
  }
  return [...steps, ...binds];
}

function planEvents(
  registered: RegisteredState['events'],
  { publicUrl }: RegistrationContext,
): PlannedStep[] {
  const handler = publicUrl + EVENTS_PATH;
  const isBound = (event: string) =>
    registered.some((each) => each.event.toUpperCase() === event.toUpperCase() && each.handler === handler);
  const names = new Set(EVENTS.map(({ event }) => event.toUpperCase()));
  const outdated = registered.filter(
    (each) => each.handler !== handler || !names.has(each.event.toUpperCase()),
  );
  return [
    ...outdated.map((each, index) => ({
      key: `event_gone_${index}`,
      method: 'event.unbind',
      params: { event: each.event, handler: each.handler },
      essential: false,
    })),
    ...EVENTS.filter(({ event }) => !isBound(event)).map(({ event, essential }) => ({
      key: `event_${keyOf(event)}`,
      method: 'event.bind',
      params: { event, handler },
      essential,
    })),
  ];
}

/** Adding an existing trigger renames it; whether they survive an update is not documented, so all are added again. */
function planTriggers(registered: readonly string[], { language }: RegistrationContext): PlannedStep[] {
  const t = createTranslator(language);
  const known = new Set<string>(TRIGGERS);
  return [
    ...TRIGGERS.map((code) => ({
      key: `trigger_${code}`,
      method: 'crm.automation.trigger.add',
      params: { CODE: code, NAME: t(`installer.trigger_${code}`) },
      essential: false,
    })),
    ...registered
      .filter((code) => !known.has(code))
      .map((code) => ({
        key: `trigger_gone_${keyOf(code)}`,
        method: 'crm.automation.trigger.delete',
        params: { CODE: code },
        essential: false,
      })),
  ];
}

/** Keys of a batch are plain words. */
const keyOf = (name: string): string => name.replace(/\W/g, '_');
