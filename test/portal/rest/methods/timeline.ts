import { isoDate } from '../../clock.ts';
import { typeIdByName } from '../../crm-fields.ts';
import type { TimelineEntry } from '../../types.ts';
import { page } from '../filter.ts';
import { ok, type Call, type Methods } from '../method.ts';
import { filePair, list, map, requiredId, text } from '../params.ts';
import { RestError, requiredMissing } from '../rest-error.ts';

/** Icons that the platform has. */
export const SYSTEM_ICONS = [
  'document',
  'check',
  'circle-check',
  'complete',
  'view',
  'clock',
  'attention',
  'circle-crossed',
  'mail-outcome',
  'sms',
  'link',
  'info',
  'robot',
  'bizproc',
];

function logShape(entry: TimelineEntry): Record<string, unknown> {
  return {
    id: entry.id,
    created: isoDate(entry.created),
    authorId: entry.authorId,
    title: entry.title,
    text: entry.text,
    iconCode: entry.iconCode,
  };
}

/** The record must be there, and the caller allowed to change it. */
export function assertOwner(call: Call, entityTypeId: number, id: number, change = true): void {
  const { crm } = call.portal;
  if (!crm.get(entityTypeId, id)) throw new RestError('OWNER_NOT_FOUND', 'Owner was not found');
  const may = change ? crm.canUpdate : crm.canRead;
  if (!may(call.user.id, entityTypeId, id)) throw new RestError('ACCESS_DENIED', 'Access denied');
}

function addComment(call: Call): number {
  const fields = map(call.params['fields']);
  for (const name of ['ENTITY_ID', 'ENTITY_TYPE']) {
    if (fields[name] === undefined || fields[name] === '') throw requiredMissing(name);
  }
  const entityTypeId = typeIdByName(text(fields['ENTITY_TYPE']));
  if (!entityTypeId) throw new RestError('OWNER_NOT_FOUND', 'Unknown owner type');
  const entityId = Number(text(fields['ENTITY_ID']));
  assertOwner(call, entityTypeId, entityId);
  const comment = text(fields['COMMENT']);
  if (!comment) throw new RestError('INVALID_ARG_VALUE', 'Empty comment message.');
  const fileIds = list(fields['FILES']).map(
    (file) => call.portal.files.store({ ...filePair(file), source: 'crm.timeline.comment.add' }).id,
  );
  return call.portal.timeline.add({
    kind: 'comment',
    entityTypeId,
    entityId,
    authorId: call.user.id,
    text: comment,
    fileIds,
  }).id;
}

function addLogMessage(call: Call): Record<string, unknown> {
  const fields = map(call.params['fields']);
  const entityTypeId = requiredId(fields, 'entityTypeId');
  const entityId = requiredId(fields, 'entityId');
  for (const name of ['title', 'text', 'iconCode']) {
    if (text(fields[name]) === '') throw requiredMissing(name);
  }
  assertOwner(call, entityTypeId, entityId);
  const iconCode = text(fields['iconCode']);
  if (!SYSTEM_ICONS.includes(iconCode)) throw new RestError('NOT_FOUND', 'Icon not found');
  const entry = call.portal.timeline.add({
    kind: 'logmessage',
    entityTypeId,
    entityId,
    authorId: call.user.id,
    title: text(fields['title']),
    text: text(fields['text']),
    iconCode,
  });
  return { logMessage: logShape(entry) };
}

/** Comments, log messages, icons. */
export const timelineMethods: Methods = {
  'crm.timeline.comment.add': { scope: 'crm', run: (call) => ok(addComment(call)) },
  'crm.timeline.logmessage.add': { scope: 'crm', app: true, run: (call) => ok(addLogMessage(call)) },
  'crm.timeline.logmessage.list': {
    scope: 'crm',
    app: true,
    run: (call) => {
      const entityTypeId = requiredId(call.params, 'entityTypeId');
      const entityId = requiredId(call.params, 'entityId');
      assertOwner(call, entityTypeId, entityId, false);
      const entries = call.portal.timeline
        .of(entityTypeId, entityId)
        .filter((entry) => entry.kind === 'logmessage')
        .toSorted((a, b) => b.id - a.id);
      const paged = page(entries, call.params['start'], 10);
      return { result: paged.rows.map(logShape), total: paged.total, next: paged.next };
    },
  },
  'crm.timeline.icon.list': {
    scope: 'crm',
    run: () => ok({ icons: SYSTEM_ICONS.map((code) => ({ code, isSystem: true, fileUri: null })) }),
  },
};
