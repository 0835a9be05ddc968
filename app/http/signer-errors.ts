import type { ErrorRequestHandler } from 'express';
import { createTranslator } from '../i18n/translator.ts';
import { SignerRefusal } from '../signing/signer/signer-refusal.ts';
import type { SignerRefusalCode } from '../signing/signer/signer-refusal.ts';
import type { Render } from './render.ts';
import { contextOf } from './request-context.ts';

const STATUS: Record<SignerRefusalCode, number> = {
  link_invalid: 404,
  state_changed: 409,
  no_address: 409,
  code_wait: 429,
  code_exhausted: 429,
  code_undeliverable: 422,
  code_not_sent: 503,
  code_missing: 422,
  code_wrong: 422,
  code_expired: 422,
  code_locked: 422,
  not_identified: 401,
  consent_missing: 422,
  page_outdated: 409,
  mark_missing: 422,
  mark_too_long: 422,
  mark_invalid: 422,
  reason_missing: 422,
  reason_too_long: 422,
};

/**
 * A signer's refusals as JSON for the page's script, or as a page of their own where a person followed a link. Other
 * errors go on to the one place for all.
 */
export function handleSignerErrors(render: Render): ErrorRequestHandler {
  return async (error: unknown, req, res, next) => {
    if (!(error instanceof SignerRefusal) || res.headersSent) {
      next(error);
      return;
    }
    const { id: reference, log, language } = contextOf(req);
    const status = STATUS[error.code];
    if (status >= 500) log.warn({ err: error.cause, reason: error.code }, 'signer request failed');
    else log.info({ reason: error.code }, 'signer request refused');
    res.set('Cache-Control', 'no-store');
    if (req.method === 'GET' && req.accepts(['html', 'json']) === 'html') {
      await render(req, res, 'signer/refused', { code: error.code, reference }, { status });
      return;
    }
    const message = createTranslator(language)(`signer-page.refused_${error.code}`, error.values);
    res.status(status).json({ error: error.code, message, reference, ...error.values });
  };
}
