import { lookup as dnsLookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';

/** Name resolution; tests give their own. */
export type Lookup = (host: string) => Promise<readonly string[]>;

const lookupAll = (hostname: string, lookup?: Lookup): Promise<LookupAddress[]> =>
  lookup
    ? lookup(hostname).then((found) => found.map((address) => ({ address, family: isIP(address) })))
    : new Promise((resolve, reject) => {
        dnsLookup(hostname, { all: true }, (error, found) => (error ? reject(error) : resolve(found)));
      });

/**
 * Agents that connect only where they may, decided at the moment of connecting: a name that was harmless when it was
 * checked may lead elsewhere now (DNS rebinding). A host that is an address itself is not looked up: the caller checks it.
 * @param mayConnect whether a host name may be reached at this address; all its addresses must pass
 * @returns for requests over http and https; they fail with code `EHOSTREFUSED`
 */
export function createGuardedAgents(
  mayConnect: (hostname: string, address: string) => boolean,
  resolveName?: Lookup,
): { httpAgent: http.Agent; httpsAgent: https.Agent } {
  const lookup: LookupFunction = (hostname, asked, callback) => {
    const done = callback;
    lookupAll(hostname, resolveName).then(
      (found) => {
        const first = found[0];
        if (!first || !found.every(({ address }) => mayConnect(hostname, address))) {
          const refused = Object.assign(new Error('the address of this host is not allowed'), {
            code: 'EHOSTREFUSED',
          });
          done(refused, [], 0);
        } else if (asked.all) done(null, found);
        else done(null, first.address, first.family);
      },
      (error: unknown) => done(error instanceof Error ? error : new Error('lookup failed'), [], 0),
    );
  };
  return { httpAgent: new http.Agent({ lookup }), httpsAgent: new https.Agent({ lookup }) };
}
