import type { PortalContext } from '../context.ts';
import { fieldsOf } from '../crm-fields.ts';
import type { CrmItem, Multifield } from '../crm-store.ts';
import { list, text } from '../rest/params.ts';
import { localName } from '../rest/robot-registration.ts';
import { timelineView } from './activity-view.ts';
import { automationView } from './robot-form.ts';
import { showMoney, showTime, word } from './render.ts';
import type { Visitor } from './session.ts';

/** A person with the first e-mail and phone. */
export function contactView(portal: PortalContext, item: CrmItem) {
  const fm = (item['fm'] as Multifield[] | undefined) ?? [];
  const first = (typeId: string) => fm.find((one) => one.typeId === typeId)?.value ?? '';
  return {
    id: item.id,
    fullName: [item['lastName'], item['name'], item['secondName']].map(text).filter(Boolean).join(' '),
    post: text(item['post']),
    company: text(portal.crm.company(Number(item['companyId']))?.['title']),
    email: first('EMAIL'),
    phone: first('PHONE'),
  };
}

/** The stages, named in the visitor's language. */
function stagesView(portal: PortalContext, lang: 'ru' | 'en') {
  return portal.crm.stages.map((one) => ({ ...one, title: word(lang, `stage_${one.id}`) }));
}

/** A line of the deal list and the head of a card. */
export function dealSummary(portal: PortalContext, { lang }: Visitor, deal: CrmItem) {
  const stages = stagesView(portal, lang);
  const stage = stages.find((one) => one.id === deal['stageId']) ?? stages[0];
  const company = portal.crm.company(Number(deal['companyId']));
  const contact = portal.crm.contact(Number(deal['contactId']));
  return {
    id: deal.id,
    title: text(deal['title']),
    stage,
    amount: showMoney(deal['opportunity'], deal['currencyId'], lang),
    client: text(company?.['title']) || (contact ? contactView(portal, contact).fullName : ''),
    assignedById: Number(deal['assignedById']),
    responsible: portal.users.fullName(Number(deal['assignedById'])),
    created: showTime(Number(deal['createdTime']), lang),
  };
}

/** Everything on a deal's card that changes while one looks at it. */
export function dealLiveView(
  portal: PortalContext,
  visitor: Visitor,
  deal: CrmItem,
): Record<string, unknown> {
  const summary = dealSummary(portal, visitor, deal);
  const stages = stagesView(portal, visitor.lang);
  const files = (value: unknown) =>
    list(value)
      .map((id) => portal.files.get(Number(id)))
      .filter((file) => file !== undefined);
  const userFields = (fieldsOf(2) ?? [])
    .filter((field) => field.upper.startsWith('UF_'))
    .map((field) => ({
      name: field.name,
      title: field.title,
      files: field.type === 'file' ? files(deal[field.name]) : [],
      value: field.type === 'file' ? '' : text(deal[field.name]),
    }));
  return {
    deal: summary,
    stages,
    stageIndex: stages.findIndex((one) => one.id === deal['stageId']),
    stageColor: summary.stage?.color,
    company: portal.crm.company(Number(deal['companyId'])),
    contacts: list(deal['contactIds'])
      .map((id) => portal.crm.contact(Number(id)))
      .filter((one) => one !== undefined)
      .map((one) => contactView(portal, one)),
    userFields,
    ...timelineView(portal, visitor, 2, deal.id),
    ...runsView(portal, visitor, deal.id),
    documents: documentsView(portal, visitor, deal.id),
  };
}

function documentsView(portal: PortalContext, { lang }: Visitor, dealId: number) {
  return portal.documents
    .all()
    .filter((one) => one.entityTypeId === 2 && one.entityId === dealId)
    .toReversed()
    .map((one) => ({
      id: one.id,
      title: one.title,
      number: one.number,
      at: showTime(one.created, lang),
      failed: one.isTransformationError,
      ready: portal.documents.isReady(one),
      publicUrl: one.publicUrl,
      pdfUrl: `/bitrix/services/main/ajax.php?action=crm.documentgenerator.document.getPdf&SITE_ID=s1&id=${one.id}`,
    }));
}

function runsView(portal: PortalContext, { lang }: Visitor, dealId: number) {
  const registered = portal.apps.all().flatMap((app) => [...app.robots.values(), ...app.activities.values()]);
  const runs = portal.workflows.runs
    .filter((run) => run.dealId === dealId)
    .map((run) => {
      const registration = registered.find((one) => one.code === run.code);
      const titleOf = (key: string) => localName(registration?.returnProperties[key]?.Name, lang) || key;
      const show = (value: unknown) => list(value).map(text).join(', ');
      return {
        code: run.code,
        state: run.state,
        reason: run.reason ?? '',
        name: localName(registration?.name, lang) || run.code,
        at: showTime(run.startedAt, lang),
        log: run.log.map((line) => ({ at: showTime(line.at, lang), text: line.text })),
        values: Object.entries(run.returnValues)
          .map(([key, value]) => ({ key, title: titleOf(key), value: show(value) }))
          .filter((row) => row.value !== ''),
      };
    });
  const names = new Map(portal.apps.all().flatMap((app) => [...app.triggers]));
  const fired = portal.triggers.fired
    .filter((one) => one.ownerTypeId === 2 && one.ownerId === dealId)
    .map((one) => ({ at: showTime(one.at, lang), name: names.get(one.code) ?? one.code }))
    .toReversed();
  return { runs, fired };
}

/** The whole card, with the parts that stay. */
export function dealPageView(
  portal: PortalContext,
  visitor: Visitor,
  deal: CrmItem,
): Record<string, unknown> {
  const bound = portal.apps
    .all()
    .flatMap((app) => (app.installed ? app.placements.map((placement) => ({ app, placement })) : []));
  const frames = (code: string, idKey: string) =>
    bound
      .filter((one) => one.placement.placement === code)
      .map(({ app, placement }, index) => ({
        id: `app-${app.id}-${index}`,
        title: placement.title,
        frame: {
          app: app.descriptor.code,
          placement: code,
          handler: placement.handler,
          title: placement.title,
          options: { [idKey]: String(deal.id), URI: `/crm/deal/details/${deal.id}/` },
        },
      }));
  return {
    ...dealLiveView(portal, visitor, deal),
    ...automationView(portal, visitor, deal.id),
    appTabs: frames('CRM_DEAL_DETAIL_TAB', 'ID'),
    extensions: frames('CRM_DEAL_DOCUMENTGENERATOR_BUTTON', 'ENTITY_ID'),
    pageData: { dealId: deal.id },
  };
}
