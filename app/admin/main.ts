// Operator commands: `npm run admin -- COMMAND`, beside a running server too.
import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from '../config.ts';
import { createContainer } from '../container.ts';
import { createLogger } from '../logger.ts';
import { UsageError } from './command.ts';
import type { Command, Flags } from './command.ts';
import { credits } from './commands/credits.ts';
import { doctor } from './commands/doctor.ts';
import { employees } from './commands/employees.ts';
import { journal } from './commands/journal.ts';
import { portals } from './commands/portals.ts';
import { purge } from './commands/purge.ts';
import { signing } from './commands/signing.ts';

const commands: Record<string, Command> = { portals, credits, employees, signing, journal, purge, doctor };
const OPTIONS = ['portal', 'amount', 'id', 'user', 'signature', 'mandate'];

async function main(): Promise<number> {
  const { positionals, values } = readArguments();
  const [name = '', ...args] = positionals;
  const command = commands[name];
  if (!command) {
    console.error('Usage: npm run admin -- COMMAND\n');
    for (const { usage, about } of Object.values(commands)) console.error(`  ${usage}\n      ${about}`);
    return 64;
  }
  const given = values as Record<string, string | boolean | undefined>;
  const flags: Flags = {
    get: (flag) => (given[flag] === undefined ? undefined : String(given[flag])),
    need: (flag) => {
      if (typeof given[flag] !== 'string') throw new UsageError(`--${flag} is missing: ${command.usage}`);
      return given[flag];
    },
  };
  const config = readConfig(process.env);
  const container = await createContainer(config, createLogger('silent')).catch((error: unknown) => {
    throw new UsageError(`cannot start: ${error instanceof Error ? error.message : String(error)}`);
  });
  try {
    await command.run(container, args, flags);
    return 0;
  } finally {
    await container.close();
  }
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        ...Object.fromEntries(OPTIONS.map((name) => [name, { type: 'string' as const }])),
        yes: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** EX_USAGE and EX_CONFIG of sysexits.h, so that scripts can tell them from a failure. */
try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof UsageError || error instanceof ConfigError) console.error(error.message);
  else console.error(error);
  process.exitCode = error instanceof ConfigError ? 78 : error instanceof UsageError ? 64 : 1;
}
// The store's threads and the jobs' timers would keep a finished command waiting.
process.exit();
