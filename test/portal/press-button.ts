import type { PortalContext } from './context.ts';
import { prepareFrame, type Frame } from './frame-post.ts';
import { map, text } from './rest/params.ts';

/** What a click on a button (or menu item, or link) of a configurable activity does. */
export type ButtonEffect =
  | { kind: 'event' }
  | { kind: 'frame'; frame: Frame; slider: Record<string, unknown> }
  | { kind: 'redirect'; uri: string }
  | { kind: 'none' };

export function pressButton(
  portal: PortalContext,
  click: { activityId: number; buttonId: string; userId: number; lang?: string },
): ButtonEffect {
  const activity = portal.timeline.activity(click.activityId);
  if (!activity?.layout) throw new Error(`no configurable activity ${click.activityId}`);
  const app = portal.apps.byClientId(activity.clientId);
  if (!app) return { kind: 'none' };
  const action = findAction(activity.layout, click.buttonId);
  const place = {
    entityTypeId: activity.ownerTypeId,
    entityId: activity.ownerId,
    activityId: activity.id,
  };
  const given = map(action['actionParams']) as Record<string, string>;
  switch (text(action['type'])) {
    case 'redirect':
      return { kind: 'redirect', uri: text(action['uri']) };
    case 'restEvent': {
      activity.locked = action['animationType'] !== undefined;
      const data = { ...given, id: text(action['id']), ...place, userId: click.userId };
      void portal.queue.fire('ONCRMTIMELINEITEMACTION', data, { app, userId: click.userId });
      return { kind: 'event' };
    }
    case 'openRestApp': {
      const options = { ...place, ...given };
      const frame = prepareFrame(portal, {
        app,
        userId: click.userId,
        placement: 'DEFAULT',
        options,
        lang: click.lang,
      });
      return { kind: 'frame', frame, slider: map(action['sliderParams']) };
    }
    default:
      return { kind: 'none' };
  }
}

function findAction(layout: Record<string, unknown>, id: string): Record<string, unknown> {
  const footer = map(layout['footer']);
  const items = { ...map(map(footer['menu'])['items']), ...map(footer['buttons']) };
  if (items[id]) return map(map(items[id])['action']);
  const blocks = map(map(layout['body'])['blocks']);
  if (blocks[id]) return map(map(map(blocks[id])['properties'])['action']);
  if (id === 'title') return map(map(layout['header'])['titleAction']);
  if (id === 'logo') return map(map(map(layout['body'])['logo'])['action']);
  throw new Error(`no button ${id}`);
}
