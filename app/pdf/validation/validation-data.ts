import { buildPath } from '../certificate/build-path.ts';
import type { ParsedCertificate } from '../cms/read-certificate.ts';
import type { CertificateStatus } from './certificate-status.ts';
import { statusInOcsp } from './check-ocsp.ts';
import { statusInList } from './check-revocation-list.ts';
import type { OcspAnswer } from './read-ocsp.ts';
import type { RevocationList } from './read-revocation-list.ts';

/** What there is to check certificates with: nothing in it is believed before its signature was checked. */
export interface ValidationData {
  certificates: ParsedCertificate[];
  answers: OcspAnswer[];
  lists: RevocationList[];
}

export const joinValidationData = (...all: ValidationData[]): ValidationData => ({
  certificates: all.flatMap(({ certificates }) => certificates),
  answers: all.flatMap(({ answers }) => answers),
  lists: all.flatMap(({ lists }) => lists),
});

/** What the data says about a certificate: everything that its issuer really said. */
export function statusesOf(
  certificate: ParsedCertificate,
  issuer: ParsedCertificate,
  { answers, lists }: ValidationData,
): CertificateStatus[] {
  return [
    ...answers.map((answer) => attempt(() => statusInOcsp(answer, certificate, issuer))),
    ...lists.map((list) => attempt(() => statusInList(list, certificate, issuer))),
  ].filter((status) => status !== undefined);
}

/** What of the data proves a certificate and those above it. */
export function dataFor(leaf: ParsedCertificate, data: ValidationData): ValidationData {
  const path = buildPath(leaf, data.certificates);
  const links = path.flatMap((certificate, index) => {
    const issuer = path[index + 1];
    return issuer ? [{ certificate, issuer }] : [];
  });
  const speaksOf = <T>(
    item: T,
    statusIn: (item: T, ...link: [ParsedCertificate, ParsedCertificate]) => unknown,
  ) =>
    links.some(({ certificate, issuer }) => attempt(() => statusIn(item, certificate, issuer)) !== undefined);
  return {
    certificates: path,
    answers: data.answers.filter((answer) => speaksOf(answer, statusInOcsp)),
    lists: data.lists.filter((list) => speaksOf(list, statusInList)),
  };
}

/** An answer that turns out unreadable only now is no answer. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
