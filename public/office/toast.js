/** Where the reader last did something, in pixels from the top: the frame may be much taller than the screen. */
let lastTop = 0;
document.addEventListener('click', (event) => void (lastTop = event.clientY), true);

/** @returns {number} */
export const lastPlace = () => lastTop;

/**
 * A message for some seconds, in place of the one before, near the place of the last click.
 * @param {string} text
 * @param {'done' | 'failed'} kind
 */
export function toast(text, kind) {
  const box = document.getElementById('toasts');
  if (!box || text === '') return;
  const note = document.createElement('div');
  note.className = kind === 'failed' ? 'toast toast-danger' : 'toast';
  note.dataset.testid = kind === 'failed' ? 'toast-failed' : 'toast';
  note.textContent = text;
  box.style.top = `${Math.max(12, Math.min(lastTop + 24, window.innerHeight - 120))}px`;
  box.style.bottom = 'auto';
  box.replaceChildren(note);
  setTimeout(() => note.remove(), kind === 'failed' ? 12_000 : 5_000);
}
