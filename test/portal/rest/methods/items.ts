import { updateItem } from '../../deal-actions.ts';
import { fieldsOf, itemFieldName, type FieldMeta } from '../../crm-fields.ts';
import { itemShape } from '../crm-shapes.ts';
import { filterRows, page, selectKeys } from '../filter.ts';
import { ok, type Call, type Methods } from '../method.ts';
import { filePair, list, map, requiredId, text } from '../params.ts';
import { isYes } from '../../robot-values.ts';
import { RestError, requiredMissing } from '../rest-error.ts';

const notFound = () => new RestError('NOT_FOUND', 'Item not found');
const denied = () => new RestError('ACCESS_DENIED', 'Access denied');

function typeOf(call: Call): { entityTypeId: number; fields: FieldMeta[] } {
  const entityTypeId = requiredId(call.params, 'entityTypeId');
  if (call.user.extranet) throw new RestError('allowed_only_intranet_user', 'Intranet users only', 403);
  const fields = fieldsOf(entityTypeId);
  if (!fields)
    throw new RestError('ENTITY_TYPE_NOT_SUPPORTED', `Entity type ${entityTypeId} is not supported`);
  return { entityTypeId, fields };
}

const shapeOf = (call: Call, entityTypeId: number, item: { id: number }) =>
  itemShape(
    call.portal,
    call.token.accessToken,
    entityTypeId,
    item,
    isYes(call.params['useOriginalUfNames']),
  );

/** The value of a file field: `[name, base64]` is stored, `{id}` keeps a file, anything else removes. */
function fileValue(call: Call, field: FieldMeta, value: unknown): unknown {
  const one = (given: unknown): number | null => {
    const kept = map(given)['id'] ?? map(given)['ID'];
    if (kept !== undefined && !Array.isArray(given)) return Number(kept);
    if (list(given).length === 0) return null;
    return call.portal.files.store({ ...filePair(given), source: 'crm.item.update' }).id;
  };
  if (!field.multiple) return one(value);
  return list(value)
    .map(one)
    .filter((id) => id !== null);
}

function changes(call: Call, fields: FieldMeta[]): Record<string, unknown> {
  const given = call.params['fields'];
  if (given === null || typeof given !== 'object') throw requiredMissing('fields');
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(map(given))) {
    const field = fields.find((one) => one.name === itemFieldName(key));
    // Unknown and read-only fields are passed over without a word.
    if (!field || field.readOnly) continue;
    if (field.type === 'file') result[field.name] = fileValue(call, field, value);
    else if (field.type === 'integer' || field.type === 'user') {
      result[field.name] = field.multiple ? list(value).map(Number) : Number(text(value) || 0);
    } else if (field.type === 'double') result[field.name] = Number(text(value) || 0);
    else if (field.type === 'boolean') result[field.name] = isYes(value) ? 'Y' : 'N';
    else result[field.name] = value;
  }
  return result;
}

/** The universal methods. */
export const itemMethods: Methods = {
  'crm.item.get': {
    scope: 'crm',
    run: (call) => {
      const { entityTypeId } = typeOf(call);
      const item = call.portal.crm.get(entityTypeId, requiredId(call.params, 'id'));
      if (!item) throw notFound();
      if (!call.portal.crm.canRead(call.user.id, entityTypeId, item.id)) throw denied();
      return ok({ item: shapeOf(call, entityTypeId, item) });
    },
  },
  'crm.item.list': {
    scope: 'crm',
    run: (call) => {
      const { entityTypeId } = typeOf(call);
      const { crm } = call.portal;
      const rows = crm
        .list(entityTypeId)
        .filter((item) => crm.canRead(call.user.id, entityTypeId, item.id))
        .map((item) => shapeOf(call, entityTypeId, item));
      const order = call.params['order'] ?? { id: 'ASC' };
      const paged = page(filterRows(rows, call.params['filter'], order), call.params['start']);
      const items = paged.rows.map((row) => selectKeys(row, call.params['select'], ['fm']));
      return { result: { items }, total: paged.total, next: paged.next };
    },
  },
  'crm.item.update': {
    scope: 'crm',
    run: (call) => {
      const { entityTypeId, fields } = typeOf(call);
      const { portal, user } = call;
      const old = portal.crm.get(entityTypeId, requiredId(call.params, 'id'));
      if (!old) throw notFound();
      if (!portal.crm.canUpdate(user.id, entityTypeId, old.id)) throw denied();
      const change = { entityTypeId, id: old.id, fields: changes(call, fields), userId: user.id };
      return ok({ item: shapeOf(call, entityTypeId, updateItem(portal, change)) });
    },
  },
  'crm.item.fields': {
    scope: 'crm',
    run: (call) => {
      const { fields } = typeOf(call);
      const original = isYes(call.params['useOriginalUfNames']);
      const shape = (field: FieldMeta) => ({
        type: field.type,
        isRequired: false,
        isReadOnly: field.readOnly === true,
        isImmutable: false,
        isMultiple: field.multiple === true,
        isDynamic: field.upper.startsWith('UF_'),
        title: field.title,
        upperName: field.upper,
      });
      const name = (field: FieldMeta) =>
        original && field.upper.startsWith('UF_') ? field.upper : field.name;
      return ok({ fields: Object.fromEntries(fields.map((field) => [name(field), shape(field)])) });
    },
  },
};
