import { Router } from 'express';
import type { Request, Response } from 'express';
import { createTranslator } from '../i18n/translator.ts';
import type { Clock } from '../ports/clock.ts';
import type { IssuedFile, IssuedFileStore } from '../ports/issued-file-store.ts';
import { PdfEngineFailure } from '../ports/pdf-engine.ts';
import type { PdfEngine, VerificationResult } from '../ports/pdf-engine.ts';
import type { SigningStore } from '../ports/signing-store.ts';
import type { Signing } from '../domain/signing.ts';
import { signingNumber } from '../domain/signing-number.ts';
import { HttpError } from './http-error.ts';
import { readUpload } from './office-read-upload.ts';
import { signersOf, verificationView } from './presenters/verification-view.ts';
import { addressKey } from './rate-limit.ts';
import type { RateLimiting } from './rate-limit.ts';
import type { Render } from './render.ts';
import { contextOf } from './request-context.ts';

export const MAX_VERIFY_BYTES = 50 * 1024 * 1024;
const MAX_RUNNING = 4;
/** One address cannot take all places with bodies that never end. */
const MAX_RUNNING_OF_ADDRESS = 2;
const UPLOADS = { name: 'verify', max: 60, windowS: 600 };

export interface VerifyDeps {
  readonly render: Render;
  readonly pdf: Pick<PdfEngine, 'verify'>;
  readonly issued: IssuedFileStore;
  readonly signings: Pick<SigningStore, 'get'>;
  readonly limits: RateLimiting;
  readonly clock: Clock;
}

/** The public page that checks a PDF; nothing that is uploaded here is kept. */
export function createVerifyRoutes(deps: VerifyDeps): Router {
  const { render, pdf, issued, signings, limits, clock } = deps;
  const router = Router();
  /** The address of each check that is running. */
  const running: string[] = [];
  router.head('/verify', (_req, res) => {
    res.status(200).end();
  });

  router.get('/verify', async (req, res) => {
    await render(req, res, 'verify', { path: '/verify' });
  });

  // The QR code of a sealed file leads here. A link proves nothing about the file in somebody's hands, so the page asks
  // for it; of the signing it tells only that it is known.
  router.get('/verify/:id', async (req, res) => {
    const id = String(req.params['id']);
    if (!/^[\w-]{6,64}$/.test(id)) throw new HttpError(404, 'not_found');
    const hash = typeof req.query['h'] === 'string' ? req.query['h'].toLowerCase() : '';
    const file = /^[0-9a-f]{64}$/.test(hash) ? await issued.find(hash) : undefined;
    const signing = await signings.get(id);
    const known = signing?.status === 'completed' || signing?.status === 'signed' || file?.signingId === id;
    const link = {
      number: signingNumber(id),
      known,
      issuedAt: file?.signingId === id ? file.issuedAt : undefined,
    };
    await render(req, res, 'verify', { link, path: `/verify/${id}` });
  });

  /** Reads and checks the upload; files are held in memory, so only some at a time. */
  const check = async (req: Request): Promise<{ result: VerificationResult; name: string } | undefined> => {
    const address = addressKey(req);
    const own = running.filter((each) => each === address).length;
    if (running.length >= MAX_RUNNING || own >= MAX_RUNNING_OF_ADDRESS) throw new HttpError(429, 'too_many');
    running.push(address);
    try {
      const upload = await readUpload(req, 'file', MAX_VERIFY_BYTES);
      if (!upload || upload.bytes.length === 0) return undefined;
      const result = await pdf.verify({ pdf: upload.bytes, at: clock.now() });
      return { result, name: upload.name };
    } catch (error) {
      if (error instanceof PdfEngineFailure && error.retryable) throw new HttpError(503, 'internal');
      throw error;
    } finally {
      running.splice(running.indexOf(address), 1);
    }
  };

  router.post(['/verify', '/verify/:id'], limits.limit('address', UPLOADS), async (req, res) => {
    const checked = await check(req);
    const wantsJson = req.accepts(['html', 'json']) === 'json';
    if (!checked) {
      await refuseEmpty(req, res, render, wantsJson);
      return;
    }
    const { result, name } = checked;
    const record = await issued.find(result.sha256);
    const signing = record && (await signings.get(record.signingId));
    if (wantsJson) {
      res
        .set('Cache-Control', 'no-store')
        .json({ ...result, issued: record && describeIssued(record, signing) });
      return;
    }
    const t = createTranslator(contextOf(req).language);
    const view = verificationView(result, record, signing, name, t);
    await render(req, res, 'verify', { result: view, path: '/verify' });
  });
  return router;
}

const describeIssued = (file: IssuedFile, signing: Signing | undefined) => ({
  kind: file.kind,
  issuedAt: file.issuedAt,
  signing: signingNumber(file.signingId),
  signers: signersOf(signing),
});

async function refuseEmpty(req: Request, res: Response, render: Render, wantsJson: boolean): Promise<void> {
  const { language, id: reference } = contextOf(req);
  const message = createTranslator(language)('verify.no_file');
  if (wantsJson) res.status(400).json({ error: 'no_file', message, reference });
  else await render(req, res, 'verify', { problem: message, path: '/verify' }, { status: 400 });
}
