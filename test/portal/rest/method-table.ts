import type { Methods } from './method.ts';
import { activityMethods } from './methods/activities.ts';
import { appMethods } from './methods/app.ts';
import { contactMethods } from './methods/contacts.ts';
import { dealMethods } from './methods/deals.ts';
import { diskMethods } from './methods/disk.ts';
import { documentMethods } from './methods/documents.ts';
import { eventMethods } from './methods/events.ts';
import { itemMethods } from './methods/items.ts';
import { notifyMethods } from './methods/notify.ts';
import { placementMethods } from './methods/placements.ts';
import { robotMethods } from './methods/robots.ts';
import { timelineMethods } from './methods/timeline.ts';
import { triggerMethods } from './methods/triggers.ts';
import { userMethods } from './methods/users.ts';
import { workflowMethods } from './methods/workflow.ts';

let table: Methods | undefined;

/** Every method of the portal, by its name in lower case. */
export function methodTable(): Methods {
  const all: Methods = {
    ...appMethods,
    ...eventMethods,
    ...placementMethods,
    ...robotMethods,
    ...workflowMethods,
    ...itemMethods,
    ...dealMethods,
    ...contactMethods,
    ...documentMethods,
    ...timelineMethods,
    ...activityMethods,
    ...triggerMethods,
    ...notifyMethods,
    ...userMethods,
    ...diskMethods,
  };
  table ??= Object.fromEntries(Object.entries(all).map(([name, method]) => [name.toLowerCase(), method]));
  return table;
}
