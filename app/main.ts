// Start and stop of the production server: `npm start`.
import { ConfigError, readConfig } from './config.ts';
import { createLogger } from './logger.ts';
import { startApp } from './start-app.ts';

/** EX_CONFIG of sysexits.h: a service manager should not restart us, the environment has to change. */
const EX_CONFIG = 78;
/** A stop that takes longer than this is not going to end well: what is left is found by the sweep after the start. */
const STOP_DEADLINE_MS = 40_000;

try {
  const config = readConfig(process.env);
  const log = createLogger(config.logLevel);
  const app = await startApp(config, log);

  const stop = (signal: string): void => {
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stop failed');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ConfigError ? EX_CONFIG : 1;
}
