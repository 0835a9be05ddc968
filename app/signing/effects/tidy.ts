import { stepsRemoved } from '../../domain/transitions/apply-signature.ts';
import type { FileStore } from '../../ports/file-store.ts';
import { stepFileId } from '../documents/step-file-id.ts';
import type { EffectHandler } from './effect-handler.ts';

/** Removes the files with some of the signatures: a finished signing has them in its signed file, any other has no use for them. */
export function createTidyHandler({ files }: { files: Pick<FileStore, 'remove'> }): EffectHandler {
  return async (signing) => {
    for (const { id } of signing.signers) {
      await files.remove(stepFileId(signing, 'signed', id));
      await files.remove(stepFileId(signing, 'agreement', id));
    }
    return stepsRemoved;
  };
}
