/** What the page tells its script: `<meta name="x-config">`, filled by views/signer/*.ejs. */

/**
 * @typedef {object} SignConfig
 * @property {string} base path of this link, `/s/<token>`
 * @property {boolean} identified this browser has entered the right code
 * @property {boolean} codeIsOut a code is on its way
 * @property {number} waitS seconds until another code may be asked for
 * @property {string} bundleSha256
 * @property {string} signaturePad module of signature_pad
 * @property {string} lang
 * @property {Record<string, string>} texts
 */

/**
 * @template T
 * @returns {T}
 */
export function readConfig() {
  const meta = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="x-config"]'));
  return JSON.parse(meta?.content ?? '{}');
}

/**
 * An element that the view has for certain.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no element ${id}`);
  return element;
}

/**
 * A text with `{name}` filled in.
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
