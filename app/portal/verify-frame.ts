import { languageOf } from '../i18n/translator.ts';
import type { Language } from '../i18n/translator.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { PortalError } from '../ports/portal.ts';
import type { PortalInstallation, PortalStore } from '../ports/portal-store.ts';
import type { BatchCommand, BatchOutcomes } from './batch.ts';
import type { BitrixSettings } from './bitrix-settings.ts';
import type { PortalGateway } from './create-portal-gateway.ts';
import { domainOf } from './create-portal-http.ts';
import type { PortalHttp } from './create-portal-http.ts';
import { withTokenLock } from './create-token-refresher.ts';
import { exchangeRefreshToken } from './exchange-refresh-token.ts';
import type { TokenGrant } from './exchange-refresh-token.ts';
import { parseFrameForm } from './parse-portal-form.ts';
import type { FrameForm } from './parse-portal-form.ts';
import { DEAL } from './read-facts.ts';
import { isRecord } from './rest-error.ts';
import { readText } from './read-values.ts';
import { verifyPortalUser } from './verify-portal-user.ts';
import type { VerifiedUser } from './verify-portal-user.ts';

export type FrameRefusal =
  /** No DOMAIN, token or member id in the form, or a host that is never called. */
  | 'bad_form'
  /** The app is not installed on that portal. */
  | 'not_installed'
  /** Portal, token and member id do not belong together, or the token is another app's. */
  | 'not_verified'
  /** The portal or the OAuth server does not answer: opening the page again may help. */
  | 'portal_unavailable';

export class FrameRefused extends Error {
  readonly code: FrameRefusal;
  constructor(code: FrameRefusal, message: string) {
    super(`frame refused: ${code} (${message})`);
    this.name = 'FrameRefused';
    this.code = code;
  }
}

export interface VerifiedFrame {
  readonly installation: PortalInstallation;
  readonly user: VerifiedUser;
  /** `DEFAULT` for the application page. */
  readonly placement: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Of the user's interface. */
  readonly language: Language;
  /** The deal of a deal placement, only when this user may read it. */
  readonly deal?: { readonly id: string; readonly title: string };
  /** False: an administrator has to finish the installer; nothing is visible in the portal until then. */
  readonly installed: boolean;
  /** The portal's language now; differs from `installation.language` after a change (then register again). */
  readonly portalLanguage: string;
  /** The portal's version of the app; differs from `installation.version` after an update. */
  readonly version: string;
  /** Origin of the verified portal, for frame-ancestors. */
  readonly portalOrigin: string;
}

export interface VerifyFrameDeps {
  readonly portals: PortalStore;
  readonly gateway: PortalGateway;
  readonly bitrix: BitrixSettings;
  readonly http: PortalHttp;
  readonly clock: Clock;
  readonly log: Log;
}

export type VerifyFrame = (query: unknown, body: unknown) => Promise<VerifiedFrame>;

/** The portal that a frame's form says it comes from. */
export const claimedPortalOf = (query: unknown, body: unknown): string =>
  parseFrameForm(query, body).memberId;

/** Where the deal's id stands in PLACEMENT_OPTIONS (b24 docs: widgets/crm). */
const DEAL_OPTION: Readonly<Record<string, string>> = {
  CRM_DEAL_DETAIL_TAB: 'ID',
  CRM_DEAL_DOCUMENTGENERATOR_BUTTON: 'ENTITY_ID',
};

/**
 * Checks the form that opens a frame. It carries no signature: what counts is what the portal, at the address stored for
 * the member id, says about the token in it. One request to the portal; a portal that was renamed costs one to the OAuth
 * server once, and so does an administrator whose opening the app revives a dead installation.
 * @throws FrameRefused
 */
