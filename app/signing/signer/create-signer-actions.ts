import type { Clock } from '../../ports/clock.ts';
import type { FileStore } from '../../ports/file-store.ts';
import type { Messenger } from '../../ports/messenger.ts';
import type { Secrets } from '../../ports/secrets.ts';
import type { SigningStore } from '../../ports/signing-store.ts';
import type { ChangeSigning } from '../change-signing.ts';
import { createActAsSigner } from './act-as-signer.ts';
import type { LetterComposer } from '../../ports/letter-composer.ts';
import { createConfirmCode } from './confirm-code.ts';
import type { ConfirmCode } from './confirm-code.ts';
import { createDecline } from './decline.ts';
import type { Decline } from './decline.ts';
import { createOneTimeCodes } from './one-time-code.ts';
import { createOpenSignerPage } from './open-signer-page.ts';
import type { OpenSignerPage } from './open-signer-page.ts';
import { createRecordOpening } from './record-opening.ts';
import type { RecordOpening } from './record-opening.ts';
import { createRequestCode } from './request-code.ts';
import type { RequestCode } from './request-code.ts';
import { createSign } from './sign.ts';
import type { Sign } from './sign.ts';
import type { SignerLinks } from './signer-links.ts';

/** Everything a signer can do with their link. */
export interface SignerActions {
  readonly open: OpenSignerPage;
  readonly recordOpening: RecordOpening;
  readonly requestCode: RequestCode;
  readonly confirmCode: ConfirmCode;
  readonly sign: Sign;
  readonly decline: Decline;
}

export function createSignerActions(deps: {
  signings: SigningStore;
  changeSigning: ChangeSigning;
  links: SignerLinks;
  secrets: Secrets;
  messenger: Messenger;
  letters: LetterComposer;
  files: FileStore;
  clock: Clock;
}): SignerActions {
  const open = createOpenSignerPage(deps);
  const act = createActAsSigner({ ...deps, open });
  const codes = createOneTimeCodes(deps);
  return {
    open,
    recordOpening: createRecordOpening({ act }),
    requestCode: createRequestCode({ ...deps, act, codes }),
    confirmCode: createConfirmCode({ act, codes }),
    sign: createSign({ ...deps, open, act }),
    decline: createDecline({ act }),
  };
}
