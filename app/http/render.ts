import { fileURLToPath } from 'node:url';
import ejs from 'ejs';
import type { Request, Response } from 'express';
import { formatOwnTime } from '../i18n/format-date-time.ts';
import { createTranslator } from '../i18n/translator.ts';
import { contextOf } from './request-context.ts';

const viewsFolder = fileURLToPath(new URL('../../views/', import.meta.url));

export interface RenderOptions {
  readonly status?: number;
  /** Origin of the verified portal whose frame the page stands in; nobody may frame it when absent. */
  readonly frameAncestor?: string;
}

export type Render = (
  req: Request,
  res: Response,
  view: string,
  data?: object,
  options?: RenderOptions,
) => Promise<void>;

/**
 * Renders `views/<view>.ejs`. Every view gets `t` (texts), `lang`, `at` (moments), `assets` (versioned path of a browser
 * file) and its plain `data`; output is escaped by `<%=`, and `<%-` is for includes only.
 * @param assetVersion changes with every release, so that browsers may keep files for ever
 */
export function createRender(assetVersion: string, cache: boolean): Render {
  return async (req, res, view, data = {}, options = {}) => {
    const { language } = contextOf(req);
    const locals = {
      t: createTranslator(language),
      lang: language,
      at: (moment: Date, timeZone?: string) => formatOwnTime(moment, language, timeZone),
      assets: (path: string) => `/assets/${assetVersion}/${path}`,
      data,
    };
    const html = await ejs.renderFile(`${viewsFolder}${view}.ejs`, locals, { cache, root: viewsFolder });
    res.status(options.status ?? 200);
    res.set('Content-Security-Policy', contentSecurityPolicy(options.frameAncestor));
    res.set('Cache-Control', 'no-store');
    res.type('html').send(html);
  };
}

/** Everything from our own origin and nothing inline. The wasm source is pdf.js's image decoders'. */
function contentSecurityPolicy(frameAncestor: string | undefined): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${frameAncestor ?? "'none'"}`,
  ].join('; ');
}
