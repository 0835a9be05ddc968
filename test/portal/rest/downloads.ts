import type { Response } from 'express';
import type { PortalContext } from '../context.ts';
import { sign } from '../random.ts';
import { authorize } from './authorize.ts';
import { errorBody } from './envelope.ts';
import { text } from './params.ts';
import type { RestRequest } from './request.ts';
import { RestError } from './rest-error.ts';

export type DownloadKind = 'pdf' | 'docx' | 'file';

const METHODS: Record<string, DownloadKind> = {
  'crm.documentgenerator.document.getpdf': 'pdf',
  'crm.documentgenerator.document.download': 'docx',
  'crm.controller.item.getfile': 'file',
  download: 'file',
};

export const isDownload = (method: string): boolean => method in METHODS;

/** A link that works with the token that asked for it, as long as that lives. */
export function downloadUrl(
  portal: PortalContext,
  accessToken: string,
  method:
    | 'crm.documentgenerator.document.getPdf'
    | 'crm.documentgenerator.document.download'
    | 'download'
    | 'crm.controller.item.getFile',
  id: number,
): string {
  const kind = METHODS[method.toLowerCase()] ?? 'file';
  const what = Buffer.from(`${kind}:${id}`).toString('base64url');
  const token = `crm|${what}|${sign(portal.secret + accessToken, `${kind}:${id}`).slice(0, 40)}`;
  return `${portal.url}/rest/${method}.json?auth=${accessToken}&token=${encodeURIComponent(token)}`;
}

/** The pseudo-methods that answer with a file. */
export function answerDownload(portal: PortalContext, request: RestRequest, res: Response): void {
  try {
    authorize(portal, request.token);
    const [, what = '', signature = ''] = text(request.params['token']).split('|');
    const plain = Buffer.from(what, 'base64url').toString();
    const [kind = '', id = ''] = plain.split(':');
    const expected = sign(portal.secret + request.token, plain).slice(0, 40);
    if (signature !== expected || kind !== METHODS[request.method]) {
      throw new RestError('ACCESS_DENIED', 'Link check failed!', 403);
    }
    const file = fileOf(portal, kind, Number(id));
    if (!file) throw new RestError('NOT_FOUND', 'Not found', 404);
    const name = encodeURIComponent(file.name);
    res.set('content-disposition', `attachment; filename*=UTF-8''${name}`);
    res.type(file.name.endsWith('.pdf') ? 'application/pdf' : 'application/octet-stream').send(file.content);
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    res.status(error.status).json(errorBody(error));
  }
}

function fileOf(
  portal: PortalContext,
  kind: DownloadKind,
  id: number,
): { name: string; content: Buffer } | undefined {
  if (kind === 'file') return portal.files.get(id);
  const document = portal.documents.get(id);
  if (!document) return undefined;
  const content = kind === 'pdf' ? document.pdf : document.docx;
  return content ? { name: `${document.title}.${kind}`, content } : undefined;
}
