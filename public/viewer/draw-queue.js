/**
 * @typedef {object} Drawable
 * @property {number} number of the page, from 1
 * @property {() => Promise<void>} draw
 */

/**
 * Draws one page at a time, the one that is read first: two at once would share the line, and the page that is waited for
 * would come later.
 * @param {() => number} current number of the page that is read
 */
export function createDrawQueue(current) {
  /** @type {Set<Drawable>} */
  const wanted = new Set();
  let busy = false;

  async function drawNext() {
    const here = current();
    const [next] = [...wanted].sort((a, b) => Math.abs(a.number - here) - Math.abs(b.number - here));
    if (busy || !next) return;
    wanted.delete(next);
    busy = true;
    await next.draw();
    busy = false;
    void drawNext();
  }

  return {
    /** @param {Drawable} page */
    add(page) {
      wanted.add(page);
      void drawNext();
    },
    /** @param {Drawable} page */
    remove: (page) => void wanted.delete(page),
    clear: () => wanted.clear(),
  };
}
