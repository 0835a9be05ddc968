import { createPdfViewer } from '../viewer/pdf-viewer.js';
import { request } from './request.js';

/** @type {ReturnType<typeof createPdfViewer> | undefined} */
let viewer;

/**
 * Shows a file in a dialog over the page, its parts fetched with the page's session as they are needed.
 * @param {HTMLElement} button with data-show (address) and data-name
 * @param {(dialog: HTMLDialogElement | null) => void} openDialog
 */
export async function showDocument(button, openDialog) {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.querySelector('#document-dialog'));
  const root = /** @type {HTMLElement | null} */ (dialog?.querySelector('.viewer') ?? null);
  const scroller = /** @type {HTMLElement | null} */ (dialog?.querySelector('[data-viewer-pages]') ?? null);
  const name = dialog?.querySelector('#document-name');
  const { show: address = '' } = button.dataset;
  if (!dialog || !root || !scroller || !name) return;
  viewer ??= createPdfViewer(root, { scroller });
  name.textContent = button.dataset.name ?? '';
  openDialog(dialog);
  dialog.addEventListener('close', () => viewer?.close(), { once: true });
  await viewer.open((range) => request(address, { range }));
}
