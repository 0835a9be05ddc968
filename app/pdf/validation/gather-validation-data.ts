import { randomBytes } from 'node:crypto';
import type { FetchValidationData } from '../../ports/pdf-engine.ts';
import { buildPath } from '../certificate/build-path.ts';
import { readExtensions } from '../certificate/read-extensions.ts';
import type { CertificateExtensions } from '../certificate/read-extensions.ts';
import { readCertificate } from '../cms/read-certificate.ts';
import type { ParsedCertificate } from '../cms/read-certificate.ts';
import { readSignedData } from '../cms/read-cms.ts';
import { revocationOf } from '../verify/judge-revocation.ts';
import { CLOCK_SKEW_MS } from './certificate-status.ts';
import type { CertificateStatus } from './certificate-status.ts';
import { statusInOcsp } from './check-ocsp.ts';
import { statusInList } from './check-revocation-list.ts';
import { readOcsp } from './read-ocsp.ts';
import { readRevocationList } from './read-revocation-list.ts';
import type { RevocationList } from './read-revocation-list.ts';
import type { ValidationData } from './validation-data.ts';
import { writeOcspQuery } from './write-ocsp-query.ts';

/** Addresses of one kind that are tried for one certificate. */
const MAX_URLS = 3;
const MAX_ISSUERS = 4;
/** For an answer that does not say until when it is good. */
const FRESH_MS = 24 * 3600_000;

/** Whether an answer is right at a moment: not from the future, and not outdated. */
function isCurrent({ thisUpdate, nextUpdate }: CertificateStatus, at: Date): boolean {
  const until = nextUpdate?.getTime() ?? thisUpdate.getTime() + FRESH_MS;
  return thisUpdate.getTime() - CLOCK_SKEW_MS <= at.getTime() && at.getTime() <= until + CLOCK_SKEW_MS;
}

const keyOf = ({ raw }: ParsedCertificate): string => raw.toString('base64');
const NOWHERE = { ocspUrls: [], issuerUrls: [], listUrls: [] };

/** Where a certificate says that its authorities can be asked; nowhere, where that cannot be read. */
function authoritiesOf({ raw }: ParsedCertificate): Pick<CertificateExtensions, keyof typeof NOWHERE> {
  try {
    return readExtensions(raw);
  } catch {
    return NOWHERE;
  }
}

/** A certificate as authorities publish it (RFC 5280, 4.2.2.1): itself, or in a CMS of nothing but certificates. */
function readPublished(bytes: Uint8Array): ParsedCertificate[] {
  try {
    return [readCertificate(bytes)];
  } catch {
    return readSignedData(bytes).certificates;
  }
}

/**
 * Asks the authorities of certificate paths what there is to ask. What they answer is checked before it is taken: that it
 * is about this certificate, to this question, current, and signed by whoever may say so. An answer that fails is as if it
 * had not come, and the next address is tried: OCSP first, then revocation lists.
 * @param fetch absent: nobody is asked, only what is known already is used
 * @param known what the document and its signatures carry; what is found is added to it
 * @param now by which an answer must be current
 */
export function createGatherer(options: {
  fetch: FetchValidationData | undefined;
  known: ValidationData;
  now: Date;
}) {
  const { fetch, known, now } = options;
  const asked = new Map<string, Promise<void>>();
  /** Asks once whatever is asked under the same name. */
  const once = (name: string, ask: () => Promise<void>): Promise<void> => {
    const running = asked.get(name) ?? ask();
    asked.set(name, running);
    return running;
  };

  /** Tries addresses until one has given what `take` accepts. */
  const tryEach = async (urls: string[], take: (url: string) => Promise<boolean>): Promise<boolean> => {
    for (const url of urls.slice(0, MAX_URLS)) {
      if (await take(url).catch(() => false)) return true;
    }
    return false;
  };

  const askOcsp = (certificate: ParsedCertificate, issuer: ParsedCertificate) => async (url: string) => {
    if (!fetch) return false;
    const nonce = randomBytes(16);
    const answer = readOcsp(await fetch(url, writeOcspQuery(certificate, issuer, nonce)));
    if (answer.nonce && !answer.nonce.equals(nonce)) return false; // responders may leave it out (RFC 5019)
    const status = statusInOcsp(answer, certificate, issuer);
    if (!status || !isCurrent(status, now)) return false;
    known.answers.push(answer);
    return true;
  };

  /** One list speaks of many certificates. */
  const published = new Map<string, Promise<RevocationList>>();
  const askList = (certificate: ParsedCertificate, issuer: ParsedCertificate) => async (url: string) => {
    if (!fetch) return false;
    const running = published.get(url) ?? fetch(url).then(readRevocationList);
    published.set(url, running);
    const list = await running;
    const status = statusInList(list, certificate, issuer);
    if (!status || !isCurrent(status, now)) return false;
    if (!known.lists.includes(list)) known.lists.push(list);
    return true;
  };

  /** Looks for the certificate above `top`, which nobody sent along, where it is published. */
  const askIssuer = (top: ParsedCertificate): Promise<void> =>
    once(`issuer of ${keyOf(top)}`, async () => {
      await tryEach(authoritiesOf(top).issuerUrls, async (url) => {
        if (!fetch) return false;
        const [, issuer] = buildPath(top, readPublished(await fetch(url)));
        if (issuer) known.certificates.push(issuer);
        return issuer !== undefined;
      });
    });

  const findPath = async (leaf: ParsedCertificate): Promise<ParsedCertificate[]> => {
    let path = buildPath(leaf, known.certificates);
    for (let round = 0; round < MAX_ISSUERS; round++) {
      const top = path.at(-1) ?? leaf;
      if (top.subject.equals(top.issuer)) break;
      await askIssuer(top);
      const longer = buildPath(leaf, known.certificates);
      if (longer.length === path.length) break;
      path = longer;
    }
    return path;
  };

  /**
   * Finds what proves a signer's certificate and those above it.
   * @param at the moment of signing; nobody is asked about what is known for that moment already
   */
  return async function gather(leaf: ParsedCertificate, at: Date): Promise<void> {
    const path = await findPath(leaf);
    await Promise.all(
      path.map(async (certificate, index) => {
        const issuer = path[index + 1];
        if (!issuer || revocationOf(certificate, issuer, known, at).revocation !== 'unknown') return;
        await once(`state of ${keyOf(certificate)}`, async () => {
          const { ocspUrls, listUrls } = authoritiesOf(certificate);
          const answered = await tryEach(ocspUrls, askOcsp(certificate, issuer));
          if (!answered) await tryEach(listUrls, askList(certificate, issuer));
        });
      }),
    );
  };
}
