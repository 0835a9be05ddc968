import { PortalError } from '../ports/portal.ts';
import type { PortalUser } from '../ports/portal.ts';
import type { PortalGateway } from './create-portal-gateway.ts';
import { toUsers } from './read-facts.ts';
import { isRecord } from './rest-error.ts';
import { readId } from './read-values.ts';

const PAGE = 50;
/** Enough for the largest portals; the rest of an endless answer is not read. */
const MAX_PAGES = 20;
const NO_RIGHT = new Set(['insufficient_scope', 'ERROR_METHOD_NOT_FOUND', 'ACCESS_DENIED']);

/** Active users of a department. Sub-departments need the scope `department`; without it the department alone counts. */
export async function usersOfDepartment(
  gateway: PortalGateway,
  portalId: string,
  departmentId: string,
  deep: boolean,
): Promise<PortalUser[]> {
  const departments = deep ? await withSubDepartments(gateway, portalId, departmentId) : [departmentId];
  const users = new Map<string, PortalUser>();
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const batch = departments.map((id, index) => ({
      key: `d${index}`,
      method: 'user.get',
      params: { sort: 'ID', order: 'ASC', FILTER: { UF_DEPARTMENT: id, ACTIVE: 'Y' }, start: page * PAGE },
    }));
    let more = false;
    for (const outcome of (await gateway.batch(portalId, batch)).values()) {
      if (!outcome.ok) throw outcome.error;
      const found = toUsers(outcome.result);
      more ||= found.length === PAGE;
      for (const user of found) if (user.active) users.set(user.id, user);
    }
    if (!more) break;
  }
  return [...users.values()];
}

async function withSubDepartments(
  gateway: PortalGateway,
  portalId: string,
  departmentId: string,
): Promise<string[]> {
  const parents = new Map<string, string>();
  try {
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const result = await gateway.call(portalId, 'department.get', { START: page * PAGE });
      const rows = Array.isArray(result) ? result.filter(isRecord) : [];
      for (const row of rows) parents.set(readId(row['ID']), readId(row['PARENT']));
      if (rows.length < PAGE) break;
    }
  } catch (error) {
    if (error instanceof PortalError && NO_RIGHT.has(error.code)) return [departmentId];
    throw error;
  }
  const wanted = new Set([departmentId]);
  for (let before = 0; before < wanted.size;) {
    before = wanted.size;
    for (const [id, parent] of parents) if (wanted.has(parent)) wanted.add(id);
  }
  return [...wanted];
}

/** Active users found by name (full text) or e-mail: at most 50, one request. */
export async function searchUsers(
  gateway: PortalGateway,
  portalId: string,
  text: string,
): Promise<PortalUser[]> {
  const words = text.trim().slice(0, 100);
  const active = { ACTIVE: 'Y' };
  const commands = words
    ? [
        { key: 'name', method: 'user.search', params: { FILTER: { FIND: words, ...active } } },
        ...(words.includes('@')
          ? [{ key: 'email', method: 'user.get', params: { FILTER: { EMAIL: words, ...active } } }]
          : []),
      ]
    : [{ key: 'all', method: 'user.get', params: { sort: 'LAST_NAME', order: 'ASC', FILTER: active } }];
  const users = new Map<string, PortalUser>();
  for (const outcome of (await gateway.batch(portalId, commands)).values()) {
    if (!outcome.ok) throw outcome.error;
    for (const user of toUsers(outcome.result)) if (user.active) users.set(user.id, user);
  }
  return [...users.values()].slice(0, PAGE);
}
