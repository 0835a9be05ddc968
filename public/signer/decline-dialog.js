import { Refused, showError, whileBusy } from './api.js';
import { byId } from './page-config.js';

/**
 * Declining, with a reason, in a dialog that keeps and gives back the focus by itself.
 * @param {import('./page-config.js').SignConfig} config
 * @param {import('./api.js').Api} api
 */
export function createDeclineDialog(config, api) {
  const dialog = /** @type {HTMLDialogElement} */ (byId('decline-dialog'));
  const reason = /** @type {HTMLTextAreaElement} */ (byId('reason'));
  const form = byId('decline-form');
  const button = /** @type {HTMLButtonElement} */ (form.querySelector('button[type="submit"]'));

  byId('decline-open').addEventListener('click', () => {
    dialog.showModal();
    reason.focus();
  });
  byId('decline-back').addEventListener('click', () => dialog.close());
  reason.addEventListener('input', () => showError(byId('decline-error'), undefined, reason));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void whileBusy(button, async () => {
      try {
        if (!reason.value.trim()) throw new Refused('reason_missing', config.texts.reasonMissing);
        await api.post('decline', { reason: reason.value });
        location.reload();
      } catch (error) {
        showError(byId('decline-error'), error, reason);
        reason.focus();
        if (error instanceof Refused && error.code === 'state_changed')
          setTimeout(() => location.reload(), 1500);
      }
    });
  });
}
