import type { Work } from '../jobs/create-jobs.ts';
import { createKeepTokensAlive } from '../portal/keep-tokens-alive.ts';
import type { Container } from '../container.ts';
import { wireInstaller } from './wire-installer.ts';

/** What the jobs of this process do. */
export function wireWork(container: Container): Work {
  const { runSigning, processRun, sweep, tracking } = container;
  const { handleEvent } = wireInstaller(container);
  return {
    runSigning,
    runRobot: processRun,
    // The queue keeps what `receiveEvent` made.
    handleEvent: (event) => handleEvent(event),
    sweep,
    track: () => tracking.trackDue(),
    keepAlive: createKeepTokensAlive(container),
  };
}
