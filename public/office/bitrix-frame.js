/**
 * Talks to the Bitrix24 page around the frame: plain postMessage, without BX24.js from a foreign host.
 *
 * The protocol is that of @bitrix24/b24jssdk 2.1.0 (`frame/message/controller`): `window.name` is
 * `DOMAIN|PROTOCOL|APP_SID`; we post the string `command[:params]:callbackId:appSid` to the portal's origin and get
 * `callbackId:answer` back, both JSON. Messages of other origins are dropped.
 */

/**
 * @typedef {object} BitrixFrame
 * @property {string} origin of the portal
 * @property {string} domain
 * @property {string} protocol `1` https, `0` http
 * @property {() => Promise<any>} getInitData tokens, placement, whether this is an installation
 * @property {() => Promise<{ AUTH_ID: string, REFRESH_ID: string, AUTH_EXPIRES: string }>} refreshAuth
 * @property {() => Promise<unknown>} installFinish tells the portal that the installation is done; it then reloads the frame
 * @property {(height: number) => void} resize the frame's height in pixels; its width stays that of the page
 * @property {(path: string) => Promise<any>} openPath opens a page of the portal in a slider
 * @property {(params: Record<string, string>) => Promise<unknown>} openApplication opens our page in a slider
 * @property {() => void} closeApplication
 * @property {() => void} reloadWindow
 */

/**
 * @returns {BitrixFrame | undefined} nothing when the page does not stand in a portal's frame
 */
export function connectFrame() {
  const [domain, protocol, appSid] = window.name.split('|');
  const isFramed = window.parent !== window && domain && appSid && /^[a-z0-9.-]+(:\d+)?$/i.test(domain);
  if (!isFramed || !protocol) return undefined;
  const origin = new URL(`${protocol === '0' ? 'http' : 'https'}://${domain}`).origin;
  /** @type {Map<string, (answer: any) => void>} */
  const waiting = new Map();

  window.addEventListener('message', (event) => {
    if (event.origin !== origin || event.source !== window.parent || typeof event.data !== 'string') return;
    const colon = event.data.indexOf(':');
    const id = colon < 0 ? event.data : event.data.slice(0, colon);
    const resolve = waiting.get(id);
    if (!resolve) return;
    waiting.delete(id);
    const text = colon < 0 ? '' : event.data.slice(colon + 1);
    try {
      resolve(text === '' ? undefined : JSON.parse(text));
    } catch {
      resolve(undefined);
    }
  });

  /** @param {string} command @param {object} [params] */
  const post = (command, params) => {
    const id = `cs${crypto.randomUUID().replaceAll('-', '')}`;
    const parts = [command, params ? JSON.stringify(params) : '', id, appSid];
    window.parent.postMessage(parts.filter((part) => part !== '').join(':'), origin);
    return id;
  };
  /**
   * @param {string} command
   * @param {object} [params]
   * @param {number} [timeoutMs] how long the portal may take; for ever when absent
   * @returns {Promise<any>}
   */
  const ask = (command, params, timeoutMs) =>
    new Promise((resolve, reject) => {
      const id = post(command, params);
      waiting.set(id, resolve);
      if (timeoutMs === undefined) return;
      setTimeout(() => {
        if (waiting.delete(id)) reject(new Error(`the portal did not answer ${command}`));
      }, timeoutMs);
    });

  return {
    origin,
    domain,
    protocol,
    getInitData: () => ask('getInitData', undefined, 10_000),
    refreshAuth: () => ask('refreshAuth', undefined, 10_000),
    installFinish: () => ask('setInstallFinish'),
    resize: (height) => void post('resizeWindow', { width: '100%', height }),
    openPath: (path) => ask('openPath', { path }),
    openApplication: (params) => ask('openApplication', params),
    closeApplication: () => void post('closeApplication'),
    reloadWindow: () => void post('reloadWindow'),
  };
}
