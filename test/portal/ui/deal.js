/* global document, window, fetch, FormData, URLSearchParams */
import { ask, portalData, t } from './api.js';
import { openFrame } from './frame.js';
import { openAppSlider } from './slider.js';

const LIVE_MS = 1200;
const base = `deal/${portalData.dealId}`;
const last = {};

/** Refreshes the parts of the card that have changed. */
async function refresh() {
  const answer = await fetch(`/_portal/${base}/live`);
  if (answer.status === 404) return window.location.assign('/crm/deal/');
  const parts = await answer.json();
  for (const [name, html] of Object.entries(parts)) {
    const place = document.getElementById(`live-${name}`);
    // An open menu is not taken away from under the pointer.
    if (!place || last[name] === html || place.querySelector('details[open]')) continue;
    place.innerHTML = html;
    last[name] = html;
  }
}

function showTab(id) {
  const panels = [...document.querySelectorAll('[data-panel]')];
  const wanted = panels.some((panel) => panel.dataset.panel === id) ? id : 'general';
  for (const panel of panels) panel.hidden = panel.dataset.panel !== wanted;
  for (const tab of document.querySelectorAll('[data-tab]')) {
    tab.setAttribute('aria-selected', String(tab.dataset.tab === wanted));
  }
  const lazy = panels
    .find((panel) => panel.dataset.panel === wanted)
    ?.querySelector(':scope > .panel > [data-lazy-frame]');
  if (lazy) {
    const request = JSON.parse(lazy.dataset.lazyFrame);
    delete lazy.dataset.lazyFrame;
    void openFrame(lazy, request);
  }
}

function formValues(form) {
  const properties = {};
  for (const field of form.elements) {
    if (!field.name || field.name.startsWith('__')) continue;
    if (field.multiple)
      properties[field.name] = [...field.selectedOptions].map((one) => one.value).filter(Boolean);
    else if (field.dataset.multiple === 'Y')
      properties[field.name] = field.value
        .split('\n')
        .map((one) => one.trim())
        .filter(Boolean);
    else properties[field.name] = field.value;
  }
  return properties;
}

/** What a settings frame sets goes into the form's fields; unknown keys are ignored. */
function setProperty(form, values) {
  for (const [key, value] of Object.entries(values)) {
    const field = form.elements.namedItem(key);
    if (!field) continue;
    const list = [value].flat().map(String);
    if (field.tagName === 'SELECT') {
      for (const option of field.options) option.selected = list.includes(option.value);
    } else field.value = list.join(field.dataset.multiple === 'Y' ? '\n' : ', ');
  }
}

async function press(button) {
  button.disabled = true;
  const effect = await ask('press', {
    activityId: Number(button.dataset.press),
    buttonId: button.dataset.button,
  });
  button.disabled = false;
  if (effect?.kind === 'redirect') window.open(effect.uri, '_blank');
  if (effect?.kind === 'frame') {
    openAppSlider({ ready: effect.frame }, { title: effect.slider.title, width: effect.slider.width });
  }
  await refresh();
}

export function startDealPage() {
  showTab(new URLSearchParams(window.location.search).get('tab') ?? 'general');
  document.addEventListener('portal:reload', () => void refresh());
  document.addEventListener('click', async (event) => {
    const target = event.target.closest(
      '[data-tab],[data-stage],[data-press],[data-open-frame],[data-show-fields],#create-document,#delete-deal',
    );
    if (!target) return;
    if (target.dataset.tab) {
      event.preventDefault();
      window.history.replaceState(null, '', `?tab=${target.dataset.tab}`);
      showTab(target.dataset.tab);
    } else if (target.dataset.stage) {
      await ask(`${base}/stage`, { stageId: target.dataset.stage });
      await refresh();
    } else if (target.dataset.showFields !== undefined) {
      target.form.classList.toggle('robot__form--all');
    } else if (target.dataset.press) await press(target);
    else if (target.dataset.openFrame) {
      const request = JSON.parse(target.dataset.openFrame);
      target.closest('details').open = false;
      openAppSlider(request, { title: request.title });
    } else if (target.id === 'create-document') {
      await ask(`${base}/document`, {});
      await refresh();
    } else if (target.id === 'delete-deal' && window.confirm(`${t('deleteDeal')}?`)) {
      await ask(`${base}/delete`, {});
      window.location.assign('/crm/deal/');
    }
  });
  document.addEventListener('change', async (event) => {
    const { dataset, value } = event.target;
    if (dataset.trigger) await ask('trigger', { code: dataset.trigger, stageId: value });
    if (dataset.insert && value) {
      const field = event.target.form.elements.namedItem(dataset.insert);
      if (field.dataset.multiple === 'Y') field.value = [field.value, value].filter(Boolean).join('\n');
      else field.value = value;
      event.target.value = '';
    }
  });
  for (const form of document.querySelectorAll('[data-robot]')) {
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const { robot: code, app, kind } = form.dataset;
      const runAs = new FormData(form).get('__runAs');
      await ask(`${base}/run`, { code, app, kind, runAs, properties: formValues(form) });
      form.closest('details').open = false;
      await refresh();
      document.getElementById('live-runs').scrollIntoView({ block: 'nearest' });
    });
    form.closest('details').addEventListener('toggle', () => {
      const lazy = form.querySelector('[data-lazy-frame]');
      if (!form.closest('details').open || !lazy) return;
      const request = JSON.parse(lazy.dataset.lazyFrame);
      delete lazy.dataset.lazyFrame;
      void openFrame(lazy, request, { setPropertyValue: (values) => setProperty(form, values) });
    });
  }
  window.setInterval(() => void refresh().catch(() => undefined), LIVE_MS);
}
