import type { RobotDefinition } from '../installer/robot-definition.ts';
import type { RobotHandler } from '../app/signing/runs/robot-handler.ts';
import { checkStatusDefinition } from './check-status/definition.ts';
import { createCheckStatus } from './check-status/handler.ts';
import type { RobotDeps } from './deps.ts';
import { sendForSigningDefinition } from './send-for-signing/definition.ts';
import { createSendForSigning } from './send-for-signing/handler.ts';

export type { RobotDeps } from './deps.ts';

/** Every robot: a folder with its definition (what a designer sees), request (its form, read) and handler (its work). */
const ROBOTS: readonly { definition: RobotDefinition; create: (deps: RobotDeps) => RobotHandler }[] = [
  { definition: sendForSigningDefinition, create: createSendForSigning },
  { definition: checkStatusDefinition, create: createCheckStatus },
];

/** What the installer registers. */
export const robotDefinitions: readonly RobotDefinition[] = ROBOTS.map(({ definition }) => definition);

/** The robots' handlers by code, for `createProcessRun` and `createAnswerRun`. */
export const createRobots = (deps: RobotDeps): ReadonlyMap<string, RobotHandler> =>
  new Map(ROBOTS.map(({ definition, create }) => [definition.code, create(deps)]));
