/* global window, document, URL */
import { ask } from './api.js';
import { selectAccess, selectCRM, selectUser } from './dialogs.js';
import { openAppSlider, openPathSlider } from './slider.js';

/** Frames that are open, by APP_SID. */
const frames = new Map();

/** The parent's side of the postMessage bridge for one frame. */
export function attachBridge(entry) {
  frames.set(entry.frame.sid, { ...entry, origin: new URL(entry.frame.action).origin });
}

/** What a message says: `command[:params]:callback:sid`, or an object where the command itself has colons. */
function parseMessage(data) {
  if (data !== null && typeof data === 'object' && data.method) {
    return { command: data.method, params: data.params || {}, callback: data.callback, sid: data.appSid };
  }
  if (typeof data !== 'string') return null;
  const parts = data.split(':');
  if (parts.length < 3) return null;
  const sid = parts.pop();
  const callback = parts.pop();
  const command = parts.shift();
  const text = parts.join(':');
  let params = {};
  if (text) {
    try {
      params = JSON.parse(text);
    } catch {
      params = text;
    }
  }
  return { command, params, callback, sid };
}

window.addEventListener('message', async (event) => {
  const message = parseMessage(event.data);
  const entry = message && frames.get(message.sid);
  if (!entry || event.source !== entry.iframe.contentWindow || event.origin !== entry.origin) return;
  const known = commands[message.command];
  const reply = (value) => {
    const text = value === undefined ? '' : JSON.stringify(value);
    if (message.callback) event.source.postMessage(`${message.callback}:${text}`, entry.origin);
  };
  if (!known) return reply({ result: 'error', errorCode: 'METHOD_NOT_SUPPORTED' });
  reply(await known(message.params, entry));
});

const only = (value) => (Array.isArray(value) ? value[0] : value);

/** The commands of a frame. */
const commands = {
  getInitData: (_params, { frame }) => frame.init,
  async refreshAuth(_params, { frame }) {
    const fresh = await ask('refresh-auth', { app: frame.app });
    Object.assign(frame.init, fresh);
    return fresh;
  },
  setInstall: () => true,
  async setInstallFinish(_params, { frame }) {
    await ask('app', { app: frame.app, action: 'install-finish' });
    // The installer stage is over: the app's own page comes next.
    window.setTimeout(() => window.location.assign(`/marketplace/app/${frame.app}/`), 50);
    return true;
  },
  setAppOption: (params, { frame }) => setOption(frame, 'app', params),
  setUserOption: (params, { frame }) => setOption(frame, 'user', params),
  resizeWindow(params, { iframe, frame }) {
    if (params.height) iframe.style.height = `${Math.max(120, Number.parseInt(params.height, 10))}px`;
    return { width: iframe.clientWidth, height: iframe.clientHeight, sid: frame.sid };
  },
  reloadWindow(_params, { reopen }) {
    void reopen();
    return true;
  },
  setTitle(params, { hooks }) {
    const title = typeof params === 'string' ? params : params.title;
    hooks.setTitle?.(title);
    const heading = document.getElementById('frame-title');
    if (!hooks.setTitle && heading) heading.textContent = title;
    return true;
  },
  setScroll(params) {
    window.scrollTo(0, Number(params.scroll) || 0);
    return true;
  },
  async openApplication(params, { frame }) {
    const options = Object.fromEntries(Object.entries(params).filter(([key]) => !key.startsWith('bx24_')));
    const slider = openAppSlider(
      { app: frame.app, placement: 'DEFAULT', options },
      { title: params.bx24_title, width: params.bx24_width },
    );
    await slider.closed;
    return true;
  },
  closeApplication(_params, { hooks }) {
    hooks.close?.();
    return true;
  },
  async openPath(params) {
    const path = typeof params === 'string' ? params : params.path;
    if (typeof path !== 'string' || !/^\/(?!\/)/.test(path))
      return { result: 'error', errorCode: 'PATH_NOT_AVAILABLE' };
    await openPathSlider(path).closed;
    return { result: 'close' };
  },
  selectUser: (params) => selectUser(params),
  selectAccess: (params) => selectAccess(params),
  selectCRM: (params) => selectCRM(params),
  getInterface: () => ({ command: Object.keys(commands), event: [] }),
  placementBindEvent: () => true,
  setPropertyValue(params, { hooks }) {
    hooks.setPropertyValue?.(params);
    return true;
  },
  setValue: () => true,
  reloadData() {
    document.dispatchEvent(new window.CustomEvent('portal:reload'));
    return true;
  },
  imOpenMessenger: () => true,
  imOpenHistory: () => true,
  imCallTo: () => true,
  imPhoneTo: () => true,
};

function setOption(frame, kind, params) {
  const values = params.name === undefined ? params : { [params.name]: only(params.value) };
  return ask('option', { app: frame.app, kind, values });
}
