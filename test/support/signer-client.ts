import { createHash } from 'node:crypto';

/** A signer who follows a link without a browser: one cookie jar, the same requests that the page's script sends. */
export class SignerClient {
  readonly link: string;
  #cookie = '';

  constructor(link: string) {
    this.link = link;
  }

  async page(): Promise<{ status: number; html: string }> {
    const answer = await this.get('');
    return { status: answer.status, html: await answer.text() };
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.link}${path}`, { headers: { ...headers, Cookie: this.#cookie } });
  }

  async post(path: string, body: object = {}): Promise<Response> {
    const answer = await fetch(`${this.link}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', Cookie: this.#cookie },
      body: JSON.stringify(body),
    });
    const [cookie] = answer.headers.getSetCookie();
    if (cookie) this.#cookie = cookie.split(';')[0] ?? '';
    return answer;
  }

  /** Opens the page as a person does: the page, then its script's word that somebody is there. */
  async open(): Promise<string> {
    const { html } = await this.page();
    await this.post('/opened');
    return html;
  }

  async document(): Promise<Uint8Array> {
    return new Uint8Array(await (await this.get('/document')).arrayBuffer());
  }

  requestCode(): Promise<Response> {
    return this.post('/code');
  }

  confirm(code: string): Promise<Response> {
    return this.post('/confirm', { code });
  }

  /** Signs what the page showed: the consent version stands on it, the fingerprint is of the document that was read. */
  async sign(mark: object = { kind: 'typed', text: 'Иван Петров' }): Promise<Response> {
    const { html } = await this.page();
    const consentVersion = /data-consent-version="([^"]+)"/.exec(html)?.[1] ?? '';
    const bundleSha256 = createHash('sha256')
      .update(await this.document())
      .digest('hex');
    return this.post('/sign', { consentVersion, bundleSha256, mark });
  }

  decline(reason: string): Promise<Response> {
    return this.post('/decline', { reason });
  }
}
