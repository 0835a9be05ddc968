/** A portal's id: 1 … 10 digits, no leading zero. */
const ID = '([1-9]\\d{0,9})';
const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`, 'i');

const USER = whole(`user_${ID}|${ID}|[^\\[\\]]{0,200}\\[\\s*(?:user_)?${ID}\\s*\\]`);
const DEPARTMENT = whole(`group_(hrr|hr|dr|d)${ID}`);
const CONTACT = whole(`(?:C_|CONTACT_)?${ID}`);
const COMPANY = whole(`(?:CO_|COMPANY_)${ID}`);
const EMPLOYEE = whole(`user_${ID}`);
const DEAL = whole(`(?:D_|DEAL_)?${ID}`);
/** Leads, contacts, companies, quotes, invoices and smart processes, as CRM bindings and documents write them. */
const OTHER_ENTITY = whole(
  `(?:L|LEAD|C|CONTACT|CO|COMPANY|Q|QUOTE|I|INVOICE|SI|SMART_INVOICE|T[0-9a-f]{1,8}|DYNAMIC_\\d{1,10})_${ID}`,
);
const DOCUMENT = whole(ID);

const firstGroup = (match: RegExpExecArray | null): string | undefined =>
  match?.slice(1).find((group) => group !== undefined);

export type CompanySigner =
  | { readonly kind: 'user'; readonly id: string }
  /** Any one employee of a department; `deep` with the departments below it. */
  | { readonly kind: 'department'; readonly id: string; readonly deep: boolean };

/** `user_12`, `12`, `[12]`, `Anna Petrova [12]`, `group_hr5` (department), `group_hrr5` (with those below it). */
export function readCompanySigner(text: string): CompanySigner | undefined {
  const user = readUser(text);
  if (user) return { kind: 'user', id: user };
  const department = DEPARTMENT.exec(text.trim());
  if (!department) return undefined;
  return { kind: 'department', id: department[2]!, deep: /rr|dr/i.test(department[1]!) };
}

/** A user id out of `user_12`, `12`, `[12]` or `Anna Petrova [12]`. */
export const readUser = (text: string): string | undefined => firstGroup(USER.exec(text.trim()));

export interface Counterparty {
  readonly kind: 'contact' | 'company' | 'employee';
  readonly id: string;
}

/** `12`, `C_12`, `CONTACT_12`, `CO_7`, `COMPANY_7`, `user_5`. */
export function readCounterparty(text: string): Counterparty | undefined {
  const trimmed = text.trim();
  for (const [kind, pattern] of [
    ['contact', CONTACT],
    ['company', COMPANY],
    ['employee', EMPLOYEE],
  ] as const) {
    const id = pattern.exec(trimmed)?.[1];
    if (id) return { kind, id };
  }
  return undefined;
}

export type EntityReference =
  { readonly kind: 'deal'; readonly id: string } | { readonly kind: 'other'; readonly text: string };

/** `77`, `D_77`, `DEAL_77`, or a CRM entity that is no deal. */
export function readEntity(text: string): EntityReference | undefined {
  const trimmed = text.trim();
  const id = DEAL.exec(trimmed)?.[1];
  if (id) return { kind: 'deal', id };
  return OTHER_ENTITY.test(trimmed) ? { kind: 'other', text: trimmed } : undefined;
}

/** The CRM document ids are numbers; `disk:` and `field:` name files that are not read yet. */
export function readDocument(text: string): { id: string } | 'file_source' | undefined {
  const id = DOCUMENT.exec(text.trim())?.[1];
  if (id) return { id };
  return /^(?:disk|field):/i.test(text.trim()) ? 'file_source' : undefined;
}
