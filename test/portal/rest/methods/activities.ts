import { isoDate } from '../../clock.ts';
import { isYes } from '../../robot-values.ts';
import type { Activity } from '../../types.ts';
import { checkLayout } from '../activity-layout.ts';
import { filterRows, page, selectKeys } from '../filter.ts';
import { appOf, ok, type Call, type Methods } from '../method.ts';
import { list, map, param, requiredId, requiredText, text, toInt } from '../params.ts';
import { RestError, requiredMissing } from '../rest-error.ts';
import { assertOwner } from './timeline.ts';

const FIELDS = [
  'typeId',
  'completed',
  'deadline',
  'pingOffsets',
  'isIncomingChannel',
  'responsibleId',
  'badgeCode',
  'originatorId',
  'originId',
];

function contextApp(call: Call) {
  if (!call.app) throw new RestError('ERROR_WRONG_CONTEXT', 'Application context required');
  return appOf(call);
}

function checkFields(value: unknown): Record<string, unknown> {
  const fields = map(value);
  const unknown = Object.keys(fields).find((key) => !FIELDS.includes(key));
  if (unknown) throw new RestError('FIELD_IS_REDUNDANT', `fields.${unknown} is redundant`);
  return fields;
}

function ownActivity(call: Call): Activity {
  const app = contextApp(call);
  const activity = call.portal.timeline.activity(requiredId(call.params, 'id'));
  if (activity?.kind !== 'configurable') throw new RestError('NOT_FOUND', 'Activity not found');
  if (activity.clientId !== app.descriptor.clientId) {
    throw new RestError('ERROR_WRONG_APPLICATION', 'The activity belongs to another application');
  }
  return activity;
}

function addConfigurable(call: Call): Record<string, unknown> {
  const app = contextApp(call);
  const ownerTypeId = requiredId(call.params, 'ownerTypeId');
  const ownerId = requiredId(call.params, 'ownerId');
  if (call.params['fields'] === undefined) throw requiredMissing('fields');
  const fields = checkFields(call.params['fields']);
  const layout = checkLayout(call.params['layout']);
  assertOwner(call, ownerTypeId, ownerId);
  const activity = call.portal.timeline.addActivity({
    kind: 'configurable',
    ownerTypeId,
    ownerId,
    clientId: app.descriptor.clientId,
    authorId: call.user.id,
    completed: isYes(fields['completed']),
    fields,
    layout,
  });
  return { activity: { id: activity.id } };
}

function updateConfigurable(call: Call): Record<string, unknown> {
  const activity = ownActivity(call);
  const fields = checkFields(call.params['fields'] ?? {});
  const layout = call.params['layout'] === undefined ? activity.layout : checkLayout(call.params['layout']);
  assertOwner(call, activity.ownerTypeId, activity.ownerId);
  Object.assign(activity.fields, fields);
  activity.layout = layout;
  if ('completed' in fields) activity.completed = isYes(fields['completed']);
  activity.updated = call.portal.clock.now();
  activity.locked = false;
  return { activity: { id: activity.id } };
}

function oldShape(activity: Activity): Record<string, unknown> {
  const { fields } = activity;
  return {
    ID: String(activity.id),
    OWNER_ID: String(activity.ownerId),
    OWNER_TYPE_ID: String(activity.ownerTypeId),
    TYPE_ID: '6',
    PROVIDER_ID: activity.kind === 'todo' ? 'CRM_TODO' : 'CONFIGURABLE_REST_APP',
    PROVIDER_TYPE_ID: activity.kind === 'todo' ? 'TODO' : 'CONFIGURABLE',
    SUBJECT: text(fields['title']),
    COMPLETED: activity.completed ? 'Y' : 'N',
    RESPONSIBLE_ID: text(fields['responsibleId'] ?? activity.authorId),
    DEADLINE: text(fields['deadline']),
    ORIGINATOR_ID: text(fields['originatorId']) || null,
    ORIGIN_ID: text(fields['originId']) || null,
    AUTHOR_ID: String(activity.authorId),
    CREATED: isoDate(activity.created),
    LAST_UPDATED: isoDate(activity.updated),
  };
}

/** Configurable activities, to-dos, badges, and the list of all. */
export const activityMethods: Methods = {
  'crm.activity.configurable.add': { scope: 'crm', run: (call) => ok(addConfigurable(call)) },
  'crm.activity.configurable.update': { scope: 'crm', run: (call) => ok(updateConfigurable(call)) },
  'crm.activity.configurable.get': {
    scope: 'crm',
    run: (call) => {
      const { id, ownerTypeId, ownerId, fields, layout, completed } = ownActivity(call);
      return ok({ activity: { id, ownerTypeId, ownerId, fields: { ...fields, completed }, layout } });
    },
  },
  'crm.activity.todo.add': {
    scope: 'crm',
    run: (call) => {
      const ownerTypeId = requiredId(call.params, 'ownerTypeId');
      const ownerId = requiredId(call.params, 'ownerId');
      if (!text(call.params['deadline'])) throw requiredMissing('deadline');
      assertOwner(call, ownerTypeId, ownerId);
      const activity = call.portal.timeline.addActivity({
        kind: 'todo',
        ownerTypeId,
        ownerId,
        clientId: call.token.clientId,
        authorId: call.user.id,
        completed: false,
        fields: { ...call.params },
        layout: null,
      });
      return ok({ id: activity.id });
    },
  },
  'crm.activity.badge.add': {
    scope: 'crm',
    admin: true,
    app: true,
    run: (call) => {
      const badge = Object.fromEntries(
        ['code', 'title', 'value', 'type'].map((name) => {
          const value = call.params[name];
          if (value === undefined || value === '') throw requiredMissing(name);
          return [name, value];
        }),
      );
      if (!['success', 'failure', 'warning', 'primary', 'secondary'].includes(text(badge['type']))) {
        throw new RestError('ENUM_FIELD', 'type');
      }
      call.portal.badges.set(requiredText(call.params, 'code'), badge);
      return ok({ badge });
    },
  },
  'crm.activity.list': {
    scope: 'crm',
    run: (call) => {
      const { timeline, crm } = call.portal;
      const rows = timeline
        .activities()
        .filter((one) => crm.canRead(call.user.id, one.ownerTypeId, one.ownerId))
        .map(oldShape);
      const start = param(call.params, 'start');
      if (start !== undefined) toInt(start, 'start');
      const paged = page(filterRows(rows, param(call.params, 'filter'), param(call.params, 'order')), start);
      const result = paged.rows.map((row) => selectKeys(row, list(param(call.params, 'select'))));
      return { result, total: paged.total, next: paged.next };
    },
  },
};
