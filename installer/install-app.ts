import type { Log } from '../app/ports/log.ts';
import { PortalError } from '../app/ports/portal.ts';
import { parseFrameForm } from '../app/portal/parse-portal-form.ts';
import { FrameRefused } from '../app/portal/verify-frame.ts';
import type { VerifyFrame } from '../app/portal/verify-frame.ts';
import { proveInstallation } from './prove-installation.ts';
import type { ProofDeps } from './prove-installation.ts';
import type { RegisterApp, RegistrationReport } from './register-app.ts';

/** Why an installation was refused; the page's text is `installer.refused_<code>`. */
export type InstallRefusal =
  /** The form lacks what it must have, or names a host that is never called. */
  | 'bad_form'
  /** Portal, token, app and member id do not belong together. */
  | 'not_verified'
  | 'not_admin'
  /** The form was posted before: its refresh token is used up. */
  | 'form_used'
  /** A server does not answer: opening the installer again may help. */
  | 'portal_unavailable';

export class InstallRefused extends Error {
  readonly code: InstallRefusal;
  constructor(code: InstallRefusal, message: string) {
    super(`installation refused: ${code} (${message})`);
    this.name = 'InstallRefused';
    this.code = code;
  }
}

export interface Installed {
  readonly portalId: string;
  /** Origin of the verified portal. */
  readonly portalOrigin: string;
  readonly registration: RegistrationReport;
}

export interface InstallAppDeps extends ProofDeps {
  readonly registerApp: RegisterApp;
  readonly verifyFrame: VerifyFrame;
  /** Opens the balance, for instance; must bear repetition. */
  readonly onInstalled: (portalId: string) => Promise<void>;
  readonly log: Log;
}

export type InstallApp = (query: unknown, body: unknown) => Promise<Installed>;

/** A map: the codes are a server's own words, `constructor` may be one. */
const REFUSALS: ReadonlyMap<string, InstallRefusal> = new Map([
  ['host_not_allowed', 'bad_form'],
  ['not_admin', 'not_admin'],
  ['needs_reauth', 'form_used'],
]);

/**
 * The installer page's work: verify, store, register. May be repeated at will (the portal shows the installer again
 * after every update); a page that is reloaded posts a used-up form, and then the stored installation is registered anew.
 * @throws InstallRefused nothing was stored, or the portal could not be asked to the end
 */
export function createInstallApp(deps: InstallAppDeps): InstallApp {
  const { portals, http, registerApp, verifyFrame, onInstalled, log } = deps;

  async function install(query: unknown, body: unknown): Promise<Installed> {
    const form = parseFrameForm(query, body);
    http.endpointOf(form.domain, form.secure);
    if (!form.memberId || !form.refreshToken)
      throw new InstallRefused('bad_form', 'token or member id is missing');
    const portalOrigin = await prove(query, body);
    await onInstalled(form.memberId);
    const registration = await registerApp(form.memberId);
    const { ok, features } = registration;
    log.info({ portalId: form.memberId, domain: form.domain, ok, features }, 'installed');
    return { portalId: form.memberId, portalOrigin, registration };
  }

  async function prove(query: unknown, body: unknown): Promise<string> {
    const form = parseFrameForm(query, body);
    try {
      return new URL((await proveInstallation(deps, form)).clientEndpoint).origin;
    } catch (error) {
      const used = error instanceof PortalError && error.code === 'needs_reauth';
      const known = used ? await portals.get(form.memberId) : undefined;
      if (known?.state !== 'active') throw error;
      const frame = await verifyFrame(query, body);
      if (!frame.user.isAdmin) throw new InstallRefused('not_admin', 'the user is no administrator');
      return frame.portalOrigin;
    }
  }

  return async (query, body) => {
    try {
      return await install(query, body);
    } catch (error) {
      if (error instanceof FrameRefused) {
        const unavailable = error.code === 'portal_unavailable';
        throw new InstallRefused(unavailable ? 'portal_unavailable' : 'form_used', error.message);
      }
      if (!(error instanceof PortalError)) throw error;
      const code = error.retryable ? 'portal_unavailable' : (REFUSALS.get(error.code) ?? 'not_verified');
      throw new InstallRefused(code, error.code);
    }
  };
}
