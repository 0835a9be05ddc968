const ENTITIES = ['DEAL', 'LEAD', 'CONTACT', 'COMPANY', 'QUOTE', 'SMART_INVOICE', 'DYNAMIC_147'];
const PLACES = [
  'DETAIL_TAB',
  'DETAIL_TOOLBAR',
  'DETAIL_ACTIVITY',
  'LIST_MENU',
  'LIST_TOOLBAR',
  'DOCUMENTGENERATOR_BUTTON',
  'ACTIVITY_TIMELINE_MENU',
  'ROBOT_DESIGNER_TOOLBAR',
];

/** Codes that `placement.bind` knows. The settings dialog of a robot is bound with the robot. */
export const PLACEMENTS = [
  ...ENTITIES.flatMap((entity) => PLACES.map((place) => `CRM_${entity}_${place}`)),
  'LEFT_MENU',
  'REST_APP_URI',
  'PAGE_BACKGROUND_WORKER',
];

/** One handler an app. */
export const SINGLE_PLACEMENTS = ['REST_APP_URI', 'PAGE_BACKGROUND_WORKER'];

export const SETTINGS_PLACEMENT = 'BIZPROC_ACTIVITY_PROPERTIES_DIALOG';
