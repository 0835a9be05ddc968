/* global document, fetch */

export const portalData = JSON.parse(document.getElementById('portal-data').textContent);

export const t = (key) => portalData.texts[key] ?? key;

/** Asks the portal for JSON; null when it says no. */
export async function ask(path, body) {
  const answer = await fetch(`/_portal/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return answer.ok ? answer.json() : null;
}

/** An element with attributes and children. */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'onclick') node.onclick = value;
    else node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}
