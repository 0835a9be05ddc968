import express from 'express';
import type { Request, Response, Router } from 'express';
import { z } from 'zod';
import type { StoredFile } from '../domain/signing.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileStore } from '../ports/file-store.ts';
import { cleanLine } from '../signing/signer/clean-text.ts';
import type { SignerActions } from '../signing/signer/create-signer-actions.ts';
import type { SignerPage } from '../signing/signer/open-signer-page.ts';
import { mayRead } from '../signing/signer/signer-page-state.ts';
import { SignerRefusal } from '../signing/signer/signer-refusal.ts';
import { HttpError } from './http-error.ts';
import type { RateLimiting } from './rate-limit.ts';
import type { Render } from './render.ts';
import { contextOf } from './request-context.ts';
import { createSendFile } from './send-file.ts';
import { handleSignerErrors } from './signer-errors.ts';
import { downloadsOf, outcomeView, progressOf, signingView } from './signer-page-view.ts';
import type { SignerSessions } from './signer-session.ts';

/** People behind one office address share it, so limits by address are wide; a link is one person's. */
const LIMITS = {
  pages: { name: 's-page', max: 1200, windowS: 300 },
  wrongLinks: { name: 's-wrong', max: 30, windowS: 600 },
  actions: { name: 's-act', max: 120, windowS: 600 },
  actionsOfAddress: { name: 's-act', max: 600, windowS: 600 },
  codes: { name: 's-code', max: 20, windowS: 3600 },
  codesOfAddress: { name: 's-code', max: 120, windowS: 3600 },
  guesses: { name: 's-guess', max: 40, windowS: 3600 },
  guessesOfAddress: { name: 's-guess', max: 200, windowS: 3600 },
} as const;

const confirmSchema = z.object({ code: z.string().max(40) });
const declineSchema = z.object({ reason: z.string().max(20_000) });
const signSchema = z.object({
  consentVersion: z.string().max(64),
  bundleSha256: z.string().max(64),
  mark: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('drawn'), image: z.string().max(600_000) }),
    z.object({ kind: z.literal('typed'), text: z.string().max(2000) }),
  ]),
});

/**
 * A signer's page, mounted at `/s`. Loading anything changes nothing: what counts as opened, confirmed, signed or declined
 * are POSTs of the page's script, and each of them may arrive twice.
 */
