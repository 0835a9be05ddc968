import { request } from './request.js';
import { place, toQuery } from './swap.js';
import { toast } from './toast.js';

/** An agreement has two or three; whoever writes fifty sees the beginning and downloads the rest. */
const MAX_PAGES = 20;
const MAX_WIDTH = 820;
/** Phones have three pixels to one, and memory for two. */
const MAX_SHARPNESS = 2;

/**
 * Sends the form of a button and shows the PDF that it makes: a frame of the portal may open no window, and shows no PDF
 * by itself. A form that has to be filled in again comes back as a part of the page.
 * @param {HTMLElement} button with data-preview (address), data-target (where) and data-pdfjs (folder)
 */
export async function showPreview(button) {
  const { preview: address = '', target = '', pdfjs = '' } = button.dataset;
  const form = button.closest('form');
  const box = /** @type {HTMLElement | null} */ (document.querySelector(target));
  if (!form || !box || button.getAttribute('aria-busy') === 'true') return;
  button.setAttribute('aria-busy', 'true');
  try {
    const response = await request(address, { method: 'POST', body: toQuery(new FormData(form)) });
    if (response.status === 422) {
      const part = document.querySelector(form.dataset.target ?? '');
      if (part) place(form, part, await response.text());
      return;
    }
    const pdf = await response.blob();
    forgetFaults(form);
    offerFile(box, pdf);
    box.hidden = false;
    await drawPages(box, new Uint8Array(await pdf.arrayBuffer()), pdfjs);
    box.focus();
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error), 'failed');
  } finally {
    button.removeAttribute('aria-busy');
  }
}

/**
 * What was wrong with the text before is mended.
 * @param {HTMLFormElement} form
 */
function forgetFaults(form) {
  for (const field of form.querySelectorAll('[aria-invalid]')) {
    document.getElementById(field.getAttribute('aria-describedby') ?? '')?.remove();
    field.removeAttribute('aria-describedby');
    field.removeAttribute('aria-invalid');
  }
}

/** @param {HTMLElement} box @param {Blob} pdf */
function offerFile(box, pdf) {
  const link = /** @type {HTMLAnchorElement | null} */ (box.querySelector('[data-file]'));
  if (!link) return;
  if (link.href) URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(pdf);
}

/** @param {HTMLElement} box @param {Uint8Array} data @param {string} folder */
async function drawPages(box, data, folder) {
  const pages = /** @type {HTMLElement} */ (box.querySelector('[data-pages]'));
  try {
    const library = await load(folder);
    const task = library.getDocument({ data, isEvalSupported: false, enableXfa: false });
    const pdf = await task.promise;
    const width = Math.min(MAX_WIDTH, pages.clientWidth);
    const canvases = [];
    for (let number = 1; number <= Math.min(pdf.numPages, MAX_PAGES); number++) {
      const canvas = await drawPage(await pdf.getPage(number), width);
      const label = (box.dataset.pageLabel ?? '').replace('{page}', String(number));
      canvas.setAttribute('aria-label', label.replace('{pages}', String(pdf.numPages)));
      canvases.push(canvas);
    }
    pages.replaceChildren(...canvases);
    await task.destroy();
  } catch {
    const note = document.createElement('p');
    note.className = 'alert alert-warning';
    note.textContent = box.dataset.failed ?? '';
    pages.replaceChildren(note);
  }
}

/**
 * @param {import('pdfjs-dist').PDFPageProxy} page
 * @param {number} width in CSS pixels
 * @returns {Promise<HTMLCanvasElement>}
 */
async function drawPage(page, width) {
  const sharpness = Math.min(window.devicePixelRatio || 1, MAX_SHARPNESS);
  const viewport = page.getViewport({ scale: (width * sharpness) / page.getViewport({ scale: 1 }).width });
  const canvas = document.createElement('canvas');
  canvas.setAttribute('role', 'img');
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  await page.render({ canvas, viewport }).promise;
  return canvas;
}

/**
 * @param {string} folder
 * @returns {Promise<typeof import('pdfjs-dist')>}
 */
async function load(folder) {
  const library = await import(`${folder}build/pdf.min.mjs`);
  library.GlobalWorkerOptions.workerSrc = `${folder}build/pdf.worker.min.mjs`;
  return library;
}
