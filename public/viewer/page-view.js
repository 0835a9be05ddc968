/** Phones refuse large canvases and have little memory; a finger also hides what finer drawing would show. */
const { matches: isPhone } = window.matchMedia('(pointer: coarse)');
const MAX_PIXELS = isPhone ? 5_000_000 : 12_000_000;
const MAX_DENSITY = isPhone ? 2 : 2.5;

/**
 * One page of the document: a box of the right size at once, the picture and its text when it is drawn. The text lies
 * transparently over the picture, for screen readers, searching and copying.
 * @param {object} options
 * @param {typeof import('pdfjs-dist')} options.library
 * @param {import('pdfjs-dist').PDFDocumentProxy} options.pdf
 * @param {number} options.number from 1
 * @param {number} options.ratio height by width, until the page itself is known
 * @param {string} options.label
 */
export function createPageView({ library, pdf, number, ratio, label }) {
  const element = document.createElement('section');
  element.className = 'pdf-page';
  element.setAttribute('aria-label', label);
  element.dataset.page = String(number);
  let width = 0;
  let shape = ratio;
  /** Drawn for this width; 0 when nothing is drawn. */
  let drawnWidth = 0;
  let turn = 0;
  /** @type {import('pdfjs-dist').PDFPageProxy | undefined} */
  let page;
  /** @type {import('pdfjs-dist').RenderTask | undefined} */
  let task;

  function size() {
    element.style.width = `${Math.floor(width)}px`;
    element.style.height = `${Math.floor(width * shape)}px`;
  }

  /** Resolves when it is drawn, or need not be any more. */
  async function draw() {
    if (drawnWidth === width || width === 0) return;
    const mine = ++turn;
    drawnWidth = width;
    task?.cancel();
    try {
      page ??= await pdf.getPage(number);
      if (mine !== turn) return;
      const natural = page.getViewport({ scale: 1 });
      shape = natural.height / natural.width;
      size();
      const viewport = page.getViewport({ scale: width / natural.width });
      const possible = Math.sqrt(MAX_PIXELS / (viewport.width * viewport.height));
      const density = Math.min(window.devicePixelRatio || 1, MAX_DENSITY, possible);
      const canvas = document.createElement('canvas');
      canvas.width = Math.floor(viewport.width * density);
      canvas.height = Math.floor(viewport.height * density);
      canvas.setAttribute('aria-hidden', 'true');
      task = page.render({ canvas, viewport, transform: [density, 0, 0, density, 0, 0] });
      await task.promise;
      if (mine !== turn) return;
      const text = document.createElement('div');
      text.className = 'textLayer';
      text.style.setProperty('--total-scale-factor', String(viewport.scale));
      text.style.setProperty('--scale-round-x', '1px');
      text.style.setProperty('--scale-round-y', '1px');
      release();
      element.replaceChildren(canvas, text);
      element.dataset.drawn = 'true';
      const layer = new library.TextLayer({
        textContentSource: page.streamTextContent(),
        container: text,
        viewport,
      });
      await layer.render();
    } catch {
      // Cancelled by the next drawing, or a page that cannot be drawn: it stays blank and the file can be downloaded.
      if (mine === turn) drawnWidth = 0;
    }
  }

  /** Some phones keep a canvas' memory until it has no size. */
  function release() {
    for (const canvas of element.querySelectorAll('canvas')) canvas.width = canvas.height = 0;
  }

  return {
    element,
    number,
    draw,
    drop() {
      turn++;
      task?.cancel();
      drawnWidth = 0;
      delete element.dataset.drawn;
      release();
      element.replaceChildren();
      page?.cleanup();
    },
    /** @param {number} pixels */
    resize(pixels) {
      width = pixels;
      size();
    },
  };
}
