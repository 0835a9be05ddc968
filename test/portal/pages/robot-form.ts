import type { PortalApp, PropertyDescriptor, Registration } from '../app-registry.ts';
import type { PortalContext } from '../context.ts';
import { SETTINGS_PLACEMENT } from '../placement-codes.ts';
import { list, map, text } from '../rest/params.ts';
import { localName } from '../rest/robot-registration.ts';
import { isYes } from '../robot-values.ts';
import type { Visitor } from './session.ts';

/** The automation panel of a deal: a settings form for every robot that an app has registered. */
export function automationView(
  portal: PortalContext,
  visitor: Visitor,
  dealId: number,
): Record<string, unknown> {
  const robots: Record<string, unknown>[] = [];
  const triggers: Record<string, unknown>[] = [];
  for (const app of portal.apps.all()) {
    for (const robot of app.robots.values())
      robots.push(robotView(portal, visitor, { app, robot, dealId, kind: 'robot' }));
    for (const robot of app.activities.values()) {
      robots.push(robotView(portal, visitor, { app, robot, dealId, kind: 'activity' }));
    }
    for (const [code, name] of app.triggers) {
      triggers.push({ code, name, stageId: portal.triggers.moves.get(code) ?? '' });
    }
  }
  return { robots, triggers, insertable: insertable(portal, dealId) };
}

function robotView(
  portal: PortalContext,
  { lang }: Visitor,
  of: { app: PortalApp; robot: Registration; dealId: number; kind: string },
): Record<string, unknown> {
  const { app, robot, dealId } = of;
  const fields = Object.entries(robot.properties).map(([key, descriptor]) => ({
    key,
    name: localName(descriptor.Name, lang) || key,
    description: localName(descriptor.Description, lang),
    type: descriptor.Type ?? 'string',
    required: isYes(descriptor.Required),
    multiple: isYes(descriptor.Multiple),
    options: Object.entries(map(descriptor.Options)),
    value: prefill(portal, key, descriptor, dealId),
  }));
  return {
    code: robot.code,
    kind: of.kind,
    appCode: app.descriptor.code,
    appName: app.descriptor.name ?? app.descriptor.code,
    name: localName(robot.name, lang) + (of.kind === 'activity' ? ' · BP' : ''),
    description: localName(robot.description, lang),
    fields,
    frame: robot.usePlacement
      ? {
          app: app.descriptor.code,
          placement: SETTINGS_PLACEMENT,
          handler: robot.placementHandler,
          options: {
            code: robot.code,
            activity_name: 'A12345_6789_1011_1213',
            properties: robot.properties,
            current_values: Object.fromEntries(
              fields.map((one) => [one.key, one.multiple ? one.value : (one.value[0] ?? '')]),
            ),
            document_type: ['crm', 'CCrmDocumentDeal', 'DEAL'],
          },
        }
      : null,
  };
}

/** What stands in a field at first: the default, else an expression or value that suits its name. */
function prefill(
  portal: PortalContext,
  key: string,
  descriptor: PropertyDescriptor,
  dealId: number,
): string[] {
  const given = list(descriptor.Default).map(text).filter(Boolean);
  if (given.length > 0) return given;
  if (!isYes(descriptor.Required) && !/entity|deal/i.test(key)) return [];
  if (descriptor.Type === 'user') return ['user_7'];
  if (descriptor.Type !== undefined && descriptor.Type !== 'string') return [];
  if (/document/i.test(key)) {
    const documents = portal.documents
      .all()
      .filter((one) => one.entityTypeId === 2 && one.entityId === dealId);
    return documents.slice(0, 1).map((one) => String(one.id));
  }
  if (/signer|contact|counterparty/i.test(key)) return ['{=Document:CONTACT_ID}'];
  if (/entity|deal/i.test(key)) return ['{=Document:ID}'];
  return [];
}

/** What the "insert a value" list offers. */
function insertable(portal: PortalContext, dealId: number): [string, string][] {
  const deal = portal.crm.deal(dealId);
  const documents = portal.documents.all().filter((one) => one.entityTypeId === 2 && one.entityId === dealId);
  const contacts = list(deal?.['contactIds']).map((id) => portal.crm.contact(Number(id)));
  return [
    ...documents.map((one): [string, string] => [String(one.id), `${one.id} — ${one.title}`]),
    ...contacts.flatMap((one): [string, string][] =>
      one ? [[`C_${one.id}`, `C_${one.id} — ${text(one['lastName'])} ${text(one['name'])}`]] : [],
    ),
    ...(deal?.['companyId']
      ? [[`CO_${text(deal['companyId'])}`, `CO_${text(deal['companyId'])}`] as [string, string]]
      : []),
    ['{=Document:ID}', '{=Document:ID}'],
    ['{=Document:CONTACT_ID}', '{=Document:CONTACT_ID}'],
    ['{=Document:TITLE}', '{=Document:TITLE}'],
    ['{=Document:ASSIGNED_BY_ID}', '{=Document:ASSIGNED_BY_ID}'],
  ];
}
