import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createPdfEngine } from '../app/pdf/create-pdf-engine.ts';
import type { SealCertificate } from '../app/ports/pdf-engine.ts';
import type { Figure } from './figure.ts';
import type { PdfFile } from './pdf-files.ts';
import { signAll } from './pdf-work.ts';

export interface MemoryUse {
  readonly what: string;
  /** Per job in flight, above the idle worker. */
  readonly bytes: number;
  readonly fileBytes: number;
}

/** Times the size of the file. */
const TARGETS: Record<string, number> = { '20 MB': 8 };

export const memoryFigure = ({ what, bytes, fileBytes }: MemoryUse): Figure | undefined => {
  const atMost = TARGETS[what.split(':')[0] ?? ''];
  if (!atMost) return undefined;
  return {
    what: `${what}: memory by size of the file`,
    value: bytes / fileBytes,
    unit: '×',
    target: { atMost },
  };
};

const SCRIPT = fileURLToPath(new URL('./measure-pdf-memory.ts', import.meta.url));
const run = promisify(execFile);

/** Memory of sealing and verifying `file`, one at a time and two at once. */
export async function benchPdfMemory(file: PdfFile, certificate: SealCertificate): Promise<MemoryUse[]> {
  const directory = await mkdtemp(join(tmpdir(), 'cs-bench-'));
  const engine = createPdfEngine({ certificate, workers: 1 });
  try {
    const { thrice } = await signAll(engine, file.bytes);
    const paths = { seal: join(directory, 'plain.pdf'), verify: join(directory, 'signed.pdf') };
    await writeFile(paths.seal, file.bytes);
    await writeFile(paths.verify, thrice);
    const found: MemoryUse[] = [];
    for (const [operation, path] of Object.entries(paths)) {
      for (const atOnce of ['1', '2']) {
        const { stdout } = await run(process.execPath, ['--expose-gc', SCRIPT, path, operation, atOnce]);
        const what = `${file.what}: ${operation}, ${atOnce} at once`;
        found.push({ what, bytes: Number(stdout), fileBytes: file.bytes.length });
      }
    }
    return found;
  } finally {
    await engine.close();
    await rm(directory, { recursive: true, force: true });
  }
}
