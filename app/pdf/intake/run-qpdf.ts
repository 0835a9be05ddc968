import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type QpdfOutcome =
  | { ok: true; bytes: Uint8Array; warned: boolean }
  | { ok: false; reason: 'password' | 'encrypted' | 'damaged'; detail: string };

/** Rewrites a file: the same content in a clean structure. `options` are those of the command line. */
export type Qpdf = (bytes: Uint8Array, options?: string[]) => Promise<QpdfOutcome>;

/** qpdf ends with 3 when it wrote a file but had to mend something. */
const EXIT_WARNINGS = 3;
const EXIT_NO_PROGRAM = 127;
const TIME_LIMIT_MS = 30_000;
const MAX_MESSAGES = 50;
const REWRITE = ['--deterministic-id', '--stream-data=preserve'];
/**
 * A job that passes its deadline is killed together with its own process only: the program has to keep to limits of its
 * own (seconds of processor time, KiB of address space) when nobody is left to end it.
 */
const BOUNDED = 'ulimit -t 30; ulimit -v 2000000; exec qpdf "$@"';

const failure = (message: string): QpdfOutcome => ({
  ok: false,
  reason: /password/i.test(message) ? 'password' : /encrypt/i.test(message) ? 'encrypted' : 'damaged',
  detail: message.slice(0, 300),
});

/** The program on the path repairs lost cross-reference tables; undefined when there is no such program. */
async function runProgram(bytes: Uint8Array, options: string[]): Promise<QpdfOutcome | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-qpdf-'));
  try {
    const [input, output] = [join(folder, 'in.pdf'), join(folder, 'out.pdf')];
    await writeFile(input, bytes, { mode: 0o600 });
    const { code, message } = await new Promise<{ code: number | string; message: string }>((done) => {
      execFile(
        'sh',
        ['-c', BOUNDED, 'sh', ...REWRITE, ...options, input, output],
        { timeout: TIME_LIMIT_MS, maxBuffer: 1 << 20, killSignal: 'SIGKILL' },
        (error, _out, errors) => done({ code: error?.code ?? (error ? 'killed' : 0), message: errors }),
      );
    });
    if (code === 'ENOENT' || code === EXIT_NO_PROGRAM) return undefined;
    if (code !== 0 && code !== EXIT_WARNINGS) return failure(message);
    return { ok: true, bytes: new Uint8Array(await readFile(output)), warned: code === EXIT_WARNINGS };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface QpdfModule {
  callMain(args: string[]): number;
  FS: { writeFile(path: string, data: Uint8Array): void; readFile(path: string): Uint8Array };
}
const require = createRequire(import.meta.url);

/** Runs the build inside the npm package with these options and no others. */
export async function callBuiltInQpdf(bytes: Uint8Array, options: string[]): Promise<QpdfOutcome> {
  const script = require.resolve('@neslinesli93/qpdf-wasm');
  const create = require(script) as (options: object) => Promise<QpdfModule>;
  const messages: string[] = [];
  const collect = (...words: unknown[]): void => {
    if (messages.length < MAX_MESSAGES) messages.push(words.join(' '));
  };
  const exitCode = process.exitCode;
  try {
    const qpdf = await startWithOutput(collect, () =>
      create({ wasmBinary: readFileSync(script.replace(/\.js$/, '.wasm')) }),
    );
    qpdf.FS.writeFile('/in.pdf', bytes);
    const code = qpdf.callMain([...options, '/in.pdf', '/out.pdf']);
    if (code !== 0 && code !== EXIT_WARNINGS) return failure(messages.join('\n'));
    return { ok: true, bytes: new Uint8Array(qpdf.FS.readFile('/out.pdf')), warned: code === EXIT_WARNINGS };
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    return failure([...messages, text].join('\n'));
  } finally {
    process.exitCode = exitCode;
  }
}

/**
 * The module takes hold of console in the moment it is started, and has no other way to catch what it prints. Only for
 * that moment, which nothing can interrupt, console is another.
 */
function startWithOutput<T>(collect: (...words: unknown[]) => void, start: () => T): T {
  const { log, error } = console;
  Object.assign(console, { log: collect, error: collect });
  try {
    return start();
  } finally {
    Object.assign(console, { log, error });
  }
}

/** The built-in one is always there, and repairs less (1004 of 1074 files that the program mends). */
export const runBuiltInQpdf: Qpdf = (bytes, options = []) => callBuiltInQpdf(bytes, [...REWRITE, ...options]);

/** The program where it is installed, else the WebAssembly build. */
export const runQpdf: Qpdf = async (bytes, options = []) =>
  (await runProgram(bytes, options)) ?? (await runBuiltInQpdf(bytes, options));
