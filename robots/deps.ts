import type { Balance } from '../app/ports/balance.ts';
import type { Clock } from '../app/ports/clock.ts';
import type { EmployeeStore } from '../app/ports/employee-store.ts';
import type { FileStore } from '../app/ports/file-store.ts';
import type { IntakeLimits, PdfEngine } from '../app/ports/pdf-engine.ts';
import type { Portal } from '../app/ports/portal.ts';
import type { SettingsStore } from '../app/ports/settings-store.ts';
import type { SigningStore } from '../app/ports/signing-store.ts';
import type { ChangeSigning } from '../app/signing/change-signing.ts';

/** What the robots work with. */
export interface RobotDeps {
  readonly portal: Pick<Portal, 'readFacts' | 'usersOfDepartment' | 'downloadDocument'>;
  readonly settings: SettingsStore;
  readonly employees: EmployeeStore;
  readonly balance: Balance;
  readonly signings: SigningStore;
  readonly changeSigning: ChangeSigning;
  readonly files: FileStore;
  readonly pdf: Pick<PdfEngine, 'prepareBundle'>;
  /** Of all documents of a signing together. */
  readonly limits: Required<IntakeLimits>;
  readonly clock: Clock;
  /** A new unguessable text each time (128 bits or more, URL-safe): what signers' links are derived from. */
  readonly random: () => string;
  /** How long a run waits for a PDF that the portal is still making, seconds. Default 600. */
  readonly pdfWaitS?: number;
}
