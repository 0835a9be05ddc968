import type { FrameResponse, StandInPortal } from '../portal/types.ts';

/** A page of the app inside the portal's frame, driven without a browser: the session is taken from the page it opened. */
export class OfficeClient {
  readonly page: FrameResponse;
  readonly #origin: string;
  readonly #session: string;

  constructor(page: FrameResponse) {
    this.page = page;
    this.#origin = new URL(page.url).origin;
    this.#session = /<meta name="session" content="([^"]+)"/.exec(page.html)?.[1] ?? '';
    if (!this.#session)
      throw new Error(`the frame gave no session: HTTP ${page.status}\n${page.html.slice(0, 500)}`);
  }

  get(path: string): Promise<Response> {
    return this.#send(path, { method: 'GET' });
  }

  post(path: string, fields: Record<string, string> = {}): Promise<Response> {
    return this.#send(path, { method: 'POST', body: new URLSearchParams(fields) });
  }

  /** @param fields of the form beside the file */
  upload(
    path: string,
    name: string,
    bytes: Uint8Array,
    type: string,
    fields: Record<string, string> = {},
  ): Promise<Response> {
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) form.append(field, value);
    form.append('file', new Blob([Buffer.from(bytes)], { type }), name);
    return this.#send(path, { method: 'POST', body: form });
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    return fetch(`${this.#origin}${path}`, {
      ...init,
      headers: { Authorization: `Bearer ${this.#session}` },
    });
  }
}

export const openApp = async (portal: StandInPortal, userId = 1, options: Record<string, unknown> = {}) =>
  new OfficeClient(await portal.openFrame('DEFAULT', options, userId));

export const openDealTab = async (portal: StandInPortal, dealId: number, userId = 1) =>
  new OfficeClient(await portal.openFrame('CRM_DEAL_DETAIL_TAB', { ID: String(dealId) }, userId));

const ok = async (answer: Response): Promise<void> => {
  if (!answer.ok)
    throw new Error(`HTTP ${answer.status} of ${answer.url}: ${(await answer.text()).slice(0, 300)}`);
};

/** Registers a portal user as an employee who may sign, with a signature and, when asked for, a mandate of their own. */
export async function registerEmployee(
  portal: StandInPortal,
  userId: number,
  options: { signature?: Uint8Array; mandate?: boolean } = {},
): Promise<void> {
  const admin = await openApp(portal, 1);
  await ok(await admin.post(`/office/employees/${userId}`));
  await ok(await admin.post(`/office/employees/${userId}/rights`, { can_sign: 'on', can_send: 'on' }));
  if (options.signature) {
    await ok(
      await admin.upload(
        `/office/employees/${userId}/signature`,
        'signature.png',
        options.signature,
        'image/png',
      ),
    );
  }
  if (options.mandate) {
    const employee = await openApp(portal, userId);
    const page = await (await employee.get('/office/me')).text();
    const version = /name="version" value="([^"]+)"/.exec(page)?.[1] ?? '';
    await ok(await employee.post('/office/me/mandate', { agree: 'on', version }));
  }
}
