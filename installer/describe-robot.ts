import type { Language } from '../app/domain/signing.ts';
import type { LocalText, RobotDefinition, RobotProperty } from './robot-definition.ts';

export interface RobotContext {
  readonly publicUrl: string;
  readonly language: Language;
  /** Whose tokens and id a run carries when the step says nothing else. */
  readonly userId: string;
}

const both = ({ en, ru }: LocalText): LocalText => ({ en, ru });
const yesNo = (value: boolean | undefined): 'Y' | 'N' => (value ? 'Y' : 'N');

/** The parameters of `bizproc.robot.add` but CODE; the FIELDS of `bizproc.robot.update`. */
export function describeRobot(robot: RobotDefinition, context: RobotContext): Record<string, unknown> {
  const { publicUrl, language, userId } = context;
  const describe = (properties: RobotDefinition['properties']) =>
    Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, describeProperty(property, language)]),
    );
  return {
    HANDLER: publicUrl + robot.handlerPath,
    AUTH_USER_ID: userId,
    // Always said: documentation and source disagree on what an empty value means (b24 docs: bizproc-robot).
    USE_SUBSCRIPTION: 'Y',
    NAME: both(robot.name),
    DESCRIPTION: both(robot.description),
    PROPERTIES: describe(robot.properties),
    RETURN_PROPERTIES: describe(robot.returnProperties),
    ...(robot.documentTypes && { FILTER: { INCLUDE: robot.documentTypes } }),
    ...(robot.settingsPath === undefined
      ? { USE_PLACEMENT: 'N' }
      : { USE_PLACEMENT: 'Y', PLACEMENT_HANDLER: publicUrl + robot.settingsPath }),
  };
}

function describeProperty(property: RobotProperty, language: Language): Record<string, unknown> {
  const { name, description, type, options, required, multiple } = property;
  const titles = options && Object.entries(options).map(([value, title]) => [value, title[language]]);
  return {
    Name: both(name),
    ...(description && { Description: both(description) }),
    Type: type,
    ...(titles && { Options: Object.fromEntries(titles) as Record<string, string> }),
    Required: yesNo(required),
    Multiple: yesNo(multiple),
    ...(property.default !== undefined && { Default: property.default }),
  };
}
