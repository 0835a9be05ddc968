import { accessSync, constants } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';

/** Official OAuth servers (docs: settings/oauth; bitrix24.tech serves ru, by, kz and neighbours, bitrix.info the rest). */
const OFFICIAL_AUTH_SERVERS =
  'https://oauth.bitrix24.tech,https://oauth.bitrix.info,https://oauth.bitrix24.info';

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
const optional = z.string().trim().default('');
const integer = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);

const schema = z.object({
  NODE_ENV: optional,
  PORT: integer(3000, 0, 65535),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: optional,
  TRUST_PROXY: optional,
  B24_CLIENT_ID: optional,
  B24_CLIENT_SECRET: optional,
  B24_AUTH_SERVERS: z.string().default(OFFICIAL_AUTH_SERVERS),
  B24_APP_CODE: optional,
  PRIVATE_HOSTS: optional,
  MONGODB_URI: optional,
  S3_URL: optional,
  ALLOW_EMBEDDED_STORE: optional,
  DATA_DIR: z.string().default('./data'),
  APP_SECRET: optional,
  APP_SECRET_OLD: optional,
  ROLE: z.enum(['all', 'web', 'worker']).default('all'),
  SMTP_URL: optional,
  MAIL_FROM: optional,
  SMS_URL: optional,
  SEAL_P12: optional,
  SEAL_P12_PASSWORD: optional,
  TRUST_ANCHORS: optional,
  TSA_URL: optional,
  MAX_PDF_MB: integer(50, 1, 200),
  MAX_PDF_PAGES: integer(500, 1, 5000),
  START_CREDITS: integer(20, 0, 1_000_000),
  TRACK_INTERVAL_S: integer(30, 1, 3600),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  OPERATOR_TOKEN: optional,
});

export interface Config {
  readonly production: boolean;
  readonly port: number;
  readonly host: string;
  /** Origin without a trailing slash. */
  readonly publicUrl: string;
  readonly trustProxy: readonly string[];
  readonly bitrix: {
    readonly clientId: string;
    readonly clientSecret: string;
    /** Origins that may be sent the client secret. */
    readonly authServers: readonly string[];
    readonly appCode: string;
    /** http portals on the loopback are accepted (only outside production, with a loopback OAuth server listed). */
    readonly allowLoopback: boolean;
  };
  readonly privateHosts: readonly string[];
  /** Empty: the embedded store. */
  readonly mongodbUri: string;
  readonly dataDir: string;
  /** Empty: generated into `dataDir` (never in production). */
  readonly appSecret: string;
  readonly appSecretOld: string;
  readonly role: 'all' | 'web' | 'worker';
  readonly smtpUrl: string;
  readonly mailFrom: string;
  readonly smsUrl: string;
  readonly sealP12: string;
  readonly sealP12Password: string;
  /** PEM file of authorities whose signatures the verification page calls trusted; empty: the operator's own only. */
  readonly trustAnchors: string;
  readonly tsaUrls: readonly string[];
  /** Of all documents of one signing together. */
  readonly limits: { readonly maxBytes: number; readonly maxPages: number };
  readonly startCredits: number;
  readonly trackIntervalS: number;
  readonly logLevel: string;
  readonly operatorToken: string;
}

