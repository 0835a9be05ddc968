import { oldShape } from '../crm-shapes.ts';
import { filterRows, page, selectKeys } from '../filter.ts';
import { ok, type Methods } from '../method.ts';
import { param } from '../params.ts';
import { oldList, oldRecord } from './deals.ts';

const MULTIFIELDS = ['EMAIL', 'PHONE', 'WEB', 'IM'];

/** Contacts, companies, their requisites. */
export const contactMethods: Methods = {
  'crm.contact.get': { scope: 'crm', run: (call) => ok(oldShape(call.portal, 3, oldRecord(call, 3))) },
  'crm.contact.list': { scope: 'crm', run: (call) => oldList(call, 3, MULTIFIELDS) },
  'crm.company.get': { scope: 'crm', run: (call) => ok(oldShape(call.portal, 4, oldRecord(call, 4))) },
  'crm.requisite.list': {
    scope: 'crm',
    run: (call) => {
      const rows = filterRows(
        call.portal.crm.requisites,
        param(call.params, 'filter'),
        param(call.params, 'order'),
      );
      const paged = page(rows, param(call.params, 'start'));
      const result = paged.rows.map((row) => selectKeys(row, param(call.params, 'select')));
      return { result, total: paged.total, next: paged.next };
    },
  },
  'crm.address.list': { scope: 'crm', run: () => ({ result: [], total: 0 }) },
};
