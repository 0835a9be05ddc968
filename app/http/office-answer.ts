import type { NextFunction, Request, Response } from 'express';
import { createTranslator } from '../i18n/translator.ts';
import { PortalError } from '../ports/portal.ts';
import { SigningNotFound } from '../signing/change-signing.ts';
import { OfficeRefusal } from '../signing/office/office-refusal.ts';
import { HttpError } from './http-error.ts';
import { contextOf } from './request-context.ts';

const STATUS: Partial<Record<OfficeRefusal['reason'], number>> = {
  not_allowed: 403,
  blocked: 403,
  portal_unavailable: 503,
  reminded_lately: 429,
  certificate_busy: 503,
};

/** Says in a header what an action did; the page shows it for some seconds. Percent-encoded: headers are ASCII. */
export function announce(req: Request, res: Response, key: string, values = {}): void {
  const text = createTranslator(contextOf(req).language)(`office.${key}`, values);
  res.set('X-Message', encodeURIComponent(text));
}

/** Refusals of the office become answers that its pages show; everything else goes on to the general handler. */
export function answerRefusal(error: unknown, req: Request, res: Response, next: NextFunction): void {
  if (error instanceof SigningNotFound) {
    next(new HttpError(404, 'not_found'));
    return;
  }
  const refusal = error instanceof PortalError ? new OfficeRefusal('portal_unavailable') : error;
  if (!(refusal instanceof OfficeRefusal) || res.headersSent) {
    next(error);
    return;
  }
  const { id: reference, log, language } = contextOf(req);
  log.info(
    { reason: refusal.reason, err: error instanceof PortalError ? error : undefined },
    'office refused',
  );
  const message = createTranslator(language)(`office.refused_${refusal.reason}`, refusal.values);
  res.set('Cache-Control', 'no-store');
  res.status(STATUS[refusal.reason] ?? 409).json({ error: refusal.reason, message, reference });
}
