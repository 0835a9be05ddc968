import type { Effect, EffectKind } from '../../domain/effect.ts';
import type { Signing } from '../../domain/signing.ts';

/**
 * What an effect changed in the signing, saved in the same write as "done". Pure, since it is applied again when
 * somebody else wrote meanwhile; nothing when the effect leaves no trace.
 */
export type ApplyEffect = (signing: Signing, now: Date) => Signing;

/**
 * Carries one effect out. May be called again after a crash and must then notice what is done already. Throws when it
 * failed; an error with `retryable: false` is not tried again, `retryAfterS` puts the next try off.
 */
export type EffectHandler = (signing: Signing, effect: Effect) => Promise<ApplyEffect | void>;

export type EffectHandlers = Partial<Record<EffectKind, EffectHandler>>;
