import { text } from './params.ts';
import { isoDate } from '../clock.ts';
import type { PortalContext } from '../context.ts';
import { fieldsOf } from '../crm-fields.ts';
import type { CrmItem, Multifield } from '../crm-store.ts';
import { downloadUrl } from './downloads.ts';

type Row = Record<string, unknown>;

/** A record as `crm.item.*` answers it. */
export function itemShape(
  portal: PortalContext,
  accessToken: string,
  entityTypeId: number,
  item: CrmItem,
  originalUfNames: boolean,
): Row {
  const row: Row = {};
  for (const field of fieldsOf(entityTypeId) ?? []) {
    const isUser = field.upper.startsWith('UF_');
    const name = isUser && originalUfNames ? field.upper : field.name;
    const value = item[field.name] ?? null;
    if (field.type === 'datetime' && typeof value === 'number') row[name] = isoDate(value);
    else if (field.type === 'file')
      row[name] = filesShape(portal, accessToken, entityTypeId, item, field.name);
    else row[name] = value;
  }
  if (entityTypeId !== 2 && entityTypeId !== 147) return row;
  return { ...row, entityTypeId };
}

function filesShape(
  portal: PortalContext,
  accessToken: string,
  entityTypeId: number,
  item: CrmItem,
  field: string,
): unknown {
  const shape = (id: number) => ({
    id,
    url: `${portal.url}/bitrix/services/main/ajax.php?action=crm.controller.item.getFile&SITE_ID=s1&entityTypeId=${entityTypeId}&id=${item.id}&fieldName=${field}&fileId=${id}`,
    urlMachine: downloadUrl(portal, accessToken, 'crm.controller.item.getFile', id),
  });
  const value = item[field];
  if (Array.isArray(value)) return (value as number[]).map(shape);
  return typeof value === 'number' ? shape(value) : null;
}

/** A record as the older methods answer it: upper-case keys, everything a string. */
export function oldShape(portal: PortalContext, entityTypeId: number, item: CrmItem): Row {
  const row: Row = {};
  for (const field of fieldsOf(entityTypeId) ?? []) {
    if (field.name === 'fm' || field.name === 'contactIds' || field.name === 'observers') continue;
    const value = item[field.name];
    if (value === null || value === undefined) row[field.upper] = null;
    else if (field.type === 'datetime') row[field.upper] = isoDate(Number(value));
    else if (field.type === 'file') row[field.upper] = oldFiles(portal, item.id, field.upper, value);
    else if (field.upper === 'OPPORTUNITY') row[field.upper] = Number(value).toFixed(2);
    else row[field.upper] = Array.isArray(value) ? value.map(String) : text(value);
  }
  const fm = (item['fm'] as Multifield[] | undefined) ?? [];
  for (const typeId of ['PHONE', 'EMAIL', 'WEB', 'IM']) {
    const own = fm.filter((one) => one.typeId === typeId);
    if (entityTypeId === 3 || entityTypeId === 4) {
      if (typeId === 'PHONE' || typeId === 'EMAIL') row[`HAS_${typeId}`] = own.length > 0 ? 'Y' : 'N';
    }
    if (own.length === 0) continue;
    row[typeId] = own.map((one) => ({
      ID: String(one.id),
      VALUE_TYPE: one.valueType,
      VALUE: one.value,
      TYPE_ID: typeId,
    }));
  }
  return row;
}

function oldFiles(portal: PortalContext, id: number, field: string, value: unknown): unknown {
  const shape = (fileId: number) => ({
    id: fileId,
    showUrl: `/bitrix/components/bitrix/crm.deal.show/show_file.php?ownerId=${id}&fieldName=${field}&fileId=${fileId}`,
    downloadUrl: `/bitrix/components/bitrix/crm.deal.show/show_file.php?auth=&ownerId=${id}&fieldName=${field}&fileId=${fileId}`,
  });
  return Array.isArray(value) ? (value as number[]).map(shape) : shape(Number(value));
}
