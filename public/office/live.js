import { request } from './request.js';

const EVERY_MS = 4000;
const SLOWEST_MS = 60_000;

/**
 * Keeps a part up to date while somebody looks at it: asks with the version it shows, and gets nothing back while that
 * is the newest. Waits while the reader types, has a dialog open or has marked text.
 */
export function startLive() {
  let pause = EVERY_MS;
  const tick = async () => {
    const place = /** @type {HTMLElement | null} */ (document.querySelector('[data-live]'));
    if (place && document.visibilityState === 'visible' && !isBusy(place)) {
      pause = (await refresh(place)) ? EVERY_MS : Math.min(pause * 2, SLOWEST_MS);
    }
    setTimeout(tick, pause);
  };
  setTimeout(tick, pause);
  document.addEventListener('visibilitychange', () => void (pause = EVERY_MS));
}

/** @param {HTMLElement} place */
async function refresh(place) {
  const shown = place.matches('[data-version]') ? place : place.querySelector('[data-version]');
  const version = shown?.getAttribute('data-version') ?? '';
  try {
    const response = await request(`${place.dataset.live}?${new URLSearchParams({ version })}`);
    if (response.status === 204 || !place.isConnected || isBusy(place)) return true;
    const html = await response.text();
    const before = statuses(place);
    const open = [...place.querySelectorAll('details[open]')].map((each) => each.getAttribute('data-keep'));
    const focused = document.activeElement?.getAttribute('data-testid');
    const outer = place.matches('[data-version]');
    const holder = outer ? place.parentElement : place;
    if (outer) place.outerHTML = html;
    else place.innerHTML = html;
    for (const each of holder?.querySelectorAll('details') ?? []) {
      if (open.includes(each.getAttribute('data-keep'))) each.open = true;
    }
    holder?.dispatchEvent(new CustomEvent('swapped', { bubbles: true }));
    if (holder) announce(before, statuses(holder));
    if (focused && document.activeElement === document.body) {
      /** @type {HTMLElement | null | undefined} */ (
        holder?.querySelector(`[data-testid="${focused}"]`)
      )?.focus();
    }
    return true;
  } catch {
    return false;
  }
}

/** @param {HTMLElement} place */
function isBusy(place) {
  const typing =
    document.activeElement?.matches('input, textarea, select') && place.contains(document.activeElement);
  const marked = (window.getSelection()?.toString() ?? '') !== '';
  return typing || marked || place.querySelector('dialog[open], [aria-busy="true"]') !== null;
}

/**
 * The status of every signing shown, by its id.
 * @param {Element} place
 */
function statuses(place) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const part of place.parentElement?.querySelectorAll('[data-signing]') ?? []) {
    const title = part.querySelector('[data-heading]')?.textContent?.trim() ?? '';
    const status = part.querySelector('[data-testid="signing-status"]')?.textContent?.trim() ?? '';
    if (status) found.set(part.getAttribute('data-signing') ?? '', `${title}: ${status}`);
  }
  return found;
}

/**
 * Says to those who do not see it which signings changed by themselves.
 * @param {Map<string, string>} before
 * @param {Map<string, string>} after
 */
function announce(before, after) {
  const changed = [...after].filter(([id, text]) => before.get(id) !== text).map(([, text]) => text);
  const announcer = document.getElementById('announcer');
  if (announcer && changed.length > 0) announcer.textContent = changed.join('. ');
}
