import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { TemplateError } from '../domain/agreement-template.ts';
import { SEALING_MODES, SEAL_LEVELS } from '../domain/sealing-plan.ts';
import { LANGUAGES } from '../i18n/translator.ts';
import type { Language } from '../i18n/translator.ts';
import type { SettingsStore } from '../ports/settings-store.ts';
import type { ManageAgreement } from '../signing/office/manage-agreement.ts';
import { MAX_CERTIFICATE_BYTES } from '../signing/office/manage-certificate.ts';
import type { ManageCertificate } from '../signing/office/manage-certificate.ts';
import { OfficeRefusal } from '../signing/office/office-refusal.ts';
import { frameSessionOf } from './frame-session.ts';
import { HttpError } from './http-error.ts';
import { announce } from './office-answer.ts';
import type { DocumentSettingsData } from './office-document-settings-data.ts';
import { readUpload } from './office-read-upload.ts';
import type { Upload } from './office-read-upload.ts';
import type { Render } from './render.ts';
import { contextOf } from './request-context.ts';
import { ticked } from './ticked.ts';

export interface DocumentSettingsDeps {
  readonly render: Render;
  readonly data: DocumentSettingsData;
  readonly settings: SettingsStore;
  readonly agreements: ManageAgreement;
  readonly certificates: ManageCertificate;
}

const documentsForm = z.object({
  mode: z.enum(SEALING_MODES),
  level: z.enum(SEAL_LEVELS),
  when_tsa_down: z.enum(['lower_level', 'wait']),
  page_strip: ticked,
  flatten_forms: ticked,
  second_report_language: ticked,
});

/** How documents are signed. Mounted under `/settings`, behind the check that an administrator asks. */
export function createDocumentSettingsRoutes(deps: DocumentSettingsDeps): Router {
  const { render, data, settings, agreements, certificates } = deps;
  const router = Router();

  router.post('/documents', async (req, res) => {
    const session = frameSessionOf(req);
    const form = documentsForm.safeParse(req.body ?? {});
    if (!form.success) throw new OfficeRefusal('documents_invalid');
    const { mode, level } = form.data;
    const current = await settings.get(session.portalId);
    await settings.save({
      ...current,
      documents: {
        mode,
        level,
        whenTsaDown: form.data.when_tsa_down,
        pageStrip: form.data.page_strip,
        flattenForms: form.data.flatten_forms,
        secondReportLanguage: form.data.second_report_language,
      },
    });
    announce(req, res, 'done_settings');
    await render(req, res, 'office/settings-documents', await data.documents(session));
  });

  /** A text that cannot be used comes back as it was sent, with what is wrong (422). */
  const showText = async (
    req: Request,
    res: Response,
    language: Language,
    rejected?: { text: string; errors: readonly TemplateError[] },
  ) => {
    const shown = { ...(await data.agreementText(frameSessionOf(req), language, rejected)), open: true };
    await render(req, res, 'office/settings-agreement-text', shown, { status: rejected ? 422 : 200 });
  };

  router.post('/agreement/:language', async (req, res) => {
    const language = languageOf(req);
    const text = textOf(req);
    const errors = await agreements.save(frameSessionOf(req).portalId, language, text);
    if (errors.length > 0) return showText(req, res, language, { text, errors });
    announce(req, res, 'done_agreement');
    await showText(req, res, language);
  });

  router.post('/agreement/:language/preview', async (req, res) => {
    const language = languageOf(req);
    const text = textOf(req);
    const preview = await agreements.preview(language, text);
    if ('errors' in preview) return showText(req, res, language, { text, errors: preview.errors });
    res.set({ 'Cache-Control': 'private, no-store', 'X-Content-Type-Options': 'nosniff' });
    res.type('application/pdf').send(Buffer.from(preview.pdf));
  });

  router.post('/agreement/:language/reset', async (req, res) => {
    const language = languageOf(req);
    await agreements.reset(frameSessionOf(req).portalId, language);
    announce(req, res, 'done_agreement_reset');
    await showText(req, res, language);
  });

  const showCertificate = async (req: Request, res: Response) =>
    render(req, res, 'office/settings-certificate', await data.certificate(frameSessionOf(req)));

  router.post('/certificate', async (req, res) => {
    const { portalId, userId } = frameSessionOf(req);
    const { bytes, fields } = await readCertificate(req);
    const { fingerprint } = await certificates.upload(portalId, bytes, fields.get('password') ?? '');
    contextOf(req).log.info({ portalId, userId, fingerprint }, 'the portal has a certificate of its own');
    announce(req, res, 'done_certificate');
    await showCertificate(req, res);
  });

  router.post('/certificate/remove', async (req, res) => {
    const { portalId, userId } = frameSessionOf(req);
    await certificates.remove(portalId);
    contextOf(req).log.info({ portalId, userId }, 'the portal removed its certificate');
    announce(req, res, 'done_certificate_removed');
    await showCertificate(req, res);
  });

  return router;
}

function languageOf(req: Request): Language {
  const language = LANGUAGES.find((each) => each === req.params['language']);
  if (!language) throw new HttpError(404, 'not_found');
  return language;
}

function textOf(req: Request): string {
  const { text } = (req.body ?? {}) as { text?: unknown };
  if (typeof text !== 'string') throw new HttpError(400, 'bad_request');
  return text;
}

/** The limit in words of its own: a certificate is a small file, and many choose the wrong one. */
async function readCertificate(req: Request): Promise<Upload> {
  try {
    const upload = await readUpload(req, 'file', MAX_CERTIFICATE_BYTES);
    if (upload) return upload;
  } catch (error) {
    if (error instanceof HttpError && error.status === 413) throw new OfficeRefusal('certificate_too_large');
    throw error;
  }
  throw new OfficeRefusal('certificate_missing');
}
