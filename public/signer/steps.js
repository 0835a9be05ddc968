import { byId } from './page-config.js';

/** @typedef {'read' | 'confirm' | 'sign'} Step */
const ORDER = /** @type {const} */ (['read', 'confirm', 'sign']);

/** From the top where that shows the whole panel, else with the panel at the top. */
function showPanel() {
  window.scrollTo({ top: 0 });
  const panel = document.querySelector('.panel');
  const beside = window.matchMedia('(min-width: 961px)').matches;
  if (panel && beside && panel.getBoundingClientRect().bottom > window.innerHeight) panel.scrollIntoView();
}

/**
 * The three steps. One panel is shown at a time; the browser's back button goes one step back.
 * @param {{ mayEnter: (step: Step) => Step, entered: (step: Step) => void }} rules `mayEnter` gives the step that is
 *   really shown (confirming is skipped when it is done, signing is not before it)
 */
export function createSteps({ mayEnter, entered }) {
  const main = byId('main');

  /**
   * @param {Step} wanted
   * @param {boolean} focus
   */
  function show(wanted, focus) {
    const step = mayEnter(wanted);
    main.dataset.step = step;
    for (const panel of document.querySelectorAll('[data-panel]')) {
      panel.toggleAttribute('hidden', panel.getAttribute('data-panel') !== step);
    }
    for (const item of document.querySelectorAll('[data-step-of]')) {
      const place = ORDER.findIndex((each) => each === item.getAttribute('data-step-of'));
      item.classList.toggle('is-done', place < ORDER.indexOf(step));
      if (place === ORDER.indexOf(step)) item.setAttribute('aria-current', 'step');
      else item.removeAttribute('aria-current');
    }
    byId('back-to-document').hidden = step === 'read';
    if (focus) {
      showPanel();
      byId(`${step}-title`).focus({ preventScroll: true });
    }
    entered(step);
    return step;
  }

  window.addEventListener('popstate', (event) => show(event.state?.step ?? 'read', true));
  for (const button of document.querySelectorAll('[data-go]')) {
    button.addEventListener('click', () => go(/** @type {Step} */ (button.getAttribute('data-go'))));
  }

  /** @param {Step} wanted */
  function go(wanted) {
    const before = main.dataset.step;
    const step = show(wanted, true);
    if (step !== before) history.pushState({ step }, '');
  }

  return { go, start: () => void show('read', false) };
}
