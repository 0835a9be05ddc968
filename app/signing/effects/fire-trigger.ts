import type { Portal } from '../../ports/portal.ts';
import type { EffectHandler } from './effect-handler.ts';

export function createTriggerHandler(portal: Portal): EffectHandler {
  return async (signing, effect) => {
    await portal.fireTrigger(signing.portalId, effect.target, signing.entity.id);
  };
}
