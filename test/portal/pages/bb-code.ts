/** Escapes text for HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}

/** The address may hold brackets of its own, one deep. */
const URL_WITH_LABEL = /\[url=((?:[^[\]]|\[[^[\]]*\])+)\]([\s\S]*?)\[\/url\]/gi;

/** BB codes of comments and notifications as HTML; everything else is escaped. */
export function bbToHtml(text: string): string {
  return escapeHtml(text)
    .replace(URL_WITH_LABEL, (_all, url: string, label: string) => anchor(url, label))
    .replace(/\[url\]([\s\S]*?)\[\/url\]/gi, (_all, url: string) => anchor(url, url))
    .replace(/\[(\/?)(b|i|u|s)\]/gi, (_all, slash: string, tag: string) => `<${slash}${tag.toLowerCase()}>`)
    .replace(/\[br\]|\r?\n/gi, '<br>');
}

function anchor(url: string, label: string): string {
  // Brackets of `params[x]=…` are no BB codes.
  const href = url.replaceAll('[', '%5B').replaceAll(']', '%5D');
  return /^(https?:\/\/|\/)/i.test(url) ? `<a href="${href}">${label}</a>` : label;
}
