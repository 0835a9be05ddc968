import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { waitFor } from './wait-for.ts';

export interface AppProcess {
  readonly pid: number;
  /** Standard output and error so far. */
  output(): string;
  /** Ends it without a warning, as a power cut or the kernel would. */
  kill9(): Promise<void>;
  /** SIGTERM. @returns the exit code */
  stop(): Promise<number | null>;
}

const main = fileURLToPath(new URL('../../app/main.ts', import.meta.url));

/** The app as an operator runs it: a process of its own, configured by its environment alone. */
export async function spawnApp(env: Record<string, string>): Promise<AppProcess> {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await waitFor(
    'the app to be ready',
    async () => {
      if (child.exitCode !== null) throw new Error(`the app ended with ${child.exitCode}:\n${output}`);
      return (await fetch(`${env['PUBLIC_URL']}/readyz`).catch(() => undefined))?.ok;
    },
    30_000,
  );
  return {
    pid: child.pid!,
    output: () => output,
    async kill9() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}
