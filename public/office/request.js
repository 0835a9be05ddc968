import { connectFrame } from './bitrix-frame.js';

/** The portal around us; absent when the page was opened on its own. */
export const frame = connectFrame();

/** @param {string} name */
const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.getAttribute('content') ?? '';
let session = meta('session');

/**
 * A request of this page, with its session in a header. A session that ran out is renewed once, silently. 422 is no
 * failure: the answer is the form, to be filled in again.
 * @param {string} path
 * @param {{ method?: string, body?: URLSearchParams | FormData, range?: string }} [options]
 * @returns {Promise<Response>}
 * @throws {Error} with a text for the reader
 */
export async function request(path, options = {}) {
  let response = await send(path, options);
  if (response.status === 401 && (await renew())) response = await send(path, options);
  if (response.ok || response.status === 422) return response;
  const answer = await response.json().catch(() => ({}));
  const reference = answer.reference && response.status >= 500 ? ` (${answer.reference})` : '';
  throw new Error((answer.message ?? meta('x-text-network')) + reference);
}

/** @param {string} path @param {{ method?: string, body?: URLSearchParams | FormData, range?: string }} options */
async function send(path, { method = 'GET', body, range }) {
  try {
    return await fetch(path, {
      method,
      body,
      headers: {
        Authorization: `Bearer ${session}`,
        Accept: 'application/json',
        ...(range && { Range: range }),
      },
      credentials: 'omit',
      cache: 'no-store',
    });
  } catch {
    throw new Error(meta('x-text-network'));
  }
}

/** @type {Promise<boolean> | undefined} */
let renewing;

/** Asks the portal for new tokens and shows them to our server, which makes a new session of them. */
function renew() {
  renewing ??= exchange().finally(() => {
    renewing = undefined;
  });
  return renewing;
}

async function exchange() {
  if (!frame) return false;
  try {
    const [auth, init] = await Promise.all([frame.refreshAuth(), frame.getInitData()]);
    if (!auth?.AUTH_ID || !init) return false;
    const query = new URLSearchParams({
      DOMAIN: frame.domain,
      PROTOCOL: frame.protocol,
      LANG: String(init.LANG ?? document.documentElement.lang),
    });
    const body = new URLSearchParams({
      AUTH_ID: auth.AUTH_ID,
      REFRESH_ID: auth.REFRESH_ID ?? '',
      AUTH_EXPIRES: String(auth.AUTH_EXPIRES ?? ''),
      member_id: String(init.MEMBER_ID ?? ''),
      PLACEMENT: String(init.PLACEMENT ?? 'DEFAULT'),
      PLACEMENT_OPTIONS: JSON.stringify(init.PLACEMENT_OPTIONS ?? {}),
    });
    const response = await send(`/office/session?${query}`, { method: 'POST', body });
    if (!response.ok) return false;
    session = (await response.json()).session;
    return true;
  } catch {
    return false;
  }
}
