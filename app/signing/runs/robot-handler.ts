import type { Language, Signing } from '../../domain/signing.ts';
import type { ReturnWhen, RobotRun } from '../../ports/robot-run-store.ts';

/** What a robot made of its run. A refusal is thrown (domain/refusal.ts), a fault is any other error. */
export type RunStep =
  /** Done: the values of this signing go back at once. */
  | { readonly kind: 'answer'; readonly signing: Signing; readonly note: string }
  | {
      readonly kind: 'wait';
      readonly signing: Signing;
      readonly returnWhen: ReturnWhen;
      /** Status code after which a change counts (`next_change`). */
      readonly knownStatus: number;
      readonly waitUntil: Date;
      /** What the answer has to say beyond the status; empty for nothing. */
      readonly note: string;
    }
  /** Something is not there yet (the PDF of a document); the run is tried again after a pause. */
  | { readonly kind: 'later' };

/** One robot's work. Both functions may be called again for the same run, after a fault at any place in them. */
export interface RobotHandler {
  /** @throws Refusal */
  process(run: RobotRun, language: Language): Promise<RunStep>;
  /** The run is answered without a signing: undoes what an earlier try may have left behind. */
  abandon?(run: RobotRun): Promise<void>;
}

/** The values of an input as a list, whatever form the portal sent them in; for `source_document_ids` of an answer. */
export const listOf = (value: string | readonly string[] | undefined): string[] =>
  (typeof value === 'string' ? value.split(/[,;\n]/) : [...(value ?? [])])
    .map((item) => item.trim())
    .filter((item) => item !== '');
