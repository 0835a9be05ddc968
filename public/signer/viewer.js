import { byId, fill } from './page-config.js';
import { createPageView } from './page-view.js';

const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3];
/** Of `.pages` in signer.css, in pixels. */
const PADDING = 12;
/** Pages this far (in heights of the window) from what is seen are drawn ahead. */
const AHEAD = '120% 0px';

/**
 * The document, page by page: a page is drawn when it comes near and let go when it is far.
 * @param {import('./page-config.js').SignConfig} config
 */
export function createViewer(config) {
  const { pdfjs, texts, base } = config;
  const box = byId('pages');
  const number = byId('page-number');
  /** @type {ReturnType<typeof createPageView>[]} */
  let pages = [];
  let zoom = 1;
  let current = 1;
  let turn = 0;

  const near = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const page = pages.find((each) => each.element === entry.target);
        if (entry.isIntersecting) page?.draw();
        else page?.drop();
      }
    },
    { root: null, rootMargin: AHEAD },
  );

  /** @returns {number} width in CSS pixels that a page may take at zoom 1 */
  const room = () => Math.min(900, Math.max(240, box.clientWidth - 2 * PADDING));

  function layOut() {
    for (const page of pages) page.resize(room() * zoom);
    byId('zoom-fit').textContent = `${Math.round(zoom * 100)}%`;
    showNumber();
  }

  function showNumber() {
    const middle = window.innerHeight / 2;
    const below = pages.findIndex((page) => page.element.getBoundingClientRect().top > middle);
    current = Math.max(1, below === -1 ? pages.length : below);
    const text = pages.length > 0 ? fill(texts.pageOf, { page: current, pages: pages.length }) : '';
    if (number.textContent !== text) number.textContent = text;
  }

  /** @param {number} page from 1 */
  const goTo = (page) => pages[Math.min(Math.max(page, 1), pages.length) - 1]?.element.scrollIntoView();

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

  /** @param {string} url */
  async function open(url) {
    const mine = ++turn;
    for (const page of pages) page.drop();
    near.disconnect();
    pages = [];
    byId('pages-failed').hidden = true;
    byId('pages-wait').hidden = false;
    box.hidden = false;
    box.replaceChildren(byId('pages-wait'));
    try {
      const library = await load(pdfjs);
      const pdf = await library.getDocument({
        url,
        cMapUrl: `${pdfjs}cmaps/`,
        cMapPacked: true,
        standardFontDataUrl: `${pdfjs}standard_fonts/`,
        wasmUrl: `${pdfjs}wasm/`,
        isEvalSupported: false,
        enableXfa: false,
        // The first page first, the rest when it is looked at.
        rangeChunkSize: 256 * 1024,
        disableAutoFetch: true,
        disableStream: true,
      }).promise;
      const first = await pdf.getPage(1);
      if (mine !== turn) return;
      const size = first.getViewport({ scale: 1 });
      pages = Array.from({ length: pdf.numPages }, (_, index) =>
        createPageView({
          library,
          pdf,
          number: index + 1,
          ratio: size.height / size.width,
          label: fill(texts.pageLabel, { page: index + 1, pages: pdf.numPages }),
        }),
      );
      byId('pages-wait').hidden = true;
      box.append(...pages.map((page) => page.element));
      layOut();
      for (const page of pages) near.observe(page.element);
    } catch {
      if (mine !== turn) return;
      box.hidden = true;
      byId('pages-failed').hidden = false;
    }
  }

  byId('zoom-in').addEventListener('click', () => step(1));
  byId('zoom-out').addEventListener('click', () => step(-1));
  byId('zoom-fit').addEventListener('click', () => {
    zoom = 1;
    layOut();
  });
  byId('page-previous').addEventListener('click', () => goTo(current - 1));
  byId('page-next').addEventListener('click', () => goTo(current + 1));
  window.addEventListener('scroll', showNumber, { passive: true });
  let width = 0;
  new ResizeObserver(() => {
    if (box.clientWidth === width || box.clientWidth === 0) return;
    width = box.clientWidth;
    layOut();
  }).observe(box);

  for (const button of document.querySelectorAll('[data-document]')) {
    button.addEventListener('click', () => {
      const url = button.getAttribute('data-document') ?? '';
      for (const each of document.querySelectorAll('[data-document]')) {
        each.setAttribute('aria-pressed', String(each === button));
      }
      byId('download').setAttribute('href', `${url}?download=1`);
      void open(url);
    });
  }
  void open(`${base}/document`);
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
