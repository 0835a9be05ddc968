import express from 'express';
import type { ErrorRequestHandler, Express, Router } from 'express';
import type { Logger } from '../logger.ts';
import { handleError } from './handle-error.ts';
import { HttpError } from './http-error.ts';
import type { Render } from './render.ts';
import { contextOf, requestContext } from './request-context.ts';

/** Every router of the app by the path it is mounted on. */
export type Mounts = readonly (readonly [path: string, router: Router])[];

const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
  // Pages that may be framed say so themselves by frame-ancestors; X-Frame-Options would break the portal's frame.
  'Cross-Origin-Resource-Policy': 'same-origin',
  // For what is no page of ours: files and JSON. Pages set a policy of their own.
  'Content-Security-Policy': "frame-ancestors 'none'",
} as const;

/** PHP's bracket keys, deep and many: a robot's form has lists in lists. */
const FORM_LIMITS = { extended: true, limit: '1mb', parameterLimit: 5000, depth: 8 };

/** The Express application: context and headers first, then the routers, then the one place for errors. */
export function createServer(deps: {
  mounts: Mounts;
  render: Render;
  log: Logger;
  trustProxy: readonly string[];
  https: boolean;
}): Express {
  const { mounts, render, log, trustProxy, https } = deps;
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', trustProxy.length > 0 ? [...trustProxy] : false);
  app.set('query parser', 'simple');
  app.use(requestContext(log));
  app.use((_req, res, next) => {
    res.set(SECURITY_HEADERS);
    if (https) res.set('Strict-Transport-Security', 'max-age=31536000');
    next();
  });
  app.use(express.urlencoded(FORM_LIMITS));
  app.use(express.json({ limit: '2mb' }));
  for (const [path, router] of mounts) app.use(path, router);
  app.use(() => {
    throw new HttpError(404, 'not_found');
  });
  app.use(handleError(render));
  app.use(endAnyhow);
  return app;
}

/** When even the error page fails. Express' own handler would show the stack, and write it past our log's masks. */
const endAnyhow: ErrorRequestHandler = (error: unknown, req, res, _next) => {
  const { id: reference, log } = contextOf(req);
  log.error({ err: error }, 'the error could not be shown');
  if (res.headersSent) res.destroy();
  else res.status(500).type('text/plain').send(reference);
};
