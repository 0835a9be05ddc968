import type { Portal, PortalDocument } from '../ports/portal.ts';
import { PortalError } from '../ports/portal.ts';
import { buildPlaceholderDocx } from './build-placeholder-docx.ts';
import type { PortalGateway } from './create-portal-gateway.ts';
import { readDocument } from './read-document.ts';
import { DEAL } from './read-facts.ts';
import { isRecord } from './rest-error.ts';
import { readText } from './read-values.ts';

/** Region of the document generator, which decides about its number and date formats. */
const REGION = { ru: 'ru', en: 'us' } as const;
const MAX_DOWNLOAD_TRIES = 2;

type DocumentMethods = Pick<Portal, 'downloadDocument' | 'listDocuments' | 'uploadDocument'>;

/**
 * Documents of the document generator: the source PDFs and, put back, the signed ones.
 * @param placeholderText what stands in the Word file that an upload has to bring along, by language
 */
export function createDocuments(
  gateway: PortalGateway,
  placeholderText: (language: 'ru' | 'en') => string,
): DocumentMethods {
  async function list(portalId: string, dealId: string): Promise<PortalDocument[]> {
    // `select` must be '*': naming entityTypeId is an error of the method (b24 docs: crm/document-generator).
    const result = await gateway.call(portalId, 'crm.documentgenerator.document.list', {
      select: ['*'],
      filter: { entityTypeId: DEAL, entityId: dealId },
      order: { id: 'desc' },
    });
    const rows = isRecord(result) && Array.isArray(result['documents']) ? result['documents'] : [];
    return rows.map(readDocument).filter((document) => document !== undefined);
  }

  return {
    /** The newest 50, in one request. */
    listDocuments: list,

    /** Two requests: the address of the PDF is only good with the token that asked for it. */
    async downloadDocument(portalId, documentId, maxBytes) {
      for (let tries = 1; ; tries += 1) {
        const result = await gateway.call(portalId, 'crm.documentgenerator.document.get', { id: documentId });
        const fields = isRecord(result) && isRecord(result['document']) ? result['document'] : {};
        const url = readText(fields['pdfUrlMachine']);
        if (!url) {
          if (readDocument(fields)?.pdf === 'failed') {
            throw new PortalError('document_failed', 'the portal could not make the PDF', false);
          }
          throw new PortalError('document_not_ready', 'the portal has not made the PDF yet', true);
        }
        try {
          return await gateway.download(portalId, url, maxBytes);
        } catch (error) {
          const stale = error instanceof PortalError && error.code === 'stale_link';
          if (!stale || tries === MAX_DOWNLOAD_TRIES) throw error;
        }
      }
    },

    async uploadDocument(portalId, { dealId, title, number, pdf, language, checkFirst }) {
      if (checkFirst) {
        const known = (await list(portalId, dealId)).find((document) => document.number === number);
        if (known) return known.id;
      }
      const result = await gateway.call(portalId, 'crm.documentgenerator.document.upload', {
        fields: {
          entityTypeId: DEAL,
          entityId: dealId,
          // The Word part is compulsory; what counts is the PDF beside it.
          fileContent: buildPlaceholderDocx(placeholderText(language)).toString('base64'),
          region: REGION[language],
          title,
          number,
          pdfContent: Buffer.from(pdf).toString('base64'),
        },
      });
      const document = isRecord(result) ? readDocument(result['document']) : undefined;
      if (!document?.id) throw new PortalError('bad_answer', 'document.upload: no id in the answer', true);
      return document.id;
    },
  };
}
