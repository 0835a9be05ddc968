import { createDrawQueue } from './draw-queue.js';
import { loadPdfjs } from './load-pdfjs.js';
import { createPageView } from './page-view.js';
import { openRanges, PART_BYTES } from './range-source.js';

const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3];
/** Of `.pages` in viewer.css, in pixels. */
const PADDING = 12;
/** Pages this far (in heights of what is seen) are drawn ahead. */
const AHEAD = '120% 0px';

/**
 * A document, page by page, in the element of views/partials/viewer.ejs: a page is drawn when it comes near and let go
 * when it is far, and of a large file only those parts are loaded that its drawn pages need.
 * @param {HTMLElement} root
 * @param {object} [options]
 * @param {HTMLElement} [options.scroller] what scrolls the pages; default: the window
 */
export function createPdfViewer(root, { scroller } = {}) {
  const { pdfjs = '', textPage = '', textOf = '' } = root.dataset;
  const part = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (root.querySelector(`[data-viewer-${name}]`));
  const box = part('pages');
  const wait = part('wait');
  const number = part('number');
  /** @type {ReturnType<typeof createPageView>[]} */
  let pages = [];
  /** Those that are near. @type {Set<ReturnType<typeof createPageView>>} */
  const near = new Set();
  let zoom = 1;
  let current = 1;
  let turn = 0;
  /** Ends what is open. */
  let end = () => {};
  const queue = createDrawQueue(() => current);

  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const page = pages.find((each) => each.element === entry.target);
        if (!page) continue;
        if (entry.isIntersecting) {
          near.add(page);
          queue.add(page);
        } else {
          near.delete(page);
          queue.remove(page);
          page.drop();
        }
      }
    },
    { root: scroller ?? null, rootMargin: AHEAD },
  );

  /** @returns {number} width in CSS pixels that a page may take at zoom 1 */
  const room = () => Math.min(900, Math.max(240, box.clientWidth - 2 * PADDING));

  function layOut() {
    for (const page of pages) page.resize(room() * zoom);
    for (const page of near) queue.add(page);
    part('fit').textContent = `${Math.round(zoom * 100)}%`;
    showNumber();
  }

  function showNumber() {
    const seen = scroller?.getBoundingClientRect();
    const middle = seen ? seen.top + seen.height / 2 : window.innerHeight / 2;
    const below = pages.findIndex((page) => page.element.getBoundingClientRect().top > middle);
    current = Math.max(1, below === -1 ? pages.length : below);
    const text = pages.length > 0 ? fill(textOf, current, pages.length) : '';
    if (number.textContent !== text) number.textContent = text;
  }

  /** @param {number} page from 1 */
  const goTo = (page) =>
    pages[Math.min(Math.max(page, 1), pages.length) - 1]?.element.scrollIntoView({ block: 'start' });

  /** @param {1 | -1} direction */
  function step(direction) {
    const place = ZOOMS.findIndex((each) => each >= zoom - 0.01);
    const next = ZOOMS[Math.min(Math.max(place + direction, 0), ZOOMS.length - 1)];
    if (next === undefined || next === zoom) return;
    zoom = next;
    const page = current;
    layOut();
    goTo(page);
  }

  function close() {
    turn++;
    observer.disconnect();
    queue.clear();
    near.clear();
    for (const page of pages) page.drop();
    pages = [];
    end();
    end = () => {};
  }

  function fail() {
    close();
    box.hidden = true;
    part('failed').hidden = false;
  }

  /**
   * Shows a document in place of the one before.
   * @param {import('./range-source.js').FetchPart} fetchPart
   */
  async function open(fetchPart) {
    close();
    const mine = turn;
    part('failed').hidden = true;
    wait.hidden = false;
    box.hidden = false;
    box.replaceChildren(wait);
    try {
      const library = await loadPdfjs(pdfjs);
      const source = await openRanges(library, fetchPart, () => mine === turn && fail());
      if (mine !== turn) return;
      const task = library.getDocument({
        ...source,
        cMapUrl: `${pdfjs}cmaps/`,
        cMapPacked: true,
        standardFontDataUrl: `${pdfjs}standard_fonts/`,
        wasmUrl: `${pdfjs}wasm/`,
        isEvalSupported: false,
        enableXfa: false,
        rangeChunkSize: PART_BYTES,
        // The first page first, the rest when it is looked at.
        disableAutoFetch: true,
        disableStream: true,
      });
      end = () => void task.destroy();
      const pdf = await task.promise;
      const size = (await pdf.getPage(1)).getViewport({ scale: 1 });
      if (mine !== turn) return;
      pages = Array.from({ length: pdf.numPages }, (_, index) =>
        createPageView({
          library,
          pdf,
          number: index + 1,
          ratio: size.height / size.width,
          label: fill(textPage, index + 1, pdf.numPages),
        }),
      );
      wait.hidden = true;
      box.append(...pages.map((page) => page.element));
      layOut();
      for (const page of pages) observer.observe(page.element);
    } catch {
      if (mine === turn) fail();
    }
  }

  part('larger').addEventListener('click', () => step(1));
  part('smaller').addEventListener('click', () => step(-1));
  part('fit').addEventListener('click', () => {
    zoom = 1;
    layOut();
  });
  part('previous').addEventListener('click', () => goTo(current - 1));
  part('next').addEventListener('click', () => goTo(current + 1));
  (scroller ?? window).addEventListener('scroll', showNumber, { passive: true });
  let width = 0;
  new ResizeObserver(() => {
    if (box.clientWidth === width || box.clientWidth === 0) return;
    width = box.clientWidth;
    layOut();
  }).observe(box);

  return { open, close };
}

/** @param {string} text @param {number} page @param {number} pages */
const fill = (text, page, pages) => text.replace('{page}', String(page)).replace('{pages}', String(pages));
