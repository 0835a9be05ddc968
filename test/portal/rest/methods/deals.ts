import { updateItem } from '../../deal-actions.ts';
import { fieldsOf } from '../../crm-fields.ts';
import { oldShape } from '../crm-shapes.ts';
import { filterRows, page, selectKeys } from '../filter.ts';
import { ok, type Call, type Methods } from '../method.ts';
import { filePair, list, map, param, text } from '../params.ts';
import { RestError } from '../rest-error.ts';
import type { CrmItem } from '../../crm-store.ts';

/** The older methods answer with an empty error code. */
export const plainNotFound = () => new RestError('', 'Not found');
export const plainDenied = () => new RestError('', 'Access denied');

/** The record an older `get` asks for. */
export function oldRecord(call: Call, entityTypeId: number): CrmItem {
  const id = Number(text(param(call.params, 'id')));
  if (!Number.isInteger(id) || id <= 0) throw new RestError('', 'ID is not defined or invalid.');
  const item = call.portal.crm.get(entityTypeId, id);
  if (!item) throw plainNotFound();
  if (!call.portal.crm.canRead(call.user.id, entityTypeId, id)) throw plainDenied();
  return item;
}

/** An older `list`. */
export function oldList(call: Call, entityTypeId: number, hidden: string[] = []) {
  const { crm } = call.portal;
  const rows = crm
    .list(entityTypeId)
    .filter((item) => crm.canRead(call.user.id, entityTypeId, item.id))
    .map((item) => oldShape(call.portal, entityTypeId, item));
  const order = param(call.params, 'order') ?? { ID: 'ASC' };
  const paged = page(filterRows(rows, param(call.params, 'filter'), order), param(call.params, 'start'));
  const select = list(param(call.params, 'select')).map(text);
  const result = paged.rows.map((row) => {
    const kept = selectKeys(row, select);
    return select.some((name) => hidden.includes(name))
      ? kept
      : Object.fromEntries(Object.entries(kept).filter(([key]) => !hidden.includes(key)));
  });
  return { result, total: paged.total, next: paged.next };
}

/** Deals as the older methods see them. */
export const dealMethods: Methods = {
  'crm.deal.get': { scope: 'crm', run: (call) => ok(oldShape(call.portal, 2, oldRecord(call, 2))) },
  'crm.deal.list': { scope: 'crm', run: (call) => oldList(call, 2) },
  'crm.deal.update': {
    scope: 'crm',
    run: (call) => {
      const { portal, user } = call;
      const deal = oldRecord(call, 2);
      if (!portal.crm.canUpdate(user.id, 2, deal.id)) throw plainDenied();
      const fields: Record<string, unknown> = {};
      for (const [key, value] of Object.entries(map(param(call.params, 'fields')))) {
        const field = (fieldsOf(2) ?? []).find((one) => one.upper === key);
        if (!field || field.readOnly) continue;
        if (field.type === 'file') {
          const data = map(value)['fileData'];
          fields[field.name] = data
            ? portal.files.store({ ...filePair(data), source: 'crm.deal.update' }).id
            : null;
        } else if (field.multiple) fields[field.name] = list(value).map(Number);
        else if (['integer', 'user', 'double'].includes(field.type))
          fields[field.name] = Number(text(value) || 0);
        else fields[field.name] = value;
      }
      updateItem(portal, { entityTypeId: 2, id: deal.id, fields, userId: user.id });
      return ok(true);
    },
  },
  'crm.deal.contact.items.get': {
    scope: 'crm',
    run: (call) => {
      const ids = oldRecord(call, 2)['contactIds'] as number[];
      return ok(
        ids.map((id, index) => ({
          CONTACT_ID: id,
          SORT: (index + 1) * 10,
          ROLE_ID: 0,
          IS_PRIMARY: index === 0 ? 'Y' : 'N',
        })),
      );
    },
  },
};
