import { fill } from './page-config.js';

/** An answer that says no; `message` is for the person and says what to do, `details.reference`, where there is one, is for support. */
export class Refused extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {Record<string, unknown>} details
   */
  constructor(code, message, details = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** What people put right themselves, without support: a reference would only frighten them. */
const OWN_MISTAKE =
  /^(code_(wrong|expired|missing|locked|wait)|consent_missing|mark_|reason_|not_identified$|state_changed$|page_outdated$)/;

/**
 * Talks to the server about this link. Every action may be sent again: the server carries it out once.
 * @param {import('./page-config.js').SignConfig} config
 */
export function createApi({ base, lang, texts }) {
  /**
   * @param {string} path
   * @param {RequestInit} init
   */
  async function request(path, init) {
    let response;
    try {
      response = await fetch(`${base}/${path}?lang=${lang}`, {
        ...init,
        credentials: 'same-origin',
        headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
      });
    } catch {
      throw new Refused('offline', texts.offline);
    }
    if (response.status === 204) return {};
    const body = await response.json().catch(() => ({}));
    if (response.ok) return body;
    const shown = body.reference && !OWN_MISTAKE.test(body.error ?? '');
    const reference = shown ? fill(texts.reference, { reference: body.reference }) : '';
    throw new Refused(body.error ?? 'internal', body.message ?? texts.internal, { ...body, reference });
  }
  return {
    /**
     * @param {string} path
     * @param {object} body
     */
    post: (path, body = {}) => request(path, { method: 'POST', body: JSON.stringify(body) }),
    /** @param {string} path */
    get: (path) => request(path, {}),
  };
}

/** @typedef {ReturnType<typeof createApi>} Api */

/**
 * Shows or hides an error beside what it is about; screen readers are told (role="alert").
 * @param {HTMLElement} place
 * @param {unknown} error
 * @param {HTMLElement} [field]
 */
export function showError(place, error, field) {
  place.textContent = error instanceof Error ? error.message : String(error ?? '');
  place.hidden = !error;
  if (error instanceof Refused && error.details.reference) {
    const reference = document.createElement('span');
    reference.className = 'error-reference';
    reference.textContent = String(error.details.reference);
    place.append(reference);
  }
  if (!field) return;
  if (error) field.setAttribute('aria-invalid', 'true');
  else field.removeAttribute('aria-invalid');
}

/**
 * Runs something once at a time: the button waits, and a second click does nothing.
 * @param {HTMLButtonElement} button
 * @param {() => Promise<void>} work
 */
export async function whileBusy(button, work) {
  if (button.getAttribute('aria-busy') === 'true') return;
  button.setAttribute('aria-busy', 'true');
  try {
    await work();
  } finally {
    button.removeAttribute('aria-busy');
  }
}
