import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import path from 'node:path';

const FILE = 'app-secret';
const SECRET_BYTES = 32;

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

async function read(file: string): Promise<string | undefined> {
  try {
    const secret = (await readFile(file, 'utf8')).trim();
    if (!secret) throw new Error(`${file} is empty: restore it from a backup, everything sealed hangs on it`);
    return secret;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Puts the whole file in place in one step, unless there is one. */
async function createOnce(file: string, content: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
    await link(draft, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await handle.close();
    await unlink(draft);
  }
}

/**
 * The secret that the app's keys come from: the configured one, else the one in `DATA_DIR/app-secret`, which is generated
 * at the first start. Processes that start together get the same one. Production has to configure it (app/config.ts).
 */
export async function loadAppSecret({
  appSecret,
  dataDir,
}: {
  appSecret: string;
  dataDir: string;
}): Promise<string> {
  if (appSecret) return appSecret;
  const file = path.join(dataDir, FILE);
  const stored = await read(file);
  if (stored) return stored;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await createOnce(file, `${randomBytes(SECRET_BYTES).toString('base64url')}\n`);
  const created = await read(file);
  if (!created) throw new Error(`${file} cannot be read back`);
  return created;
}
