import { connectFrame } from './bitrix-frame.js';

/** The last page of the installer: tells the portal that it is done, and the portal opens the app in its place. */

const PATIENCE_MS = 6000;
/** So long a note can be read before the app opens. */
const NOTES_MS = 4000;

const frame = connectFrame();
const isDone = document.querySelector('meta[name="x-install"]')?.getAttribute('content') === 'ok';

/** @param {string} selector @param {boolean} shown */
function show(selector, shown) {
  const element = /** @type {HTMLElement | null} */ (document.querySelector(selector));
  if (element) element.hidden = !shown;
}

for (const button of document.querySelectorAll('[data-open]')) {
  button.addEventListener('click', () => (frame ? frame.reloadWindow() : location.reload()));
}

async function finish() {
  if (!frame) {
    show('[data-waiting]', false);
    show('[data-outside]', true);
    return;
  }
  frame.resize(Math.max(400, document.body.scrollHeight));
  if (!isDone) return;
  const hasNotes = document.querySelector('[data-testid="install-notes"]') !== null;
  setTimeout(() => show('[data-by-hand]', true), PATIENCE_MS + (hasNotes ? NOTES_MS : 0));
  // Outside the installer's stage the portal would not expect the message (b24jssdk refuses it there too).
  const init = await frame.getInitData().catch(() => undefined);
  if (init?.INSTALL === false) {
    show('[data-by-hand]', true);
    return;
  }
  setTimeout(() => void frame.installFinish(), hasNotes ? NOTES_MS : 0);
}

void finish();
