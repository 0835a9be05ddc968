/** The public verification page: names the chosen file and says that it is being checked. Works without this script too. */

const form = /** @type {HTMLFormElement | null} */ (document.querySelector('form[data-verify]'));
const field = /** @type {HTMLInputElement | null} */ (form?.querySelector('input[type="file"]') ?? null);
const drop = /** @type {HTMLElement | null} */ (form?.querySelector('[data-drop]') ?? null);

field?.addEventListener('change', () => {
  const chosen = form?.querySelector('[data-chosen]');
  const name = field.files?.[0]?.name;
  if (!chosen || !name) return;
  chosen.textContent = name;
  chosen.className = 'file-chosen';
});
for (const type of ['dragenter', 'dragleave', 'drop']) {
  drop?.addEventListener(type, () => void (drop.dataset.over = String(type === 'dragenter')));
}
form?.addEventListener('submit', () => {
  const button = /** @type {HTMLButtonElement | null} */ (form.querySelector('button[type="submit"]'));
  if (!button) return;
  button.setAttribute('aria-busy', 'true');
  button.textContent = button.dataset.busy ?? '';
});
// The way back shows the page as it was left, its button still busy.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
