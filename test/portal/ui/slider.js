/* global document, window, URL */
import { element, t } from './api.js';
import { openFrame } from './frame.js';

const open = [];

/** A panel that slides in from the right; returns its body and a promise that resolves when it is closed. */
export function openSlider({ title = '', width } = {}) {
  let finish;
  const closed = new Promise((resolve) => {
    finish = resolve;
  });
  const body = element('div', { class: 'slider__body frame' });
  const heading = element('b', {}, title);
  const close = () => {
    shade.remove();
    open.splice(open.indexOf(close), 1);
    finish('close');
  };
  const panel = element(
    'section',
    { class: 'slider', role: 'dialog', 'aria-label': title || 'slider', 'data-testid': 'slider' },
    element(
      'header',
      {},
      heading,
      element(
        'button',
        { class: 'slider__close', 'aria-label': t('close'), 'data-testid': 'slider-close', onclick: close },
        '✕',
      ),
    ),
    body,
  );
  if (width) panel.style.width = `min(${Number(width)}px, 96vw)`;
  const shade = element('div', { class: 'shade' }, panel);
  shade.addEventListener('mousedown', (event) => event.target === shade && close());
  document.body.append(shade);
  open.push(close);
  return { body, close, closed, setTitle: (text) => heading.replaceChildren(text) };
}

window.addEventListener('keydown', (event) => event.key === 'Escape' && open.at(-1)?.());

/** An app frame in a slider. */
export function openAppSlider(request, { title, width } = {}) {
  const slider = openSlider({ title, width });
  void openFrame(slider.body, request, { close: slider.close, setTitle: slider.setTitle });
  return slider;
}

/** A page of the portal itself in a slider. */
export function openPathSlider(path) {
  const slider = openSlider({ width: 1180 });
  const url = new URL(path, window.location.origin);
  url.searchParams.set('IFRAME', 'Y');
  slider.body.replaceChildren(element('iframe', { src: url.href, title: path }));
  return slider;
}
