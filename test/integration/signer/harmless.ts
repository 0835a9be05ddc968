/** Texts a portal or a signer could choose to break out of a page or a header. */
export const EVIL = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>{{7*7}}<%= 1 %>\r\nBcc: x@evil.test`;

/** Whether a page has kept EVIL text: none of its tags is a tag there. */
export const isHarmless = (html: string): boolean =>
  !html.includes('<script>alert') && !html.includes('<img src=x') && !html.includes(`"'><`);
