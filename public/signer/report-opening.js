/**
 * Tells the server once that a person is here. Mail scanners load links, and some run their scripts, but they do not
 * press, scroll or touch: only a real event of the device counts, and any action on the page says the same.
 * @param {import('./api.js').Api} api
 */
export function reportOpening(api) {
  const events = ['pointerdown', 'pointermove', 'keydown', 'touchstart', 'wheel'];
  /** @param {Event} event */
  const report = (event) => {
    if (!event.isTrusted) return;
    for (const name of events) window.removeEventListener(name, report, true);
    // Lost, it does no harm: asking for the code counts as opening too.
    api.post('opened').catch(() => {});
  };
  for (const name of events) window.addEventListener(name, report, { capture: true, passive: true });
}
