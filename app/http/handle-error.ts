import type { ErrorRequestHandler } from 'express';
import { TransitionError } from '../domain/transitions/draft.ts';
import { createTranslator } from '../i18n/translator.ts';
import { RevisionConflict } from '../ports/signing-store.ts';
import { HttpError } from './http-error.ts';
import type { Render } from './render.ts';
import { contextOf } from './request-context.ts';

/** The one place where an error becomes an answer: JSON for scripts, a page for people, always with the reference. */
export function handleError(render: Render): ErrorRequestHandler {
  return async (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const { id: reference, log, language } = contextOf(req);
    const known = asHttpError(error);
    if (known.status >= 500) log.error({ err: error }, 'request failed');
    else log.info({ status: known.status, reason: known.text }, 'request refused');
    const message = createTranslator(language)(`http.${known.text}`, known.values);
    if (req.accepts(['html', 'json']) === 'json') {
      res.set('Cache-Control', 'no-store');
      res.status(known.status).json({ error: known.text, message, reference });
      return;
    }
    await render(req, res, 'error', { message, reference }, { status: known.status });
  };
}

function asHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof RevisionConflict || error instanceof TransitionError)
    return new HttpError(409, 'conflict');
  const status = typeof error === 'object' && error && 'status' in error ? Number(error.status) : 500;
  if (status === 413) return new HttpError(413, 'too_large');
  return status >= 400 && status < 500
    ? new HttpError(status, 'bad_request')
    : new HttpError(500, 'internal');
}
