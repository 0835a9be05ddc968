import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import ejs from 'ejs';
import express from 'express';
import { readOutbox } from '../support/read-outbox.ts';

const view = fileURLToPath(new URL('./outbox.ejs', import.meta.url));

/** The demo's mailbox and phone: everything that the app sent, newest first. */
export async function serveOutbox(
  folder: string,
  port: number,
): Promise<{ url: string; close(): Promise<void> }> {
  const app = express();
  app.get('/', async (_req, res) => {
    const messages = (await readOutbox(folder)).reverse();
    res.type('html').send(await ejs.renderFile(view, { messages, open: undefined }));
  });
  app.get('/messages/:file', async (req, res) => {
    const messages = (await readOutbox(folder)).reverse();
    const open = messages.find((message) => message.file === req.params.file);
    res
      .status(open ? 200 : 404)
      .type('html')
      .send(await ejs.renderFile(view, { messages, open }));
  });
  app.get('/messages/:file/html', async (req, res) => {
    const message = (await readOutbox(folder)).find((each) => each.file === req.params.file);
    // Links in a mail open beside the mailbox, as they do in a mail program.
    res.type('html').send((message?.html ?? '').replace(/<head>/i, '<head><base target="_blank">'));
  });
  app.get('/messages/:file/attachments/:index', async (req, res) => {
    const message = (await readOutbox(folder)).find((each) => each.file === req.params.file);
    const attachment = message?.attachments[Number(req.params.index)];
    if (!attachment) res.sendStatus(404);
    else res.type('application/pdf').send(Buffer.from(attachment.bytes));
  });
  const server = await new Promise<Server>((resolve, reject) => {
    const listening: Server = app.listen(port, '127.0.0.1', (error?: Error) =>
      error ? reject(error) : resolve(listening),
    );
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
