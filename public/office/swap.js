import { request } from './request.js';
import { toast } from './toast.js';

/**
 * Fetch and swap: elements say what they load and where it goes.
 *   data-get / data-post   address; on a form it is sent with its fields, on a button when it is clicked
 *   data-target            selector of what is replaced; `data-swap="outer"` on target or source replaces the whole element
 *   data-focus             moves the focus to the new part's heading (a change of page)
 *   data-auto              a form that sends itself when a field changes
 */

/**
 * @param {Element} source
 * @param {FormData} [fields]
 */
export async function run(source, fields) {
  const { get, post, target: selector = '' } = /** @type {HTMLElement} */ (source).dataset;
  if (source.getAttribute('aria-busy') === 'true') return;
  source.setAttribute('aria-busy', 'true');
  try {
    const response = await request(
      addressOf(get, post, fields),
      post ? { method: 'POST', body: bodyOf(source, fields) } : {},
    );
    const html = await response.text();
    const target = document.querySelector(selector);
    if (target && response.status !== 204) place(source, target, html);
    toast(decodeURIComponent(response.headers.get('X-Message') ?? ''), 'done');
  } catch (error) {
    source.closest('dialog')?.close();
    toast(error instanceof Error ? error.message : String(error), 'failed');
    // A tick that was not taken over must not stay on the screen.
    if (source instanceof window.HTMLFormElement && post && 'auto' in source.dataset) source.reset();
  } finally {
    source.removeAttribute('aria-busy');
  }
}

/** @param {string | undefined} get @param {string | undefined} post @param {FormData} [fields] */
function addressOf(get, post, fields) {
  if (post || !fields) return post ?? get ?? '';
  return `${get}?${toQuery(fields)}`;
}

/** @param {Element} source @param {FormData} [fields] */
function bodyOf(source, fields) {
  if (!fields) return new URLSearchParams();
  return source.getAttribute('enctype') === 'multipart/form-data' ||
    'draw' in /** @type {HTMLElement} */ (source).dataset
    ? fields
    : toQuery(fields);
}

/** @param {FormData} fields */
export const toQuery = (fields) =>
  new URLSearchParams([...fields].map(([name, value]) => [name, String(value)]));

/** @param {Element} source @param {Element} target @param {string} html */
export function place(source, target, html) {
  const focused = document.activeElement?.getAttribute('data-testid');
  const outer = [source, target].some((element) => element.getAttribute('data-swap') === 'outer');
  const holder = outer ? target.parentElement : target;
  if (outer) target.outerHTML = html;
  else target.innerHTML = html;
  holder?.dispatchEvent(new CustomEvent('swapped', { bubbles: true, detail: source }));
  const part = (outer && target.id && document.getElementById(target.id)) || holder;
  const place = source.hasAttribute('data-focus') ? part?.querySelector('[data-heading]') : undefined;
  const again =
    focused && !document.activeElement?.closest('main')
      ? holder?.querySelector(`[data-testid="${focused}"]`)
      : undefined;
  /** @type {HTMLElement | null | undefined} */ (place ?? again)?.focus();
}

/** @param {Element} root */
export function startSwapping(root) {
  root.addEventListener('click', (event) => {
    const source = /** @type {Element} */ (event.target).closest('button[data-get], button[data-post]');
    if (source) void run(source);
  });
  root.addEventListener('submit', (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches('[data-get], [data-post]') || event.defaultPrevented) return;
    event.preventDefault();
    void run(form, new FormData(form));
  });
  root.addEventListener('change', (event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (field.type !== 'search') field.closest('form')?.matches('[data-auto]') && field.form?.requestSubmit();
  });
}
