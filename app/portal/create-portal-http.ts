import type http from 'node:http';
import type https from 'node:https';
import { isIP } from 'node:net';
import { createGuardedAgents } from '../net/guarded-agents.ts';
import type { Lookup } from '../net/guarded-agents.ts';
import { isLoopbackHost, isPrivateAddress } from '../net/private-address.ts';
import { PortalError } from '../ports/portal.ts';

export interface PortalHttpOptions {
  /** http and loopback addresses are accepted (demo and tests). */
  readonly allowLoopback: boolean;
  /** Host names that may resolve to private addresses. */
  readonly privateHosts: readonly string[];
  /** Of one request. Bitrix24 itself ends a request after 60 s. */
  readonly timeoutMs?: number;
  /** Name resolution; for tests. */
  readonly lookup?: Lookup;
}

/** How the adapter connects: only to hosts it may, checked again at the moment of connecting (DNS rebinding). */
export interface PortalHttp {
  readonly timeoutMs: number;
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
  /**
   * The REST endpoint of a portal that a form names.
   * @param domain `acme.bitrix24.com`, with a port where it is not the default
   * @param secure what the form's PROTOCOL says; http is accepted on the loopback only
   * @throws PortalError `host_not_allowed`
   */
  endpointOf(domain: string, secure: boolean): string;
  /** @throws PortalError `host_not_allowed` for a URL we never connect to (scheme, credentials, private literal) */
  assertAllowed(url: string): URL;
}

const HOST =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*(?::\d{1,5})?$/i;

/** The one place that decides which hosts are connected to; the agents it gives out enforce it for names too. */
export function createPortalHttp(options: PortalHttpOptions): PortalHttp {
  const privateHosts = new Set(options.privateHosts.map((host) => host.toLowerCase()));

  function mayConnect(hostname: string, address: string): boolean {
    if (!isPrivateAddress(address) || privateHosts.has(hostname.toLowerCase())) return true;
    return options.allowLoopback && isLoopbackHost(hostname) && isLoopbackHost(address);
  }

  function assertAllowed(text: string): URL {
    const refused = (why: string) =>
      new PortalError('host_not_allowed', `portal address refused: ${why}`, false);
    if (!URL.canParse(text)) throw refused('not a URL');
    const url = new URL(text);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (url.username || url.password) throw refused('credentials in it');
    if (url.protocol === 'http:') {
      if (!options.allowLoopback || !isLoopbackHost(host)) throw refused('http');
      return url;
    }
    if (url.protocol !== 'https:') throw refused('neither http nor https');
    if (isIP(host) && !mayConnect(host, host)) throw refused('a private address');
    if (!isIP(host) && !host.includes('.') && !privateHosts.has(host)) throw refused('not a full host name');
    return url;
  }

  return {
    timeoutMs: options.timeoutMs ?? 30_000,
    ...createGuardedAgents(mayConnect, options.lookup),
    assertAllowed,
    endpointOf(domain, secure) {
      if (!HOST.test(domain))
        throw new PortalError('host_not_allowed', 'portal address refused: not a host', false);
      return new URL('/rest/', assertAllowed(`${secure ? 'https' : 'http'}://${domain}`)).href;
    },
  };
}

/** Host of an endpoint as DOMAIN names it: lower case, a port only where it is not the default. */
export const domainOf = (endpoint: string): string => new URL(endpoint).host;
