import type { Doc } from '../bson/codec.ts';
import { isNumber, isObject, toBoolean, toNumber } from '../bson/values.ts';
import type { Catalog } from '../storage/catalog.ts';
import type { Deadline } from '../storage/deadline.ts';
import type { Sqlite } from '../storage/sqlite.ts';
import { StoreError } from '../store-error.ts';
import type { CursorBatch, Cursors } from './cursors.ts';

export interface CommandRequest {
  readonly name: string;
  readonly database: string;
  readonly body: Doc;
  readonly connectionId: number;
}

export interface CommandContext {
  readonly sqlite: Sqlite;
  readonly catalog: Catalog;
  readonly cursors: Cursors;
  readonly now: () => Date;
  /** From the maxTimeMS of the request. */
  readonly deadline: Deadline;
}

/** Fields of the answer, or a batch of a cursor, whose documents are sent as stored. */
export type Reply = Doc | CursorBatch;

export interface Command {
  /** The fields of the request the command understands; any other is refused, never ignored. */
  readonly fields: readonly string[];
  run(request: CommandRequest, context: CommandContext): Reply;
}

export const namespaceOf = ({ name, database, body }: CommandRequest): string =>
  `${database}.${textField(body, name)}`;

/** @throws StoreError 40415 naming the first field that is not among the known ones. */
export function assertKnownFields(
  where: string,
  doc: Doc,
  known: ReadonlySet<string> | readonly string[],
): void {
  const fields = new Set(known);
  const unknown = Object.keys(doc).find((field) => !fields.has(field));
  if (unknown)
    throw new StoreError(40415, `BSON field '${where}.${unknown}' is unknown or not supported by this store`);
}

export function textField(body: Doc, field: string): string {
  const value = body[field];
  if (typeof value === 'string') return value;
  throw new StoreError(14, `'${field}' must be a string`);
}

export function docField(body: Doc, field: string): Doc | undefined {
  const value = body[field];
  if (value === undefined || value === null || isObject(value)) return value ?? undefined;
  throw new StoreError(14, `'${field}' must be a document`);
}

export function docList(body: Doc, field: string): Doc[] {
  const value = body[field];
  if (Array.isArray(value) && value.every(isObject)) return value;
  throw new StoreError(14, `'${field}' must be an array of documents`);
}

export function numberField(body: Doc, field: string): number | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (isNumber(value)) return toNumber(value);
  throw new StoreError(14, `'${field}' must be a number`);
}

export const flagField = (body: Doc, field: string): boolean => toBoolean(body[field]);
