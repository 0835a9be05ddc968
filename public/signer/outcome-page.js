import { showLocalTimes } from './local-times.js';
import { readConfig } from './page-config.js';

const EVERY_MS = 10_000;
/** @type {{ base: string, state: string, signed: number, watch: boolean }} */
const config = readConfig();

showLocalTimes();

/** Looks whether something has changed, while somebody looks at the page, and then shows it. */
async function look() {
  if (document.visibilityState === 'hidden') return;
  try {
    const response = await fetch(`${config.base}/status`, { headers: { Accept: 'application/json' } });
    if (!response.ok) return;
    const status = await response.json();
    if (status.state !== config.state || status.signed !== config.signed) location.reload();
  } catch {
    // Without a connection the page stays as it is; the next look may succeed.
  }
}
if (config.watch) {
  setInterval(look, EVERY_MS);
  setTimeout(look, 2000);
  document.addEventListener('visibilitychange', look);
}
