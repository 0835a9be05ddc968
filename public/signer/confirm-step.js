import { Refused, showError, whileBusy } from './api.js';
import { byId, fill } from './page-config.js';

const CODE_DIGITS = 6;

/**
 * Asking for the code and entering it.
 * @param {import('./page-config.js').SignConfig} config
 * @param {import('./api.js').Api} api
 * @param {() => void} confirmed
 */
export function createConfirmStep(config, api, confirmed) {
  const { texts } = config;
  const form = /** @type {HTMLFormElement} */ (byId('code-form'));
  const input = /** @type {HTMLInputElement} */ (byId('code'));
  const first = /** @type {HTMLButtonElement} */ (byId('send-code'));
  const again = /** @type {HTMLButtonElement} */ (byId('send-again'));
  const submit = /** @type {HTMLButtonElement} */ (form.querySelector('button[type="submit"]'));
  const codeError = byId('code-error');
  const sendError = byId('send-error');
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;

  /** @param {number} seconds */
  function countDown(seconds) {
    clearInterval(timer);
    const end = Date.now() + seconds * 1000;
    const tick = () => {
      const left = Math.ceil((end - Date.now()) / 1000);
      again.disabled = left > 0;
      again.textContent = left > 0 ? fill(texts.sendAgainIn, { seconds: left }) : texts.sendAgain;
      if (left <= 0) clearInterval(timer);
    };
    tick();
    timer = setInterval(tick, 500);
  }

  function askForCode() {
    form.hidden = false;
    again.hidden = false;
    byId('send-first').hidden = true;
    byId('confirm-text').hidden = true;
  }

  /** @param {HTMLButtonElement} button */
  const send = (button) =>
    whileBusy(button, async () => {
      showError(sendError, undefined);
      showError(codeError, undefined, input);
      try {
        const { address, pauseS } = await api.post('code');
        byId('code-status').textContent = fill(texts.codeSentTo, { address });
        askForCode();
        input.value = '';
        input.focus();
        countDown(pauseS);
      } catch (error) {
        showError(sendError, error);
        const { code, details } = /** @type {import('./api.js').Refused} */ (error);
        if (code === 'code_wait') {
          // Another tab has asked for it: this one can take it too.
          askForCode();
          countDown(Number(details.seconds));
        }
        if (code === 'state_changed' || code === 'link_invalid') setTimeout(() => location.reload(), 1500);
      }
    });

  first.addEventListener('click', () => void send(first));
  again.addEventListener('click', () => void send(again));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void whileBusy(submit, async () => {
      try {
        // Sent like this it would cost one of the few tries.
        if (input.value.replace(/\D/g, '').length !== CODE_DIGITS)
          throw new Refused('code_incomplete', texts.codeIncomplete);
        await api.post('confirm', { code: input.value });
        showError(codeError, undefined, input);
        showError(sendError, undefined);
        confirmed();
      } catch (error) {
        showError(codeError, error, input);
        input.focus();
        input.select();
        if (/** @type {import('./api.js').Refused} */ (error).code === 'state_changed') {
          setTimeout(() => location.reload(), 1500);
        }
      }
    });
  });
  if (config.codeIsOut) countDown(config.waitS);
}
