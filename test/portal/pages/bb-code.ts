/** Escapes text for HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}

/** BB codes of comments and notifications as HTML; everything else is escaped. */
export function bbToHtml(text: string): string {
  return escapeHtml(text)
    .replace(/\[(\/?)(b|i|u|s)\]/gi, (_all, slash: string, tag: string) => `<${slash}${tag.toLowerCase()}>`)
    .replace(/\[url=((?:[^[\]]|\[[^[\]]*\])+)\]([\s\S]*?)\[\/url\]/gi, (_all, url: string, label: string) =>
      anchor(url, label),
    )
    .replace(/\[url\]([\s\S]*?)\[\/url\]/gi, (_all, url: string) => anchor(url, url))
    .replace(/\[br\]|\r?\n/gi, '<br>');
}

function anchor(url: string, label: string): string {
  return /^(https?:\/\/|\/)/i.test(url) ? `<a href="${url}">${label}</a>` : label;
}
