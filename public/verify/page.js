/**
 * The public verification page: a file may be dropped anywhere, and while it is sent and checked the page says how far it
 * is. Works without this script too.
 */
import { sendForm } from './send-form.js';

/** @type {XMLHttpRequest | undefined} */
let sending;

const query = (/** @type {string} */ selector) =>
  /** @type {HTMLElement | null} */ (document.querySelector(selector));
const form = () => /** @type {HTMLFormElement | null} */ (query('form[data-verify]'));
const field = () => /** @type {HTMLInputElement | null} */ (query('form[data-verify] input[type="file"]'));

function showChosen() {
  const name = field()?.files?.[0]?.name;
  const chosen = query('[data-chosen]');
  if (!chosen || !name) return;
  chosen.textContent = name;
  chosen.className = 'file-chosen';
}

/** @param {string} text */
function showProblem(text) {
  const box = query('[data-problem]');
  const line = query('[data-problem-text]');
  if (!box || !line) return;
  for (const old of box.querySelectorAll(':scope > :not([data-problem-text])')) old.remove();
  line.textContent = text;
  box.hidden = false;
  box.focus();
}

/** @param {boolean} busy */
function setBusy(busy) {
  const progress = query('[data-progress]');
  const button = query('form[data-verify] [type="submit"]');
  if (progress) progress.hidden = !busy;
  if (button) button.hidden = busy;
}

/** @param {number | undefined} share sent so far; all is sent when it is missing */
function showProgress(share) {
  const { dataset } = form() ?? {};
  const bar = /** @type {HTMLProgressElement | null} */ (query('[data-progress] progress'));
  const text = query('[data-progress-text]');
  if (!bar || !text || !dataset) return;
  if (share === undefined) bar.removeAttribute('value');
  else bar.value = share;
  const percent = Math.floor((share ?? 1) * 100);
  const line =
    share === undefined ? dataset.checking : dataset.uploading?.replace('{percent}', String(percent));
  if (text.textContent !== line) text.textContent = line ?? '';
}

/** @param {string} html the whole page that answers */
function show(html) {
  const answer = new window.DOMParser().parseFromString(html, 'text/html');
  const main = answer.querySelector('main');
  if (!main) return;
  query('main')?.replaceWith(main);
  document.title = answer.title;
  showButtons();
  window.scrollTo(0, 0);
  (query('[data-verdict-title]') ?? query('[data-problem]:not([hidden])') ?? query('main'))?.focus();
}

function showButtons() {
  for (const button of document.querySelectorAll('[data-print]')) button.removeAttribute('hidden');
}

/** @param {HTMLFormElement} checked */
async function send(checked) {
  const { maxBytes, tooLarge = '', offline = '' } = checked.dataset;
  if ((field()?.files?.[0]?.size ?? 0) > Number(maxBytes)) {
    showProblem(tooLarge);
    return;
  }
  setBusy(true);
  showProgress(0);
  try {
    const html = await sendForm(checked, {
      started: (request) => (sending = request),
      progress: showProgress,
    });
    show(html);
  } catch (error) {
    const stopped = error instanceof window.DOMException && error.name === 'AbortError';
    if (!stopped) showProblem(offline);
  } finally {
    sending = undefined;
    setBusy(false);
  }
}

document.addEventListener('change', (event) => {
  if (event.target === field()) showChosen();
});
document.addEventListener('submit', (event) => {
  const submitted = form();
  if (event.target !== submitted || !submitted) return;
  event.preventDefault();
  if (!sending) void send(submitted);
});
document.addEventListener('click', (event) => {
  const button = event.target instanceof window.Element ? event.target.closest('button') : null;
  if (!button) return;
  if ('cancel' in button.dataset) sending?.abort();
  if ('print' in button.dataset) window.print();
});

// A file that misses its place would otherwise be opened instead of the page.
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  const place = query('[data-drop]');
  if (place) place.dataset.over = 'true';
});
document.addEventListener('dragleave', (event) => {
  const place = query('[data-drop]');
  if (place && !event.relatedTarget) place.dataset.over = 'false';
});
document.addEventListener('drop', (event) => {
  event.preventDefault();
  const place = query('[data-drop]');
  if (place) place.dataset.over = 'false';
  const files = event.dataTransfer?.files;
  const input = field();
  if (!files?.length || !input || sending) return;
  input.files = files;
  showChosen();
});
showButtons();
showChosen();