/** Thrown with every problem of the environment at once; the process then exits with 78 (EX_CONFIG of sysexits.h). */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: string[]) {
    super(`The environment cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * The environment as a frozen, typed object.
 * @param env usually `process.env`
 * @throws ConfigError listing every problem found
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const { values, problems } = readValues(given);
  const production = values.NODE_ENV === 'production';

  const required = ['PUBLIC_URL', 'B24_CLIENT_ID', 'B24_CLIENT_SECRET'] as const;
  for (const name of required) if (!values[name]) problems.push(`${name} is missing`);
  if (production && values.APP_SECRET.length < 32)
    problems.push('APP_SECRET needs at least 32 characters in production');
  if (production && !values.MONGODB_URI && values.ALLOW_EMBEDDED_STORE !== '1') {
    problems.push(
      'MONGODB_URI is missing (or set ALLOW_EMBEDDED_STORE=1 to run production on the embedded store)',
    );
  }
  if (values.SMTP_URL && !values.MAIL_FROM) problems.push('MAIL_FROM is missing beside SMTP_URL');

  const publicUrl = originOf(values.PUBLIC_URL);
  if (values.PUBLIC_URL && !publicUrl) problems.push('PUBLIC_URL is not an http(s) origin');
  if (publicUrl?.startsWith('http:') && (production || !isLoopback(publicUrl))) {
    problems.push('PUBLIC_URL must be https (http only for a loopback address outside production)');
  }

  const authServers: string[] = [];
  for (const text of list(values.B24_AUTH_SERVERS)) {
    const origin = originOf(text);
    if (!origin) problems.push(`B24_AUTH_SERVERS: "${text}" is not an origin`);
    else if (origin.startsWith('http:') && (production || !isLoopback(origin))) {
      problems.push(`B24_AUTH_SERVERS: ${origin} must be https`);
    } else authServers.push(origin);
  }
  for (const name of ['SMS_URL', 'TSA_URL'] as const) {
    for (const url of list(values[name])) if (!originOf(url)) problems.push(`${name}: "${url}" is not a URL`);
  }
  if (values.SMTP_URL && !/^smtps?:\/\/[^/]+/.test(values.SMTP_URL)) {
    problems.push('SMTP_URL is not an smtp:// or smtps:// URL');
  }
  if (values.MONGODB_URI && !/^mongodb(\+srv)?:\/\/[^/]+/.test(values.MONGODB_URI)) {
    problems.push('MONGODB_URI is not a mongodb:// or mongodb+srv:// address');
  }
  for (const name of ['SEAL_P12', 'TRUST_ANCHORS'] as const) {
    if (values[name] && !isReadable(values[name])) problems.push(`${name}: there is no such file to read`);
  }
  for (const proxy of list(values.TRUST_PROXY)) {
    if (!isProxy(proxy)) problems.push(`TRUST_PROXY: "${proxy}" is not an address`);
  }
  if (values.S3_URL)
    problems.push('S3_URL is not supported yet: leave it empty, files are kept in the store');
  if (problems.length > 0) throw new ConfigError(problems);

  return Object.freeze({
    production,
    port: values.PORT,
    host: values.HOST,
    publicUrl: publicUrl ?? '',
    trustProxy: list(values.TRUST_PROXY),
    bitrix: {
      clientId: values.B24_CLIENT_ID,
      clientSecret: values.B24_CLIENT_SECRET,
      authServers,
      appCode: values.B24_APP_CODE || values.B24_CLIENT_ID,
      allowLoopback: authServers.some((origin) => origin.startsWith('http:')),
    },
    privateHosts: list(values.PRIVATE_HOSTS),
    mongodbUri: values.MONGODB_URI,
    dataDir: values.DATA_DIR,
    appSecret: values.APP_SECRET,
    appSecretOld: values.APP_SECRET_OLD,
    role: values.ROLE,
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM || 'Countersign <no-reply@countersign.invalid>',
    smsUrl: values.SMS_URL,
    sealP12: values.SEAL_P12,
    sealP12Password: values.SEAL_P12_PASSWORD,
    trustAnchors: values.TRUST_ANCHORS,
    tsaUrls: list(values.TSA_URL),
    limits: { maxBytes: values.MAX_PDF_MB * 1024 * 1024, maxPages: values.MAX_PDF_PAGES },
    startCredits: values.START_CREDITS,
    trackIntervalS: values.TRACK_INTERVAL_S,
    logLevel: values.LOG_LEVEL,
    operatorToken: values.OPERATOR_TOKEN,
  });
}

/** What can be read, with the defaults where something is wrong, so that everything else is still checked. */
function readValues(given: Record<string, string | undefined>): {
  values: z.infer<typeof schema>;
  problems: string[];
} {
  const parsed = schema.safeParse(given);
  if (parsed.success) return { values: parsed.data, problems: [] };
  const { issues } = parsed.error;
  const wrong = new Set(issues.map((issue) => String(issue.path[0])));
  return {
    values: schema.parse(Object.fromEntries(Object.entries(given).filter(([name]) => !wrong.has(name)))),
    problems: issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  };
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** What Express takes as a trusted proxy: an address, a range, or one of its three names for ranges. */
function isProxy(text: string): boolean {
  const [address = '', bits] = text.split('/');
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  return isIP(address) !== 0 && (bits === undefined || /^\d{1,3}$/.test(bits));
}

function originOf(text: string): string | undefined {
  try {
    const url = new URL(text);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.origin : undefined;
  } catch {
    return undefined;
  }
}

function isLoopback(origin: string): boolean {
  const host = new URL(origin).hostname.replace(/^\[|\]$/g, '');
  return isIP(host) ? host === '::1' || host.startsWith('127.') : host === 'localhost';
}
