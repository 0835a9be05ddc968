import { unlinkSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import type { CommandRunner } from '../commands/run-command.ts';
import { readMessage } from './read-message.ts';
import { createMessageSplitter } from './split-messages.ts';
import { writeMessage } from './write-message.ts';

export interface Listener {
  /** Stops listening, which removes the socket file, and ends every connection. */
  close(): Promise<void>;
}

/** Serves the wire protocol on a unix socket, replacing a socket file left by a process that is gone. */
export async function listen(
  socketPath: string,
  commands: CommandRunner,
  log: (error: unknown) => void,
): Promise<Listener> {
  const open = new Set<Socket>();
  let connections = 0;
  let messages = 0;
  const server = createServer((socket) => {
    open.add(socket);
    const connectionId = ++connections;
    const split = createMessageSplitter();
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy()); // the client is gone
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const bytes of split(chunk)) {
          const message = readMessage(bytes);
          const reply = commands.run(message.body, connectionId);
          if (!message.silent) socket.write(writeMessage(message, reply, ++messages));
        }
      } catch (error) {
        log(error);
        socket.destroy();
      }
    });
  });
  removeStale(socketPath);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Only the owner of the store comes here, so nobody else listens on the path. */
function removeStale(socketPath: string): void {
  try {
    unlinkSync(socketPath);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
