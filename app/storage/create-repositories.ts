import type { Connection } from 'mongoose';
import type { Logger } from '../logger.ts';
import type { Clock } from '../ports/clock.ts';
import type { Secrets } from '../ports/secrets.ts';
import { createBalance } from './create-balance.ts';
import { createCertificateStore } from './create-certificate-store.ts';
import type { KeyFiles } from './create-certificate-store.ts';
import { createEmployeeStore } from './create-employee-store.ts';
import { createFileStore } from './create-file-store.ts';
import { createIssuedFileStore } from './create-issued-file-store.ts';
import { createPortalStore } from './create-portal-store.ts';
import { createRestLog } from './create-rest-log.ts';
import { createRobotRunStore } from './create-robot-run-store.ts';
import { createSettingsStore } from './create-settings-store.ts';
import { createSigningStore } from './create-signing-store.ts';

/** Every repository of the app on one connection. */
export function createRepositories(deps: {
  connection: Connection;
  secrets: Secrets;
  clock: Clock;
  log: Logger;
  keyFiles: KeyFiles;
}) {
  return {
    signings: createSigningStore(deps),
    runs: createRobotRunStore(deps),
    portals: createPortalStore(deps),
    employees: createEmployeeStore(deps),
    settings: createSettingsStore(deps),
    certificates: createCertificateStore(deps),
    balance: createBalance(deps),
    files: createFileStore(deps),
    issued: createIssuedFileStore(deps),
    restLog: createRestLog(deps),
  };
}
