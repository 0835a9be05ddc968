import { fieldsOf, itemFieldName } from './crm-fields.ts';
import type { Clock } from './types.ts';

/** A record in item shape: camelCase keys, numbers are numbers. Dates are kept in ms. */
export interface CrmItem {
  id: number;
  [field: string]: unknown;
}

export interface Multifield {
  id: number;
  typeId: 'EMAIL' | 'PHONE' | 'WEB' | 'IM';
  valueType: string;
  value: string;
}

export interface Stage {
  id: string;
  title: string;
  color: string;
  semantic: 'P' | 'S' | 'F';
}

export type CrmStore = ReturnType<typeof createCrmStore>;

/** Deals, contacts, companies and the rest; what users may see of them. */
export function createCrmStore({ clock, stages }: { clock: Clock; stages: Stage[] }) {
  const types = new Map<number, Map<number, CrmItem>>();
  const denied = new Set<string>();
  const requisites: Record<string, unknown>[] = [];

  const table = (entityTypeId: number): Map<number, CrmItem> => {
    const found = types.get(entityTypeId) ?? new Map<number, CrmItem>();
    types.set(entityTypeId, found);
    return found;
  };
  const get = (entityTypeId: number, id: number) => types.get(entityTypeId)?.get(Number(id));
  const key = (userId: number, typeId: number, id: number, what: string) =>
    `${userId}:${typeId}:${id}:${what}`;

  function normalise(entityTypeId: number, item: CrmItem): CrmItem {
    for (const field of fieldsOf(entityTypeId) ?? []) {
      if (!(field.name in item)) item[field.name] = field.multiple ? [] : null;
    }
    if ('contactIds' in item && 'contactId' in item) {
      const ids = (item['contactIds'] as number[]).map(Number);
      item['contactIds'] = ids;
      item['contactId'] = ids[0] ?? 0;
    }
    const stage = stages.find((one) => one.id === item['stageId']);
    if (stage) {
      item['stageSemanticId'] = stage.semantic;
      item['closed'] = stage.semantic === 'P' ? 'N' : 'Y';
    }
    return item;
  }

  return {
    stages,
    requisites,
    get,
    deal: (id: number) => get(2, id),
    contact: (id: number) => get(3, id),
    company: (id: number) => get(4, id),
    list: (entityTypeId: number): CrmItem[] => [...table(entityTypeId).values()],
    add(entityTypeId: number, fields: Partial<CrmItem>): CrmItem {
      const rows = table(entityTypeId);
      const id = fields.id ?? Math.max(100, ...rows.keys()) + 1;
      const now = clock.now();
      const item = normalise(entityTypeId, {
        createdTime: now,
        updatedTime: now,
        createdBy: 1,
        updatedBy: 1,
        assignedById: 1,
        opened: 'Y',
        ...fields,
        id,
      });
      rows.set(id, item);
      return item;
    },
    /** Sets fields (item or `UF_` names) as they are; nothing is sent and nobody is told. */
    update(entityTypeId: number, id: number, fields: Record<string, unknown>, userId = 1): CrmItem {
      const item = get(entityTypeId, id);
      if (!item) throw new Error(`no item ${entityTypeId}:${id}`);
      for (const [name, value] of Object.entries(fields)) item[itemFieldName(name)] = value;
      if ('contactId' in fields && !('contactIds' in fields)) {
        item['contactIds'] = fields['contactId'] ? [Number(fields['contactId'])] : [];
      }
      item['updatedTime'] = clock.now();
      item['updatedBy'] = userId;
      return normalise(entityTypeId, item);
    },
    remove: (entityTypeId: number, id: number): boolean => table(entityTypeId).delete(id),
    /** From now on this user may not read (or, with `write`, not change) that record. */
    forbid(
      userId: number,
      what: { dealId?: number; entityTypeId?: number; id?: number; write?: boolean },
    ): void {
      const id = what.dealId ?? what.id ?? 0;
      denied.add(key(userId, what.entityTypeId ?? 2, id, what.write ? 'write' : 'read'));
    },
    canRead: (userId: number, entityTypeId: number, id: number): boolean =>
      !denied.has(key(userId, entityTypeId, id, 'read')),
    canUpdate: (userId: number, entityTypeId: number, id: number): boolean =>
      !denied.has(key(userId, entityTypeId, id, 'read')) &&
      !denied.has(key(userId, entityTypeId, id, 'write')),
  };
}
