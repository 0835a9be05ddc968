/**
 * What a portal has of us beside the robots, declared once: applied by installation, update and repair, listed in
 * manifest.json. Texts are keys of the catalog area `installer`.
 */

export interface DeclaredPlacement {
  readonly placement: string;
  /** Path below PUBLIC_URL. */
  readonly path: string;
  readonly title: string;
  readonly description: string;
  /** Without it the app is of no use; the others are missing on older portals. */
  readonly essential: boolean;
}

export const PLACEMENTS: readonly DeclaredPlacement[] = [
  {
    placement: 'CRM_DEAL_DETAIL_TAB',
    path: '/placements/deal-tab',
    title: 'deal_tab_title',
    description: 'deal_tab_description',
    essential: true,
  },
  {
    placement: 'CRM_DEAL_DOCUMENTGENERATOR_BUTTON',
    path: '/placements/document-button',
    title: 'document_button_title',
    description: 'document_button_description',
    essential: false,
  },
  {
    // Links in notifications: `/marketplace/view/<code>/?params[x]=…` opens it in a slider.
    placement: 'REST_APP_URI',
    path: '/app',
    title: 'app_link_title',
    description: 'app_link_description',
    essential: false,
  },
];

/** All events come to one handler. Without the essential ones we would not learn that the app was removed. */
export const EVENTS: readonly { readonly event: string; readonly essential: boolean }[] = [
  { event: 'ONAPPINSTALL', essential: true },
  { event: 'ONAPPUPDATE', essential: true },
  { event: 'ONAPPUNINSTALL', essential: true },
  { event: 'ONAPPPAYMENT', essential: false },
  { event: 'ONCRMDEALDELETE', essential: true },
  { event: 'ONCRMDOCUMENTGENERATORDOCUMENTADD', essential: false },
  { event: 'onCrmTimelineItemAction', essential: false },
];
export const EVENTS_PATH = '/events';

/** CRM triggers; the name is the catalog text `trigger_<code>` in the portal's language. */
export const TRIGGERS = [
  'signing_sent',
  'signing_opened',
  'signing_partly_signed',
  'signing_completed',
  'signing_declined',
  'signing_cancelled',
  'signing_expired',
  'signing_error',
] as const;

/** Scopes the app asks for; each is used. */
export const SCOPES = ['crm', 'bizproc', 'placement', 'im', 'user_basic'] as const;
