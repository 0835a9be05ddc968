import type { PortalContext } from './context.ts';
import { oldShape } from './rest/crm-shapes.ts';
import { text } from './rest/params.ts';

/** Evaluates `{=Document:FIELD}` in robot settings with the fields of the deal, as is done before a robot runs. */
export function evaluate(portal: PortalContext, value: unknown, dealId: number): unknown {
  if (Array.isArray(value)) return value.map((one) => evaluate(portal, one, dealId));
  if (typeof value !== 'string' || !value.includes('{=')) return value;
  const deal = portal.crm.deal(dealId);
  const fields = deal ? oldShape(portal, 2, deal) : {};
  return value.replace(/\{=Document:([A-Z0-9_]+)\}/gi, (_all, name: string) =>
    text(fields[name.toUpperCase()]),
  );
}
