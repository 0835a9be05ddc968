import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { BrowserContext } from 'playwright-core';

/**
 * Chromium's own switches of an isolated test browser. Not those of the packaged browser's `args`, which turn off web
 * security and site isolation and would make every test of frames worthless.
 */
const ARGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

let unpacked: Promise<string> | undefined;

/** The browser of the tests: `CHROME_PATH`, else the one that comes in an npm package and needs nothing of the system. */
export async function browserPath(): Promise<string> {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  return (unpacked ??= unpack());
}

/**
 * Unpacks the package's Chromium into a folder of our own. The package would take `/tmp/chromium` and run whatever lies
 * there already, put by another version or another person.
 */
async function unpack(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cs-chromium-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  // Tells the package to unpack the libraries that a bare Linux lacks (NSS); it asks for the runtime of AWS Lambda.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs24.x';
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    const executable = await packaged.executablePath();
    await writeFile(join(folder, 'fonts', 'fonts.conf'), fontConfig(folder));
    return executable;
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

/** The package's own file looks for its fonts in `/tmp/fonts` only, and without any font Chromium ends at the first text. */
const fontConfig = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <dir>${fileURLToPath(new URL('../../node_modules/dejavu-fonts-ttf/ttf', import.meta.url))}</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;

export interface TestBrowser {
  readonly context: BrowserContext;
  /** Messages of pages that broke: script errors and CSP violations. A test expects it to be empty. */
  readonly complaints: string[];
  close(): Promise<void>;
}

export async function openBrowser(
  options: { width?: number; height?: number; locale?: string; mobile?: boolean } = {},
): Promise<TestBrowser> {
  const { width = 1440, height = 900, locale = 'ru-RU', mobile = false } = options;
  const executablePath = await browserPath();
  const profile = await mkdtemp(join(tmpdir(), 'cs-browser-'));
  await mkdir(profile, { recursive: true });
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: ARGS,
    headless: true,
    viewport: { width, height },
    locale,
    timezoneId: 'Europe/Minsk',
    acceptDownloads: true,
    ...(mobile ? { isMobile: true, hasTouch: true } : {}),
  });
  context.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  context.on('weberror', (error) => complaints.push(`script: ${error.error().message}`));
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.page()?.url() ?? ''}: ${message.text()}`);
  });
  return {
    context,
    complaints,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
