import { Router } from 'express';
import { LANGUAGES } from '../i18n/translator.ts';
import type { Render } from './render.ts';

/** Terms and privacy: publication rules of the marketplace ask for pages that open directly in a browser. */
export function createLegalRoutes(deps: { readonly render: Render }): Router {
  const router = Router();
  for (const page of ['terms', 'privacy'] as const) {
    router.get(`/${page}`, async (req, res) => {
      await deps.render(req, res, 'legal', { page, languages: LANGUAGES });
    });
  }
  return router;
}
