import { download, showImages } from './files.js';
import { startLive } from './live.js';
import { showPreview } from './preview.js';
import { frame, request } from './request.js';
import { createPad } from './signature-pad.js';
import { run, startSwapping } from './swap.js';
import { lastPlace, toast } from './toast.js';

/** Pages inside the portal's frame: wires what the views ask for by data attributes. */

/** @type {WeakMap<Element, ReturnType<typeof createPad>>} */
const pads = new WeakMap();

/** @param {ParentNode} root */
function wire(root) {
  for (const canvas of root.querySelectorAll('canvas[data-pad]')) {
    if (!pads.has(canvas)) pads.set(canvas, createPad(/** @type {HTMLCanvasElement} */ (canvas)));
  }
  void showImages(root);
}

/** Loads parts that a page left open (data-load), so that the page itself need not wait for the portal. */
async function loadParts() {
  for (const place of document.querySelectorAll('[data-load]')) {
    try {
      place.innerHTML = await (await request(place.getAttribute('data-load') ?? '')).text();
    } catch (error) {
      const note = document.createElement('p');
      note.className = 'alert alert-warning';
      note.textContent = error instanceof Error ? error.message : String(error);
      place.replaceChildren(note);
    }
  }
}

document.addEventListener('click', (event) => {
  const at = /** @type {Element} */ (event.target);
  const button = /** @type {HTMLElement | null} */ (at.closest('button'));
  if (!button) return;
  const { dataset } = button;
  if (dataset.dialog)
    openDialog(/** @type {HTMLDialogElement | null} */ (document.querySelector(dataset.dialog)));
  if ('close' in dataset) button.closest('dialog')?.close();
  if (dataset.download) void download(button);
  if (dataset.preview) void showPreview(button);
  if (dataset.show) void showDocument(button);
  if (dataset.openPath) {
    if (frame) void frame.openPath(dataset.openPath);
  }
  if (dataset.openSigning) void frame?.openApplication({ signing: dataset.openSigning });
  if ('padClear' in dataset) clearPad(button);
});

/** The viewer is only loaded for who looks at a document. @param {HTMLElement} button */
async function showDocument(button) {
  const viewer = await import('./show-document.js');
  await viewer.showDocument(button, openDialog);
}

/**
 * The frame may be far taller than the screen, so a dialog opens where the reader clicked and not in the frame's middle.
 * @param {HTMLDialogElement | null} dialog
 */
function openDialog(dialog) {
  if (!dialog) return;
  // Opening moves the focus, and the portal's page scrolls to it: it must not be far away until the height is known.
  dialog.style.top = `${lastPlace() + window.scrollY}px`;
  dialog.showModal();
  const room = window.innerHeight - dialog.offsetHeight - 16;
  const top = Math.max(16, Math.min(lastPlace() - dialog.offsetHeight / 2, room));
  dialog.style.top = `${top + window.scrollY}px`;
}

/** @param {HTMLElement} chosen */
function markTab(chosen) {
  for (const tab of document.querySelectorAll('[data-tab]')) tab.removeAttribute('aria-current');
  chosen.setAttribute('aria-current', 'page');
}

/** @param {HTMLElement} button */
function clearPad(button) {
  const canvas = button.closest('form')?.querySelector('[data-pad]');
  if (canvas) pads.get(canvas)?.clear();
}

// A drawn signature goes the way of an uploaded one: as a file of the form.
document.addEventListener(
  'submit',
  (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const canvas = form.querySelector('canvas[data-pad]');
    const pad = canvas && pads.get(canvas);
    if (!pad) return;
    event.preventDefault();
    const note = /** @type {HTMLElement | null} */ (form.querySelector('[data-pad-empty]'));
    if (note) note.hidden = !pad.isEmpty();
    if (pad.isEmpty()) return;
    void pad.toPng().then((png) => {
      if (!png) return;
      const fields = new FormData();
      fields.set('file', png, 'signature.png');
      return run(form, fields);
    });
  },
  true,
);

for (const type of ['dragenter', 'dragleave', 'drop']) {
  document.addEventListener(type, (event) => {
    const place = /** @type {HTMLElement | null} */ (
      /** @type {Element} */ (event.target).closest('[data-drop]')
    );
    if (place) place.dataset.over = String(type === 'dragenter');
  });
}

/** @type {number | undefined} */
let typing;
document.addEventListener('input', (event) => {
  const field = /** @type {HTMLInputElement} */ (event.target);
  if (field.type !== 'search' || !field.form?.matches('[data-auto]')) return;
  clearTimeout(typing);
  typing = setTimeout(() => field.form?.requestSubmit(), 350);
});

document.addEventListener('swapped', (event) => {
  wire(/** @type {Element} */ (event.target));
  // Only now: a page that could not be loaded is not the one that is shown.
  const source = /** @type {CustomEvent<HTMLElement | undefined>} */ (event).detail;
  if (source && 'tab' in source.dataset) markTab(source);
});

/** The frame's height does not follow its content by itself. */
function fitFrame() {
  const portal = frame;
  if (!portal) return;
  let told = 0;
  const fit = () => {
    const height = Math.max(400, Math.ceil(document.body.scrollHeight));
    if (Math.abs(height - told) < 4) return;
    told = height;
    portal.resize(height);
  };
  new ResizeObserver(fit).observe(document.body);
  fit();
}

window.addEventListener('unhandledrejection', (event) =>
  toast(String(event.reason?.message ?? ''), 'failed'),
);
startSwapping(document.body);
startLive();
wire(document);
void loadParts();
fitFrame();
