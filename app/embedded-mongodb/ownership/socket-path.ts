import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Names the socket to the other processes on the same data folder. */
const fileName = 'mongodb.socket';

/** The longest path a unix socket can have is 104 bytes on macOS and 108 on Linux; unix(7). */
const longestPath = 100;

/** The path in the data folder's file; undefined when no owner has written one yet. */
export function readSocketPath(dataDir: string): string | undefined {
  try {
    return readFileSync(join(dataDir, fileName), 'utf8').trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The path for a new owner to listen on: the one in use before, so that connected drivers find it again, unless its
 * folder is no longer private to this user. To be called by the holder of the owner lock only.
 */
export function prepareSocketPath(dataDir: string): string {
  const known = readSocketPath(dataDir);
  if (known !== undefined && isPrivate(dirname(known))) return known;
  const folder = join(shortTmpdir(), `cs-${randomBytes(6).toString('hex')}`);
  mkdirSync(folder, { mode: 0o700 });
  const path = join(folder, 's.sock'); // the driver takes a host for a socket path by its ending
  const file = join(dataDir, fileName);
  writeFileSync(`${file}.new`, `${path}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file); // never half written for a reader
  return path;
}

const shortTmpdir = (): string =>
  tmpdir().length + '/cs-0123456789ab/s.sock'.length <= longestPath ? tmpdir() : '/tmp';

/** Leaves nothing behind after a clean end; the next owner makes the same folder again. */
export function removeSocketFolder(socketPath: string): void {
  rmSync(dirname(socketPath), { recursive: true, force: true });
}

/** True for a folder of this user that no other may enter; a folder swept from the temporary files is made again. */
function isPrivate(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
  }
  const { mode, uid } = lstatSync(folder);
  const isFolder = (mode & 0o170000) === 0o040000;
  return isFolder && (mode & 0o077) === 0 && uid === process.getuid?.();
}
