import { createPdfViewer } from '../viewer/pdf-viewer.js';
import { byId } from './page-config.js';

/**
 * The document that is to be signed in the viewer, and where there is an agreement, it in turn.
 * @param {import('./page-config.js').SignConfig} config
 */
export function showDocuments({ base }) {
  const viewer = createPdfViewer(byId('viewer'));

  /** @param {string} url */
  const open = (url) =>
    void viewer.open(async (range) => {
      const response = await fetch(url, { headers: { Range: range }, cache: 'no-store' });
      if (!response.ok) throw new Error(`status ${response.status}`);
      return response;
    });

  const buttons = document.querySelectorAll('[data-document]');
  for (const button of buttons) {
    button.addEventListener('click', () => {
      const url = button.getAttribute('data-document') ?? '';
      for (const each of buttons) each.setAttribute('aria-pressed', String(each === button));
      byId('download').setAttribute('href', `${url}?download=1`);
      open(url);
    });
  }
  open(`${base}/document`);
}
