import type { PortalUser } from '../../users.ts';
import { hasScope } from '../authorize.ts';
import { filterRows, page } from '../filter.ts';
import { ok, type Call, type Methods } from '../method.ts';
import { map, param, text } from '../params.ts';

const SCOPES = ['user', 'user_basic', 'user_brief'];

/** A user; e-mail and phone only from `user_basic` up. */
function shape(call: Call, user: PortalUser): Record<string, unknown> {
  const contacts = hasScope(call, ['user', 'user_basic'])
    ? { EMAIL: user.email, WORK_PHONE: user.phone, PERSONAL_MOBILE: user.phone }
    : {};
  return {
    ID: String(user.id),
    ACTIVE: user.active,
    NAME: user.name,
    LAST_NAME: user.lastName,
    SECOND_NAME: user.secondName,
    ...contacts,
    IS_ONLINE: 'N',
    TIME_ZONE: '',
    PERSONAL_GENDER: user.gender,
    WORK_POSITION: user.position,
    UF_DEPARTMENT: user.departments,
    USER_TYPE: user.extranet ? 'extranet' : 'employee',
  };
}

function find(call: Call, filter: Record<string, unknown>) {
  const words = text(filter['FIND']).toLowerCase().split(/\s+/).filter(Boolean);
  const plain = Object.fromEntries(
    Object.entries(filter)
      .filter(([key]) => key !== 'FIND')
      .map(([key, value]) => [key, key === 'ACTIVE' ? /^(true|Y|1)$/.test(text(value)) : value]),
  );
  const rows = call.portal.users.all().map((user) => {
    const row = shape(call, user);
    return { row, text: `${user.name} ${user.secondName} ${user.lastName} ${user.position}`.toLowerCase() };
  });
  const found = rows.filter((one) => words.every((word) => one.text.includes(word))).map((one) => one.row);
  const active = 'ACTIVE' in plain ? plain['ACTIVE'] : undefined;
  delete plain['ACTIVE'];
  return filterRows(found, plain, undefined).filter(
    (row) => active === undefined || row['ACTIVE'] === active,
  );
}

/** `FILTER[...]`, and the same keys without FILTER, as the older method takes them. */
function filterOf(call: Call): Record<string, unknown> {
  const own = Object.entries(call.params).filter(([key]) =>
    /^(ID|NAME|LAST_NAME|FIND|ACTIVE|EMAIL|UF_DEPARTMENT)$/i.test(key),
  );
  const entries = [...own, ...Object.entries(map(param(call.params, 'FILTER')))];
  return Object.fromEntries(entries.map(([key, value]) => [key.toUpperCase(), value]));
}

function listUsers(call: Call) {
  const paged = page(find(call, filterOf(call)), param(call.params, 'start'));
  return { result: paged.rows, total: paged.total, next: paged.next };
}

/** Users and departments. */
export const userMethods: Methods = {
  profile: {
    run: (call) =>
      ok({
        ID: String(call.user.id),
        ADMIN: call.user.isAdmin,
        NAME: call.user.name,
        LAST_NAME: call.user.lastName,
        PERSONAL_GENDER: call.user.gender,
        PERSONAL_PHOTO: '',
        TIME_ZONE: '',
        TIME_ZONE_OFFSET: 10_800,
      }),
  },
  'user.admin': { run: (call) => ok(call.user.isAdmin) },
  'user.current': { scope: SCOPES, run: (call) => ok(shape(call, call.user)) },
  'user.get': { scope: SCOPES, run: listUsers },
  'user.search': { scope: SCOPES, run: listUsers },
  'department.get': {
    scope: 'department',
    run: (call) => {
      const rows = call.portal.users.departments.map((one) => ({
        ID: String(one.id),
        NAME: one.name,
        SORT: 500,
        ...(one.parent === null ? {} : { PARENT: String(one.parent) }),
        ...(one.headId === null ? {} : { UF_HEAD: String(one.headId) }),
      }));
      const filter = Object.fromEntries(
        ['ID', 'NAME', 'PARENT', 'UF_HEAD']
          .map((name) => [name, param(call.params, name)] as const)
          .filter(([, value]) => value !== undefined),
      );
      const paged = page(filterRows(rows, filter, undefined), param(call.params, 'START'));
      return { result: paged.rows, total: paged.total, next: paged.next };
    },
  },
};
