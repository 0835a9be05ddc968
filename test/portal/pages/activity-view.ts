import type { PortalContext } from '../context.ts';
import { map, text } from '../rest/params.ts';
import { localName } from '../rest/robot-registration.ts';
import type { Activity, TimelineEntry } from '../types.ts';
import { bbToHtml, escapeHtml } from './bb-code.ts';
import { showTime } from './render.ts';
import type { Visitor } from './session.ts';

const ICONS: Record<string, string> = {
  document: '▤',
  check: '✓',
  'circle-check': '✓',
  complete: '✓',
  view: '◉',
  clock: '◷',
  attention: '!',
  'circle-crossed': '✕',
  'mail-outcome': '✉',
  sms: '✆',
  link: '⚯',
  info: 'i',
  robot: '⚙',
  bizproc: '⚙',
};
const KIND_ICONS: Record<string, string> = {
  comment: '❝',
  stage: '→',
  document: '▤',
  todo: '◷',
  created: '+',
};
const LOGOS: Record<string, string> = {
  document: '▤',
  'document-draft': '✎',
  'document-print': '⎙',
  'document-signed': '✔',
  notification: '♪',
  'list-check': '☑',
  bizproc: '⚙',
};

/** The timeline of a record, newest first, ready for the view. */
export function timelineView(
  portal: PortalContext,
  visitor: Visitor,
  entityTypeId: number,
  entityId: number,
): Record<string, unknown> {
  const entries = portal.timeline
    .of(entityTypeId, entityId)
    .toReversed()
    .map((entry) => ({
      ...entry,
      at: showTime(entry.created, visitor.lang),
      author: entry.authorId ? portal.users.fullName(entry.authorId) : '',
      html: entry.text ? bbToHtml(entry.text) : '',
      files: (entry.fileIds ?? []).map((id) => portal.files.get(id)).filter((file) => file !== undefined),
      activity: entry.activityId ? activityView(portal, visitor, entry.activityId) : undefined,
      ...todoView(portal, entry),
    }));
  return {
    entries,
    icon: (entry: TimelineEntry & { activity?: Activity }) =>
      ICONS[entry.iconCode ?? text(map(map(entry.activity?.layout)['icon'])['code'])] ??
      KIND_ICONS[entry.kind] ??
      '•',
    word: (value: unknown) => localName(value, visitor.lang),
    logo: (code: string) => LOGOS[code] ?? '▤',
    blockHtml: (activityId: number, id: string, block: unknown) =>
      blockHtml({ activityId, lang: visitor.lang }, id, map(block)),
  };
}

function todoView(portal: PortalContext, entry: TimelineEntry): Record<string, unknown> {
  if (entry.kind !== 'todo' || !entry.activityId) return {};
  const fields = portal.timeline.activity(entry.activityId)?.fields ?? {};
  return {
    title: text(fields['title']),
    html: escapeHtml(`${text(fields['description'])} · ${text(fields['deadline'])}`),
  };
}

function activityView(
  portal: PortalContext,
  visitor: Visitor,
  id: number,
): Record<string, unknown> | undefined {
  const activity = portal.timeline.activity(id);
  if (!activity) return undefined;
  const deadline = Date.parse(text(activity.fields['deadline']));
  return {
    ...activity,
    at: showTime(activity.updated, visitor.lang),
    deadline: Number.isNaN(deadline) ? '' : showTime(deadline, visitor.lang),
  };
}

interface Where {
  activityId: number;
  lang: string;
}

function blockHtml(where: Where, id: string, block: Record<string, unknown>): string {
  const properties = map(block['properties']);
  const say = (value: unknown) => escapeHtml(localName(value, where.lang));
  switch (block['type']) {
    case 'text':
      return `<span class="${properties['bold'] ? 'strong' : ''}">${say(properties['value'])}</span>`;
    case 'largeText':
      return `<p class="large">${say(properties['value'])}</p>`;
    case 'link':
      return link(where, id, properties);
    case 'withTitle': {
      const inner = blockHtml(where, id, map(properties['block']));
      const inline = properties['inline'] ? 'pair--inline' : '';
      return `<div class="pair ${inline}"><span class="dim">${say(properties['title'])}</span>${inner}</div>`;
    }
    case 'lineOfBlocks':
      return Object.entries(map(properties['blocks']))
        .map(([key, inner]) => blockHtml(where, key, map(inner)))
        .join(' ');
    default:
      return '';
  }
}

function link(where: Where, id: string, properties: Record<string, unknown>): string {
  const label = escapeHtml(localName(properties['text'], where.lang));
  const action = map(properties['action']);
  if (action['type'] === 'redirect') {
    const uri = text(action['uri']);
    return /^(https?:\/\/|\/)/i.test(uri)
      ? `<a href="${escapeHtml(uri)}" target="_blank">${label}</a>`
      : label;
  }
  return `<button type="button" class="linkish" data-press="${where.activityId}" data-button="${escapeHtml(id)}">${label}</button>`;
}