export function createVerifyFrame(deps: VerifyFrameDeps): VerifyFrame {
  const { portals, gateway, bitrix, http, clock, log } = deps;

  const exchange = (form: FrameForm, serverEndpoint: string): Promise<TokenGrant> =>
    exchangeRefreshToken(
      { bitrix, http, now: () => clock.now() },
      { refreshToken: form.refreshToken, serverEndpoint },
    );

  /** Another address than the stored one: only the OAuth server can say that this member id lives there now. */
  async function proveMove(form: FrameForm, installation: PortalInstallation): Promise<TokenGrant> {
    const grant = await exchange(form, installation.serverEndpoint);
    if (grant.memberId !== installation.id || domainOf(grant.clientEndpoint) !== form.domain) {
      throw new FrameRefused('not_verified', 'member id and host do not belong together');
    }
    const { clientEndpoint } = grant;
    await portals.update(installation.id, { clientEndpoint, domain: form.domain, updatedAt: clock.now() });
    log.info({ portalId: installation.id, domain: form.domain }, 'portal renamed');
    return grant;
  }

  /** Tokens are dead since their user left or the app was reinstalled: this administrator's take their place. */
  async function revive(
    form: FrameForm,
    installation: PortalInstallation,
    grant?: TokenGrant,
  ): Promise<void> {
    const { accessToken, refreshToken, expiresAt, userId, memberId } =
      grant ?? (await exchange(form, installation.serverEndpoint));
    if (memberId !== installation.id) throw new FrameRefused('not_verified', 'tokens of another portal');
    const tokens = { accessToken, refreshToken, expiresAt, userId };
    await withTokenLock(portals, installation.id, () =>
      portals.update(installation.id, { state: 'active', tokens, updatedAt: clock.now() }),
    );
    log.info({ portalId: installation.id }, 'the portal works again with the tokens of an administrator');
  }

  async function verify(query: unknown, body: unknown): Promise<VerifiedFrame> {
    const form = parseFrameForm(query, body);
    if (!form.accessToken || !form.memberId)
      throw new FrameRefused('bad_form', 'token or member id is missing');
    const clientEndpoint = http.endpointOf(form.domain, form.secure);
    const installation = await portals.get(form.memberId);
    if (!installation || installation.state === 'uninstalled') {
      throw new FrameRefused('not_installed', 'no installation of this member id');
    }
    const grant = installation.domain === form.domain ? undefined : await proveMove(form, installation);
    const dealCommands = readDealCommand(form);
    const identity = {
      portalId: installation.id,
      clientEndpoint: grant?.clientEndpoint ?? clientEndpoint,
      serverEndpoint: installation.serverEndpoint,
      accessToken: grant?.accessToken ?? form.accessToken,
      userId: '',
    };
    const { user, app, outcomes } = await verifyPortalUser(gateway, identity, bitrix.appCode, dealCommands);
    if (installation.state === 'needs_reauth' && user.isAdmin) await revive(form, installation, grant);
    const deal = readDeal(outcomes);
    return {
      installation: (await portals.get(installation.id)) ?? installation,
      user,
      placement: form.placement,
      options: form.options,
      language: languageOf(form.language),
      ...(deal && { deal }),
      installed: app.installed,
      portalLanguage: app.language,
      version: app.version,
      portalOrigin: new URL(identity.clientEndpoint).origin,
    };
  }

  return async (query, body) => {
    try {
      return await verify(query, body);
    } catch (error) {
      if (!(error instanceof PortalError)) throw error;
      if (error.code === 'host_not_allowed') throw new FrameRefused('bad_form', error.message);
      throw new FrameRefused(error.retryable ? 'portal_unavailable' : 'not_verified', error.code);
    }
  };
}

/** The deal in the options is the browser's word: it is read with this user's token. */
function readDealCommand(form: FrameForm): BatchCommand[] {
  const id = form.options[DEAL_OPTION[form.placement] ?? ''];
  if (typeof id !== 'string' || !/^\d{1,18}$/.test(id)) return [];
  return [{ key: 'deal', method: 'crm.item.get', params: { entityTypeId: DEAL, id } }];
}

function readDeal(outcomes: BatchOutcomes): VerifiedFrame['deal'] {
  const outcome = outcomes.get('deal');
  const item = outcome?.ok && isRecord(outcome.result) ? outcome.result['item'] : undefined;
  return isRecord(item) ? { id: readText(item['id']), title: readText(item['title']) } : undefined;
}
