import { createHash, randomBytes } from 'node:crypto';
import { verifySmtp } from '../../notify/verify-smtp.ts';
import { UsageError, print } from '../command.ts';
import type { Command } from '../command.ts';
import type { Container } from '../../container.ts';

const DAY_MS = 86_400_000;
const MAX_CLOCK_ERROR_S = 60;
type Finding = { readonly level: 'ok' | 'warning' | 'problem'; readonly text: string };
const ok = (text: string): Finding => ({ level: 'ok', text });
const warning = (text: string): Finding => ({ level: 'warning', text });
const problem = (text: string): Finding => ({ level: 'problem', text });

/** Each check says what it found and, when it is bad, what to do. */
const checks: ((container: Container) => Promise<Finding>)[] = [
  async ({ config }) =>
    ok(`configuration: complete; role ${config.role}, public address ${config.publicUrl}`),
  async ({ store, config }) => {
    await store.ping();
    if (config.mongodbUri) return ok('store: MongoDB answers');
    const text = 'store: the embedded store answers; it serves one machine';
    return config.production ? warning(`${text}; set MONGODB_URI for more`) : ok(text);
  },
  async ({ files, clock }) => {
    const id = `doctor/${clock.now().getTime()}`;
    const bytes = randomBytes(64);
    await files.put(id, bytes, { portalId: 'doctor', name: 'doctor', type: 'application/octet-stream' });
    const same = Buffer.from(await files.get(id)).equals(bytes);
    await files.remove(id);
    return same ? ok('files: written and read back') : problem('files: what is read is not what was written');
  },
  async ({ config }) => {
    if (!config.smtpUrl) return warning('mail: no SMTP_URL, mails go to the outbox folder and reach nobody');
    await verifySmtp(config.smtpUrl);
    return ok('mail: the server accepts our login');
  },
  async ({ certificate, clock }) => {
    const days = Math.floor((certificate.validTo.getTime() - clock.now().getTime()) / DAY_MS);
    if (days < 0)
      return problem(`certificate: expired on ${certificate.validTo.toISOString()}; replace SEAL_P12`);
    if (days < 30) return warning(`certificate: ends in ${days} days; order a new one`);
    if (certificate.selfIssued)
      return warning('certificate: self-signed, proves integrity but not identity; set SEAL_P12');
    return ok(`certificate: ${certificate.subject}, valid for ${days} more days`);
  },
  async ({ config, postTimestampQuery }) => {
    if (config.tsaUrls.length === 0)
      return warning('time-stamps: no TSA_URL, signing times rest on this clock alone');
    const query = timestampQuery();
    for (const url of config.tsaUrls) {
      const answer = await postTimestampQuery(url, query);
      if (answer.length < 100) return problem(`time-stamps: ${url} gave no token`);
    }
    return ok(`time-stamps: ${config.tsaUrls.length} server(s) answer`);
  },
  async ({ clock, config }) => {
    const [server = ''] = config.bitrix.authServers;
    const answer = await fetch(server, { method: 'HEAD', signal: AbortSignal.timeout(5000) }).catch(
      () => undefined,
    );
    const theirs = Date.parse(answer?.headers.get('date') ?? '');
    if (Number.isNaN(theirs)) return warning(`clock: not compared, ${server} does not answer`);
    const secondsOff = Math.round((clock.now().getTime() - theirs) / 1000);
    if (Math.abs(secondsOff) <= MAX_CLOCK_ERROR_S)
      return ok(`clock: within ${MAX_CLOCK_ERROR_S} s of Bitrix24's`);
    return problem(`clock: ${secondsOff} s off Bitrix24's; start a time service`);
  },
  async ({ portals }) => {
    const all = await portals.list();
    const lost = all.filter((portal) => portal.state === 'needs_reauth').map((portal) => portal.domain);
    if (lost.length === 0) return ok(`portals: ${all.length}, none waits for an admin`);
    return problem(`portals: an admin must open the app again on ${lost.join(', ')}`);
  },
];

export const doctor: Command = {
  usage: 'doctor',
  about: 'checks configuration, store, mail, certificate, time-stamps, clock',
  async run(container) {
    let problems = 0;
    for (const check of checks) {
      const finding = await check(container).catch((error: unknown) => problem(`${String(error)}`));
      if (finding.level === 'problem') problems += 1;
      print(`${finding.level.toUpperCase().padEnd(8)} ${finding.text}`);
    }
    if (problems > 0) throw new UsageError(`${problems} problem(s) to solve`);
  },
};

/** A TimeStampReq (RFC 3161, 2.4.1) over a random hash: version 1, SHA-256, certReq. */
function timestampQuery(): Uint8Array {
  const imprint = createHash('sha256').update(randomBytes(32)).digest();
  const head = Buffer.from('303902010130 31300d060960864801650304020105000420'.replaceAll(' ', ''), 'hex');
  return Buffer.concat([head, imprint, Buffer.from('0101ff', 'hex')]);
}
