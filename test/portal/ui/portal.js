/* global document, window, URL */
import { ask, portalData } from './api.js';
import { startDealPage } from './deal.js';
import { openFrame } from './frame.js';
import { openAppSlider } from './slider.js';

const BELL_MS = 2500;
const bell = document.getElementById('bell');
const notes = document.getElementById('notes');

async function refreshBell(read = false) {
  const answer = await ask(`notifications${read ? '?read=1' : ''}`);
  if (!answer) return;
  const count = document.getElementById('bell-count');
  count.textContent = String(answer.unread);
  count.hidden = read || answer.unread === 0;
  if (!notes.hidden && notes.dataset.html !== answer.html) {
    notes.innerHTML = answer.html;
    notes.dataset.html = answer.html;
  }
}

if (bell) {
  bell.addEventListener('click', () => {
    notes.hidden = !notes.hidden;
    bell.setAttribute('aria-expanded', String(!notes.hidden));
    void refreshBell(!notes.hidden);
  });
  void refreshBell();
  window.setInterval(() => void refreshBell().catch(() => undefined), BELL_MS);
}

// In-portal links to an app's page open it in a slider.
document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href^="/marketplace/view/"]');
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const url = new URL(link.href);
  const options = { URI: `${url.pathname}${url.search}` };
  for (const [key, value] of url.searchParams) {
    const name = /^params\[([^\]]+)\]$/.exec(key)?.[1];
    if (name) options[name] = value;
  }
  const app = decodeURIComponent(url.pathname.split('/')[3] ?? '');
  if (notes) notes.hidden = true;
  openAppSlider({ app, placement: 'REST_APP_URI', options }, { title: link.textContent });
});

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-action]');
  if (!button) return;
  const { app, action } = button.dataset;
  button.disabled = true;
  await ask('app', { app, action });
  const open = action === 'install' || action === 'update';
  if (open) window.location.assign(`/marketplace/app/${app}/`);
  else window.location.reload();
});

const pageFrame = document.getElementById('page-frame');
if (pageFrame) void openFrame(pageFrame, JSON.parse(pageFrame.dataset.frame));
if (portalData.page === 'deal') startDealPage();
