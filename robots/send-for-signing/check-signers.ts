import { stepOf } from '../../app/domain/purpose.ts';
import type { Party } from '../../app/domain/purpose.ts';
import { Refusal } from '../../app/domain/refusal.ts';
import type { Problem } from '../../app/domain/refusal.ts';
import type { Language, Signer } from '../../app/domain/signing.ts';
import type { NewSigning } from '../../app/domain/transitions/create-signing.ts';
import type { Contact, Facts, PortalUser } from '../../app/ports/portal.ts';
import { shown } from '../inputs/read-values.ts';
import type { Counterparty } from '../inputs/read-references.ts';
import type { CompanySide } from './check-rights.ts';
import type { SendRequest } from './request.ts';

type NewSigner = NewSigning['signers'][number];
type Someone = Pick<Signer, 'person' | 'name' | 'email' | 'phone' | 'position' | 'company'>;

/**
 * The people who sign, the company's first, so that `signer 1` of a position is always the company's.
 * @param random gives each signer's link its secret part
 * @throws Refusal 140, 141 or 142 with everything that check found
 */
export function checkSigners(
  request: SendRequest,
  company: CompanySide,
  facts: Facts,
  language: Language,
  random: () => string,
): NewSigner[] {
  const counterparties = request.counterparties.map((each) => findPerson(each, facts));
  const lost = counterparties.flatMap((found) => (found.problem ? [found.problem] : []));
  if (lost.length > 0) throw new Refusal('CONTACT_NOT_FOUND', lost);

  const found = counterparties.map((each) => each.found!);
  const incomplete = [...(company.method === 'link' ? [ofCompany(company)] : []), ...found].flatMap(
    (person) => fieldsMissing(person) ?? [],
  );
  if (incomplete.length > 0) throw new Refusal('CONTACT_FIELD_MISSING', incomplete);

  const people = [ofCompany(company), ...found];
  const twice = duplicates(people);
  if (twice.length > 0) throw new Refusal('DUPLICATE_SIGNER', twice);

  return people.map((person, index) => {
    const party: Party = index === 0 ? 'company' : 'counterparty';
    return {
      id: `s${index + 1}`,
      party,
      step: stepOf(party, request.order),
      person: person.person,
      name: person.name,
      email: person.email,
      phone: person.phone,
      position: person.position,
      company: person.company,
      language,
      method: index === 0 ? company.method : 'link',
      linkNonce: random(),
    };
  });
}

interface Found {
  readonly found?: Someone & { readonly contact?: Contact };
  readonly problem?: Problem;
}

function findPerson({ kind, id }: Counterparty, facts: Facts): Found {
  if (kind === 'employee') {
    const user = facts.users.get(id);
    return user?.active ? { found: ofUser(user) } : { problem: { text: 'no_such_employee', values: { id } } };
  }
  if (kind === 'contact') {
    const contact = facts.contacts.get(id);
    return contact ? { found: ofContact(contact) } : { problem: { text: 'no_such_contact', values: { id } } };
  }
  const contactId = facts.companyContacts.get(id);
  if (contactId === undefined) return { problem: { text: 'no_such_company', values: { id } } };
  const contact = facts.contacts.get(contactId);
  return contact
    ? { found: ofContact(contact) }
    : { problem: { text: 'company_without_contact', values: { id } } };
}

/** An address that mail cannot go to counts as none, a number without digits likewise. */
const emailOf = (email: string): string =>
  /^[^\s@<>,;]+@[^\s@<>,;]+$/.test(email.trim()) ? email.trim() : '';
const phoneOf = (phone: string): string => (phone.replace(/\D/g, '').length >= 7 ? phone.trim() : '');

const ofContact = (contact: Contact): Someone & { contact: Contact } => ({
  contact,
  person: { kind: 'contact', id: contact.id },
  name: [contact.firstName, contact.secondName, contact.lastName]
    .map((part) => part.trim())
    .filter(Boolean)
    .join(' '),
  email: emailOf(contact.email),
  phone: phoneOf(contact.phone),
  position: contact.position,
  company: contact.companyTitle,
});

const ofUser = (user: PortalUser): Someone => ({
  person: { kind: 'employee', id: user.id },
  name: user.name.trim(),
  email: emailOf(user.email),
  phone: phoneOf(user.phone),
  position: user.position,
  company: '',
});

/** What the employee registered in the app goes before what the portal says. */
function ofCompany({ employee, user }: CompanySide): Someone {
  const ofPortal = ofUser(user);
  return {
    ...ofPortal,
    name: employee.name.trim() || ofPortal.name,
    email: emailOf(employee.email) || ofPortal.email,
    position: employee.position || ofPortal.position,
  };
}

function fieldsMissing(person: Someone & { contact?: Contact }): Problem | undefined {
  const { contact } = person;
  const fields: string[] = [];
  if (contact ? !contact.firstName.trim() : !person.name) fields.push('name');
  if (contact && !contact.lastName.trim()) fields.push('last_name');
  if (!person.email && !person.phone) fields.push('email_or_phone');
  if (fields.length === 0) return undefined;
  const { kind, id } = person.person;
  const values = { name: shown(person.name), id, fields: fields.join(','), count: fields.length };
  return { text: kind === 'contact' ? 'contact_incomplete' : 'employee_incomplete', values };
}

/** By person, by e-mail in any letter case, and by phone where there is no e-mail. */
function duplicates(people: readonly Someone[]): Problem[] {
  const seen = new Map<string, Someone>();
  const problems: Problem[] = [];
  for (const person of people) {
    const keys = [`${person.person.kind}:${person.person.id}`];
    if (person.email) keys.push(`email:${person.email.toLowerCase()}`);
    else if (person.phone) keys.push(`phone:${person.phone.replace(/\D/g, '')}`);
    const key = keys.find((each) => seen.has(each));
    if (key) {
      const values = {
        name: shown(person.name),
        other: shown(seen.get(key)!.name),
        address: shown(person.email || person.phone),
      };
      problems.push({ text: 'same_person', values });
    }
    for (const each of keys) if (!seen.has(each)) seen.set(each, person);
  }
  return problems;
}
