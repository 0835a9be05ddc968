import type { PageFlow } from '../drawing/page-flow.ts';

/** Begins a new page where less than `height` points are left on this one. */
export function keepTogether(flow: PageFlow, height: number): void {
  if (flow.pages() > 0 && !flow.fits(height)) startPage(flow);
}

/** What comes next stands on a new page. */
export function startPage(flow: PageFlow): void {
  flow.gap(Number.MAX_SAFE_INTEGER);
}
