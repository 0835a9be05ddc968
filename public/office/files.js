import { request } from './request.js';
import { toast } from './toast.js';

/**
 * Files are fetched with the session in a header and handed to the browser as a blob: no address that opens a file
 * without it ever exists.
 * @param {HTMLElement} button with data-download and data-name
 */
export async function download(button) {
  if (button.getAttribute('aria-busy') === 'true') return;
  button.setAttribute('aria-busy', 'true');
  try {
    const blob = await (await request(button.dataset.download ?? '')).blob();
    const link = document.createElement('a');
    const name = button.dataset.name ?? 'document';
    link.href = URL.createObjectURL(blob);
    link.download = /\.pdf$/i.test(name) ? name : `${name}.pdf`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error), 'failed');
  } finally {
    button.removeAttribute('aria-busy');
  }
}

/**
 * Shows the pictures of a part (data-image).
 * @param {ParentNode} root
 */
export async function showImages(root) {
  for (const image of root.querySelectorAll('img[data-image]:not([src])')) {
    if (!(image instanceof window.HTMLImageElement)) continue;
    const blob = await request(image.dataset.image ?? '').then(
      (response) => response.blob(),
      () => undefined,
    );
    if (!blob) continue;
    image.addEventListener('load', () => URL.revokeObjectURL(image.src), { once: true });
    image.src = URL.createObjectURL(blob);
  }
}
