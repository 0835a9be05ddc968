import { Refused, showError, whileBusy } from './api.js';
import { createDrawnMark } from './draw-mark.js';
import { byId } from './page-config.js';

/** Letters that the font of typed signatures has and that stand one beside the other; else boxes would be printed. */
const PRINTABLE =
  /^(?!.*\p{Extended_Pictographic})[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Common}\p{Script=Inherited}]*$/u;

/**
 * Choosing the mark, agreeing, signing.
 * @param {import('./page-config.js').SignConfig} config
 * @param {import('./api.js').Api} api
 * @param {(why: Error) => void} confirmAgain
 */
export function createSignStep(config, api, confirmAgain) {
  const { texts } = config;
  const typed = /** @type {HTMLInputElement} */ (byId('typed'));
  const consent = /** @type {HTMLInputElement} */ (byId('consent'));
  const button = /** @type {HTMLButtonElement} */ (byId('sign-button'));
  const tabs = { drawn: byId('tab-drawn'), typed: byId('tab-typed') };
  const panels = { drawn: byId('mark-drawn'), typed: byId('mark-typed') };
  /** @type {'drawn' | 'typed'} */
  let kind = 'drawn';
  /** @type {Promise<Awaited<ReturnType<typeof createDrawnMark>>> | undefined} */
  let drawn;

  /**
   * @param {'drawn' | 'typed'} chosen
   * @param {boolean} focus
   */
  function choose(chosen, focus = false) {
    kind = chosen;
    for (const each of /** @type {const} */ (['drawn', 'typed'])) {
      const selected = each === kind;
      tabs[each].setAttribute('aria-selected', String(selected));
      tabs[each].tabIndex = selected ? 0 : -1;
      panels[each].hidden = !selected;
    }
    showError(byId('mark-error'), undefined, typed);
    if (focus) tabs[kind].focus();
  }

  tabs.drawn.addEventListener('click', () => choose('drawn'));
  tabs.typed.addEventListener('click', () => choose('typed'));
  for (const tab of Object.values(tabs)) {
    tab.addEventListener('keydown', (event) => {
      if (['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(event.key)) {
        event.preventDefault();
        choose(kind === 'drawn' ? 'typed' : 'drawn', true);
      }
    });
  }
  typed.addEventListener('input', () => {
    byId('typed-preview').textContent = typed.value.trim();
  });
  consent.addEventListener('change', () => showError(byId('consent-error'), undefined, consent));
  byId('pad').addEventListener('pointerdown', () => showError(byId('mark-error'), undefined));

  async function readMark() {
    if (kind === 'typed') {
      if (!/\p{L}/u.test(typed.value)) throw new Refused('mark_missing', texts.markMissing);
      if (!PRINTABLE.test(typed.value)) throw new Refused('mark_unprintable', texts.markUnprintable);
      return { kind, text: typed.value };
    }
    const pad = await drawn;
    if (!pad || pad.isEmpty()) throw new Refused('mark_missing', texts.markMissing);
    return { kind, image: pad.toImage() };
  }

  /** @param {unknown} error */
  function refuse(error) {
    const code = error instanceof Refused ? error.code : '';
    if (error instanceof Refused && code === 'not_identified') {
      confirmAgain(error);
      return;
    }
    if (code.startsWith('mark_')) {
      showError(byId('mark-error'), error, kind === 'typed' ? typed : undefined);
      (kind === 'typed' ? typed : tabs.drawn).focus();
      byId('mark-error').scrollIntoView({ block: 'nearest' });
    } else if (code === 'consent_missing') {
      showError(byId('consent-error'), error, consent);
      consent.focus();
      byId('consent-error').scrollIntoView({ block: 'nearest' });
    } else {
      showError(byId('sign-error'), error);
      byId('sign-error').scrollIntoView({ block: 'center' });
    }
    if (code === 'state_changed') setTimeout(() => location.reload(), 1500);
  }

  byId('sign-form').addEventListener('submit', (event) => {
    event.preventDefault();
    void whileBusy(button, async () => {
      showError(byId('sign-error'), undefined);
      try {
        const mark = await readMark();
        if (!consent.checked) throw new Refused('consent_missing', texts.consentMissing);
        button.textContent = texts.signing;
        await api.post('sign', { consentVersion: consent.value, bundleSha256: config.bundleSha256, mark });
        location.reload();
      } catch (error) {
        button.textContent = texts.sign;
        refuse(error);
      }
    });
  });

  return {
    /** The step is shown: only now the drawing field has a size, and its module is needed. */
    enter() {
      drawn ??= createDrawnMark(config.signaturePad);
      drawn.catch(() => choose('typed'));
    },
  };
}
