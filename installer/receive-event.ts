import type { Log } from '../app/ports/log.ts';
import { PortalError } from '../app/ports/portal.ts';
import { isYes, parseEventForm } from '../app/portal/parse-portal-form.ts';
import type { EventForm } from '../app/portal/parse-portal-form.ts';
import { PortalPostRefused, verifyPortalPost } from '../app/portal/verify-portal-post.ts';
import { proveInstallation } from './prove-installation.ts';
import type { ProofDeps } from './prove-installation.ts';

/** A verified event, without secrets: may be stored and worked on later. */
export interface PortalEvent {
  readonly portalId: string;
  /** Upper case. */
  readonly name: string;
  /** Id of the record a CRM event is about; digits. */
  readonly entityId?: string;
  /** ONAPPUNINSTALL: the user wants the data deleted. */
  readonly clean?: boolean;
  /** ONAPPINSTALL, ONAPPUPDATE: version now installed. */
  readonly version?: string;
  /** onCrmTimelineItemAction: what was pressed, as posted. */
  readonly action?: Readonly<Record<string, string>>;
}

/** @param beforeAsking called with the claimed portal before a server is asked about the event; may refuse by throwing */
export type ReceiveEvent = (
  body: unknown,
  beforeAsking: (portalId: string) => Promise<void>,
) => Promise<PortalEvent>;

/** They bring tokens and an application token of their own, and are believed when those prove themselves. */
const SELF_PROVING = new Set(['ONAPPINSTALL', 'ONAPPUPDATE']);

/**
 * Verifies an event of the portal's queue: by the application token, or (first contact, reinstallation) by exchanging the
 * refresh token it brings, which stores the installation. One read of the store, two requests where proof is needed.
 * @throws PortalPostRefused nothing was changed
 * @throws PortalError retryable: the proof could not be made now
 */
export function createReceiveEvent({ log, ...deps }: ProofDeps & { log: Log }): ReceiveEvent {
  async function findPortal(
    form: EventForm,
    beforeAsking: (portalId: string) => Promise<void>,
  ): Promise<string> {
    const { event, auth } = form;
    const bringsTokens = SELF_PROVING.has(event) && auth.refreshToken !== '' && auth.applicationToken !== '';
    const found = await verifyPortalPost(deps.portals, auth).catch((error: unknown) => {
      if (error instanceof PortalPostRefused) return error;
      throw error;
    });
    if (!(found instanceof PortalPostRefused)) {
      // Where our tokens are dead the event brings living ones.
      const revives = found.state === 'needs_reauth' && bringsTokens;
      if (revives) await beforeAsking(auth.memberId);
      return revives ? prove(form, new PortalPostRefused('wrong_token')) : found.id;
    }
    // The documentation's sample has no application token; the event is a hint to look, nothing more.
    const hint = event === 'ONAPPPAYMENT' && !auth.applicationToken && found.code === 'wrong_token';
    if (!hint && !bringsTokens) throw found;
    await beforeAsking(auth.memberId);
    if (hint) return auth.memberId;
    return prove(form, found);
  }

  async function prove({ event, data, auth }: EventForm, refusal: PortalPostRefused): Promise<string> {
    const language = typeof data['LANGUAGE_ID'] === 'string' ? data['LANGUAGE_ID'] : '';
    try {
      // `auth[domain]` is not held against it: where the portal lives is the OAuth server's word.
      const installation = await proveInstallation(deps, { ...auth, domain: '', language });
      log.info({ portalId: installation.id, event }, 'installation proved by an event');
      return installation.id;
    } catch (error) {
      if (!(error instanceof PortalError) || error.retryable) throw error;
      log.warn({ event, reason: error.code }, 'event refused');
      throw refusal;
    }
  }

  return async (body, beforeAsking) => {
    const form = parseEventForm(body);
    const portalId = await findPortal(form, beforeAsking);
    return describe(portalId, form);
  };
}

function describe(portalId: string, { event, data }: EventForm): PortalEvent {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const fields = data['FIELDS'];
  const id =
    typeof fields === 'object' && fields !== null ? text((fields as Record<string, unknown>)['ID']) : '';
  return {
    portalId,
    name: event,
    ...(/^\d{1,18}$/.test(id) && { entityId: id }),
    ...(event === 'ONAPPUNINSTALL' && { clean: isYes(data['CLEAN']) }),
    ...(SELF_PROVING.has(event) && { version: text(data['VERSION']) }),
    ...(event === 'ONCRMTIMELINEITEMACTION' && { action: flatten(data) }),
  };
}

/** The texts of a nested form by their innermost name. */
function flatten(
  data: Readonly<Record<string, unknown>>,
  into: Record<string, string> = {},
): Record<string, string> {
  for (const [key, value] of Object.entries(data)) {
    if (typeof value === 'string') into[key] = value.slice(0, 500);
    else if (typeof value === 'object' && value !== null) flatten(value as Record<string, unknown>, into);
  }
  return into;
}
