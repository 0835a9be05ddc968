import ejs from 'ejs';
import type { Request, Response } from 'express';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PortalContext } from '../context.ts';
import type { Visitor } from './session.ts';

export const uiFolder = fileURLToPath(new URL('../ui/', import.meta.url));

const readTexts = (lang: string) =>
  JSON.parse(readFileSync(`${uiFolder}texts.${lang}.json`, 'utf8')) as Record<string, string>;
const catalogs = { ru: readTexts('ru'), en: readTexts('en') };

export type View = Record<string, unknown>;

/** A view as HTML, with the words of the visitor's language. */
export function renderView(
  portal: PortalContext,
  visitor: Visitor,
  name: string,
  data: View,
): Promise<string> {
  const texts = catalogs[visitor.lang];
  return ejs.renderFile(`${uiFolder}${name}.ejs`, {
    lang: visitor.lang,
    texts,
    user: visitor.user,
    t: (key: string) => texts[key] ?? key,
    json: (value: unknown) => JSON.stringify(value).replaceAll('<', '\\u003c'),
    initials: (id: number) => initials(portal, id),
    users: portal.users.all().filter((one) => one.active),
    ...data,
  });
}

/** A whole page. */
export async function sendPage(
  portal: PortalContext,
  visitor: Visitor,
  where: { req: Request; res: Response; page: string; title: string; view: string; status?: number },
  data: View = {},
): Promise<void> {
  const { req, res } = where;
  const html = await renderView(portal, visitor, where.view, {
    page: where.page,
    pageTitle: where.title,
    path: req.originalUrl,
    inSlider: req.query['IFRAME'] === 'Y',
    currentApp: '',
    menuApps: menuApps(portal),
    pageData: {},
    ...data,
  });
  res
    .status(where.status ?? 200)
    .type('html')
    .send(html);
}

export function menuApps(portal: PortalContext): { code: string; title: string; href: string }[] {
  return portal.apps
    .all()
    .filter((app) => app.present)
    .map((app) => ({
      code: app.descriptor.code,
      title: app.descriptor.name ?? app.descriptor.code,
      href: `/marketplace/app/${app.descriptor.code}/`,
    }));
}

export function initials(portal: PortalContext, id: number): string {
  const user = portal.users.get(id);
  return user ? `${user.name[0] ?? ''}${user.lastName[0] ?? ''}` : '✦';
}

export function word(catalog: 'ru' | 'en', key: string): string {
  return catalogs[catalog][key] ?? key;
}

/** Date and time as the portal shows them. */
export function showTime(ms: number, lang: 'ru' | 'en'): string {
  return new Date(ms).toLocaleString(lang === 'ru' ? 'ru-RU' : 'en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'Europe/Moscow',
  });
}

export function showMoney(amount: unknown, currency: unknown, lang: 'ru' | 'en'): string {
  if (typeof amount !== 'number') return '—';
  return new Intl.NumberFormat(lang === 'ru' ? 'ru-RU' : 'en-GB', {
    style: 'currency',
    currencyDisplay: 'narrowSymbol',
    currency: typeof currency === 'string' ? currency : 'RUB',
    maximumFractionDigits: 2,
    minimumFractionDigits: Number.isInteger(amount) ? 0 : 2,
  }).format(amount);
}
