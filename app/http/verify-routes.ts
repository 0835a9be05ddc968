import { Router } from 'express';
import type { ErrorRequestHandler, Request, Response } from 'express';
import { signingNumber } from '../domain/signing-number.ts';
import { formatOwnTime } from '../i18n/format-date-time.ts';
import { createTranslator, hasText } from '../i18n/translator.ts';
import type { Clock } from '../ports/clock.ts';
import type { IssuedFile, IssuedFileStore } from '../ports/issued-file-store.ts';
import { PdfEngineFailure } from '../ports/pdf-engine.ts';
import type { PdfEngine, SealCertificate, VerificationResult } from '../ports/pdf-engine.ts';
import type { SigningStore } from '../ports/signing-store.ts';
import { HttpError } from './http-error.ts';
import { readUpload } from './office-read-upload.ts';
import { verificationJson } from './presenters/verification-json.ts';
import { verificationView } from './presenters/verification-view.ts';
import { addressKey } from './rate-limit.ts';
import type { RateLimiting } from './rate-limit.ts';
import type { Render } from './render.ts';
import { contextOf } from './request-context.ts';

export const MAX_VERIFY_BYTES = 50 * 1024 * 1024;
const MAX_RUNNING = 4;
/** One address cannot take all places with bodies that never end. */
const MAX_RUNNING_OF_ADDRESS = 2;
const UPLOADS = { name: 'verify', max: 60, windowS: 600 };
/** Pages of which the answer carries pictures, before and now; they travel inside of it. */
const PICTURES = 6;

export interface VerifyDeps {
  readonly render: Render;
  readonly pdf: Pick<PdfEngine, 'verify'>;
  readonly issued: IssuedFileStore;
  readonly signings: Pick<SigningStore, 'get'>;
  readonly limits: RateLimiting;
  readonly clock: Clock;
  /** The operator's certificate; its root is offered for download where the operator made it. */
  readonly certificate?: Pick<SealCertificate, 'selfIssued' | 'rootPem'>;
  /** DER certificates of authorities that the operator believes. */
  readonly anchors?: Uint8Array[];
  /** DER certificates that portals sign or once signed with. */
  readonly registered?: () => Promise<Uint8Array[]>;
}

interface Checked {
  readonly result: VerificationResult;
  readonly issued?: IssuedFile;
  readonly fileName: string;
  readonly checkedAt: Date;
}

/** The public page that checks a PDF; nothing that is uploaded here is kept. */
export function createVerifyRoutes(deps: VerifyDeps): Router {
  const { render, pdf, issued, signings, limits, clock, certificate, anchors, registered } = deps;
  const router = Router();
  /** The address of each check that is running. */
  const running: string[] = [];
  const selfIssued = certificate?.selfIssued ?? false;

  const page = (req: Request, res: Response, data: object = {}, status = 200): Promise<void> =>
    render(
      req,
      res,
      'verify',
      { path: req.path, hash: hashOf(req), maxBytes: MAX_VERIFY_BYTES, ...data },
      { status },
    );

  router.head('/verify', (_req, res) => {
    res.status(200).end();
  });

  router.get('/verify', async (req, res) => page(req, res));

  router.get('/verify/root.pem', (_req, res) => {
    if (!certificate?.selfIssued) throw new HttpError(404, 'not_found');
    res.attachment('countersign-root.pem').type('application/x-pem-file').send(certificate.rootPem);
  });

  // The QR code of a sealed file leads here. A link proves nothing about the file in somebody's hands, so the page asks
  // for it; of the signing it tells only that it is known.
  router.get('/verify/:id', async (req, res) => {
    const id = signingIdOf(req);
    const hash = hashOf(req);
    const file = hash ? await issued.find(hash) : undefined;
    const signing = await signings.get(id);
    const known = signing?.status === 'completed' || signing?.status === 'signed' || file?.signingId === id;
    const own = file?.signingId === id ? file : undefined;
    const link = {
      number: signingNumber(id),
      known,
      issued: own && { at: own.issuedAt, kind: own.kind, sha256: hash },
    };
    await page(req, res, { link });
  });

  /** Reads and checks the upload; files are held in memory, so only some at a time. */
  async function check(req: Request): Promise<Checked> {
    const address = addressKey(req);
    const own = running.filter((each) => each === address).length;
    if (running.length >= MAX_RUNNING || own >= MAX_RUNNING_OF_ADDRESS) throw new HttpError(429, 'too_many');
    running.push(address);
    try {
      const upload = await readUpload(req, 'file', MAX_VERIFY_BYTES);
      if (!upload || upload.bytes.length === 0) throw new HttpError(400, 'no_file');
      const checkedAt = clock.now();
      const known = { anchors, registered: await registered?.() };
      // For programs as well: pages are compared by their looks too, so both get the same answer.
      const request = { pdf: upload.bytes, at: checkedAt, pictures: PICTURES, ...known };
      const result = await pdf.verify(request);
      return { result, issued: await issued.find(result.sha256), fileName: upload.name, checkedAt };
    } catch (error) {
      if (!(error instanceof PdfEngineFailure)) throw error;
      contextOf(req).log.error({ err: error }, 'verification failed');
      throw new HttpError(error.retryable ? 503 : 500, 'internal');
    } finally {
      running.splice(running.indexOf(address), 1);
    }
  }

  async function answer(req: Request, res: Response): Promise<void> {
    const id = req.params['id'] === undefined ? undefined : signingIdOf(req);
    if (wantsJson(req)) {
      const { result, issued: record } = await check(req);
      const pictures = req.query['pictures'] === '1';
      res.set('Cache-Control', 'no-store').json(verificationJson(result, record, pictures));
      return;
    }
    const { result, issued: record, ...about } = await check(req);
    const { language } = contextOf(req);
    const view = verificationView(
      result,
      { ...about, issued: record, selfIssued },
      { t: createTranslator(language), at: (moment) => formatOwnTime(moment, language) },
    );
    const resultLink = id && { number: signingNumber(id), matches: record?.signingId === id };
    await page(req, res, { result: view, resultLink });
  }

  /** What went wrong is said above the form, so that the next try needs no way back. */
  const refuse: ErrorRequestHandler = async (error: unknown, req, res, next) => {
    if (!(error instanceof HttpError) || error.status === 404 || res.headersSent) {
      next(error);
      return;
    }
    const { id: reference, log, language } = contextOf(req);
    log.info({ status: error.status, reason: error.text }, 'verification refused');
    const t = createTranslator(language);
    const own = `verify.problem_${error.text}`;
    const message = t(hasText(own) ? own : `http.${error.text}`, error.values);
    if (wantsJson(req)) {
      res.set('Cache-Control', 'no-store');
      res.status(error.status).json({ error: error.text, message, reference });
    } else await page(req, res, { problem: message, reference }, error.status);
  };

  router.post(['/verify', '/verify/:id'], limits.limit('address', UPLOADS), answer, refuse);
  return router;
}

const wantsJson = (req: Request): boolean => req.accepts(['html', 'json']) === 'json';

/** The fingerprint in a link; empty when there is none. */
function hashOf(req: Request): string {
  const hash = typeof req.query['h'] === 'string' ? req.query['h'].toLowerCase() : '';
  return /^[0-9a-f]{64}$/.test(hash) ? hash : '';
}

function signingIdOf(req: Request): string {
  const id = String(req.params['id']);
  if (!/^[\w-]{6,64}$/.test(id)) throw new HttpError(404, 'not_found');
  return id;
}
