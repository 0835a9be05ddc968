import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** The browser of the tests: `CHROME_PATH`, else the one that comes in an npm package and needs nothing of the system. */
export async function browserPath(): Promise<string> {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  // Tells the package to unpack the libraries that a bare Linux lacks (NSS); it asks for the runtime of AWS Lambda.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs24.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  return packaged.executablePath();
}

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
