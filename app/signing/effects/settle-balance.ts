import type { Balance } from '../../ports/balance.ts';
import type { EffectHandler } from './effect-handler.ts';

export function createSettleHandler(balance: Balance): EffectHandler {
  return async (signing, effect) => {
    await balance.settle(signing.portalId, signing.id, effect.target);
  };
}

export function createReleaseHandler(balance: Balance): EffectHandler {
  return async (signing) => {
    await balance.release(signing.portalId, signing.id);
  };
}
