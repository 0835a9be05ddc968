/** A text in both languages of the app. */
export interface LocalText {
  readonly en: string;
  readonly ru: string;
}

/** The base types of a robot's property that we use (docs: api-reference/bizproc/bizproc-robot/bizproc-robot-add). */
export type RobotPropertyType =
  'bool' | 'date' | 'datetime' | 'double' | 'int' | 'select' | 'string' | 'text' | 'user';

/** An input or a result of a robot. */
export interface RobotProperty {
  readonly name: LocalText;
  readonly description?: LocalText;
  readonly type: RobotPropertyType;
  readonly required?: boolean;
  readonly multiple?: boolean;
  /** For `select`: value → title. Titles are plain strings in Bitrix24, so the portal's language is registered. */
  readonly options?: Readonly<Record<string, LocalText>>;
  /** Of a `select`: a key of `options`; of a `bool`: `Y` or `N`. */
  readonly default?: string | number;
}

/**
 * A robot as data: what the installer registers and the manifest lists. Inputs and results share one bag in Bitrix24, so
 * no result has the name (letter case ignored) of an input.
 */
export interface RobotDefinition {
  /** Letters, digits, `.`, `-`, `_`; never renamed: it is what placed robots are found by. */
  readonly code: string;
  /** Path below PUBLIC_URL that the portal posts runs to (`/robots/send_for_signing`). */
  readonly handlerPath: string;
  /** Path of a settings page of our own, unique for each robot; absent = the portal's own form. */
  readonly settingsPath?: string;
  readonly name: LocalText;
  readonly description: LocalText;
  readonly properties: Readonly<Record<string, RobotProperty>>;
  readonly returnProperties: Readonly<Record<string, RobotProperty>>;
  /** Document types the robot is offered for (`['crm', 'CCrmDocumentDeal', 'DEAL']`, may be shortened); absent = all. */
  readonly documentTypes?: readonly (readonly string[])[];
}
