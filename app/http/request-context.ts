import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { languageOf } from '../i18n/translator.ts';
import type { Language } from '../i18n/translator.ts';
import { withLogIds } from '../logger.ts';
import type { Logger } from '../logger.ts';

/** What belongs to one request: its id (shown to people as the reference of an error), its logger, its language. */
export interface RequestContext {
  readonly id: string;
  readonly log: Logger;
  language: Language;
}

const contexts = new WeakMap<Request, RequestContext>();

export function contextOf(req: Request): RequestContext {
  const context = contexts.get(req);
  if (!context) throw new Error('the request has no context: is the middleware mounted first?');
  return context;
}

const REQUEST_ID = /^[\w-]{8,64}$/;

/**
 * Gives every request its context and logs one line when it is answered. A well-formed `X-Request-Id` of a proxy is
 * kept. The path is logged by route, never with its query: both may carry secrets. Where no route matched (a mistyped link,
 * say), long parts of the path are cut.
 */
export function requestContext(log: Logger): RequestHandler {
  return (req: Request, res: Response, next: NextFunction) => {
    const given = req.get('x-request-id');
    const id = given && REQUEST_ID.test(given) ? given : randomUUID();
    contexts.set(req, {
      id,
      log,
      language: preferredLanguage(req),
    });
    res.set('X-Request-Id', id);
    const started = performance.now();
    res.on('finish', () => {
      const route = (req.route as { path?: unknown } | undefined)?.path;
      const path = typeof route === 'string' ? req.baseUrl + route : req.path.replace(/[^/]{20,}/g, '***');
      const durationMs = Math.round(performance.now() - started);
      contextOf(req).log.info({ method: req.method, path, status: res.statusCode, durationMs }, 'request');
    });
    withLogIds({ requestId: id }, next);
  };
}

/** `?lang=` wins (a link in the page switches), then the browser's wish; Russian or English. */
function preferredLanguage(req: Request): Language {
  const wished = req.query['lang'] ?? req.query['LANG'];
  if (typeof wished === 'string') return languageOf(wished);
  return languageOf(req.acceptsLanguages()[0]);
}