export function createSignerRoutes(deps: {
  render: Render;
  actions: SignerActions;
  sessions: SignerSessions;
  limits: RateLimiting;
  files: FileStore;
  clock: Clock;
  publicUrl: string;
}): Router {
  const { render, actions, sessions, limits, files, clock, publicUrl } = deps;
  const router = express.Router();
  const sendFile = createSendFile({ files });
  /** Shown, or with `?download` saved. */
  const showFile = (req: Request, res: Response, file: StoredFile, name: string) =>
    sendFile(req, res, file, { name, kind: req.query['download'] === undefined ? 'inline' : 'attachment' });

  const tokenOf = (req: Request): string => String(req.params['token'] ?? '');
  const baseOf = (req: Request): string => `${req.baseUrl}/${tokenOf(req)}`;

  /** The page behind the link, in its signer's language unless the reader chose another. */
  async function openPage(req: Request): Promise<SignerPage> {
    try {
      const page = await actions.open(tokenOf(req));
      if (req.query['lang'] === undefined) contextOf(req).language = page.signer.language;
      return page;
    } catch (error) {
      if (error instanceof SignerRefusal) await limits.count(req, 'address', LIMITS.wrongLinks);
      throw error;
    }
  }

  function bodyOf<T>(req: Request, schema: z.ZodType<T>): T {
    const parsed = schema.safeParse(req.body);
    if (!parsed.success) throw new HttpError(400, 'bad_request');
    return parsed.data;
  }

  /** Only JSON is taken: a form on another site cannot send it, besides the cookie being SameSite=Strict. */
  const posts = [
    limits.limit('address', LIMITS.actionsOfAddress),
    limits.limit('link', LIMITS.actions),
    (req: Request, _res: Response, next: () => void): void => {
      if (!req.is('application/json')) throw new HttpError(400, 'bad_request');
      next();
    },
    express.json({ limit: '700kb' }),
  ];

  router.use((_req, res, next) => {
    res.set({
      'X-Robots-Tag': 'noindex, nofollow',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    });
    next();
  });
  router.get('/:token{/*rest}', limits.limit('address', LIMITS.pages));

  router.get('/:token', async (req, res) => {
    const page = await openPage(req);
    const { language } = contextOf(req);
    if (page.state === 'sign') {
      const identified = sessions.read(req, page.signing, page.signer) !== undefined;
      await render(
        req,
        res,
        'signer/sign',
        signingView(page, baseOf(req), language, identified, clock.now()),
      );
      return;
    }
    await render(req, res, 'signer/outcome', outcomeView(page, baseOf(req), language, publicUrl));
  });

  router.get('/:token/status', async (req, res) => {
    const page = await openPage(req);
    const { signing, signer, state } = page;
    const progress = progressOf(signing, signer, contextOf(req).language);
    const signed = signing.signers.filter((each) => each.status === 'signed').length;
    const identified = sessions.read(req, signing, signer) !== undefined;
    res.json({ state, identified, signed, total: signing.signers.length, progress });
  });

  router.get('/:token/document', async (req, res) => {
    const { signing, state } = await openPage(req);
    if (!signing.bundle || !mayRead(state)) throw new HttpError(404, 'not_found');
    await showFile(req, res, signing.bundle, signing.title);
  });

  router.get('/:token/agreement', async (req, res) => {
    const { signing, state } = await openPage(req);
    if (!signing.withAgreement || !signing.agreement || !mayRead(state))
      throw new HttpError(404, 'not_found');
    await showFile(req, res, signing.agreement, signing.agreement.name);
  });

  router.get('/:token/files/:kind', async (req, res) => {
    const { signing } = await openPage(req);
    const file = new Map(Object.entries(downloadsOf(signing))).get(req.params.kind);
    if (!file) throw new HttpError(404, 'not_found');
    await showFile(req, res, file, file.name);
  });

  router.post('/:token/opened', posts, async (req: Request, res: Response) => {
    await openPage(req);
    await actions.recordOpening(tokenOf(req), req.ip ?? '');
    res.status(204).end();
  });

  router.post(
    '/:token/code',
    posts,
    limits.limit('address', LIMITS.codesOfAddress),
    limits.limit('link', LIMITS.codes),
    async (req: Request, res: Response) => {
      await openPage(req);
      res.json(await actions.requestCode(tokenOf(req), req.ip ?? ''));
    },
  );

  router.post(
    '/:token/confirm',
    posts,
    limits.limit('address', LIMITS.guessesOfAddress),
    limits.limit('link', LIMITS.guesses),
    async (req: Request, res: Response) => {
      const { signing, signer } = await openPage(req);
      const { code } = bodyOf(req, confirmSchema);
      // The answer to the first try was lost, or it was a double click: this browser is confirmed already.
      if (!sessions.read(req, signing, signer)) {
        const { channel } = await actions.confirmCode(tokenOf(req), code, req.ip ?? '');
        sessions.start(res, signing, signer, channel);
      }
      res.json({ identified: true });
    },
  );

  router.post('/:token/sign', posts, async (req: Request, res: Response) => {
    const { signing, signer } = await openPage(req);
    const request = bodyOf(req, signSchema);
    const session = sessions.read(req, signing, signer);
    if (!session && signer.status !== 'signed') {
      throw new SignerRefusal(signingIsOpen(signer.status) ? 'not_identified' : 'state_changed');
    }
    const agent = cleanLine(req.get('user-agent') ?? '').slice(0, 300);
    const context = { channel: session?.channel ?? 'email', ip: req.ip ?? '', agent };
    res.json({ signed: true, ...(await actions.sign(tokenOf(req), request, context)) });
  });

  router.post('/:token/decline', posts, async (req: Request, res: Response) => {
    await openPage(req);
    const { reason } = bodyOf(req, declineSchema);
    res.json({ declined: true, ...(await actions.decline(tokenOf(req), reason)) });
  });

  router.use(handleSignerErrors(render));
  return router;
}

const signingIsOpen = (status: SignerPage['signer']['status']): boolean =>
  status === 'sent' || status === 'opened';
