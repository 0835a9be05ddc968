import { isoDate } from '../../clock.ts';
import { announceDocument } from '../../deal-actions.ts';
import type { GeneratedDocument } from '../../types.ts';
import { downloadUrl } from '../downloads.ts';
import { filterRows, page } from '../filter.ts';
import { ok, type Call, type Methods } from '../method.ts';
import { base64, list, map, requiredId, text } from '../params.ts';
import { RestError, requiredMissing } from '../rest-error.ts';

type Row = Record<string, unknown>;

function documentOf(call: Call): GeneratedDocument {
  const document = call.portal.documents.get(requiredId(call.params, 'id'));
  if (!document) throw new RestError('0', 'Document not found');
  if (!call.portal.crm.canRead(call.user.id, document.entityTypeId, document.entityId)) {
    throw new RestError('DOCGEN_ACCESS_ERROR', 'You do not have permissions to view this document');
  }
  return document;
}

/** A document; the PDF's addresses are there only once the PDF is. */
function shape(call: Call, document: GeneratedDocument, ready: boolean): Row {
  const { portal } = call;
  const ajax = (action: string) =>
    `${portal.url}/bitrix/services/main/ajax.php?action=crm.documentgenerator.document.${action}&SITE_ID=s1&id=${document.id}`;
  const machine = (action: 'getPdf' | 'download') =>
    downloadUrl(portal, call.token.accessToken, `crm.documentgenerator.document.${action}`, document.id);
  return {
    id: String(document.id),
    title: document.title,
    number: document.number,
    createTime: isoDate(document.created),
    updateTime: isoDate(document.updated),
    createdBy: String(document.createdBy),
    updatedBy: null,
    stampsEnabled: true,
    changeStampsEnabled: false,
    isTransformationError: document.isTransformationError,
    transformationErrorMessage: document.isTransformationError ? 'Transformation failed' : null,
    transformationErrorCode: document.isTransformationError ? 'TRANSFORM_FAILED' : null,
    templateId: document.templateId === null ? null : String(document.templateId),
    values: { DocumentNumber: document.number },
    entityId: String(document.entityId),
    entityTypeId: String(document.entityTypeId),
    publicUrl: document.publicUrl,
    pullTag: `TRANSFORM${document.id}`,
    downloadUrl: ajax('download'),
    downloadUrlMachine: machine('download'),
    emailDiskFile: null,
    products: { currencyId: 'RUB', totalSum: '0.00', totalRows: 0 },
    ...(ready
      ? {
          pdfUrl: ajax('getPdf'),
          pdfUrlMachine: machine('getPdf'),
          imageUrl: ajax('getImage'),
          imageUrlMachine: machine('download'),
        }
      : {}),
  };
}

function upload(call: Call): Row {
  const { portal, user } = call;
  const fields = map(call.params['fields']);
  for (const name of ['entityTypeId', 'entityId', 'fileContent', 'region', 'title', 'number']) {
    if (fields[name] === undefined || fields[name] === null || fields[name] === '')
      throw requiredMissing(name);
  }
  const entityTypeId = requiredId(fields, 'entityTypeId');
  const entityId = requiredId(fields, 'entityId');
  if (!portal.crm.get(entityTypeId, entityId)) throw new RestError('', 'Item not found');
  if (!portal.crm.canUpdate(user.id, entityTypeId, entityId)) {
    throw new RestError('DOCGEN_ACCESS_ERROR', 'You do not have permissions to upload documents');
  }
  const docx = base64(text(fields['fileContent']));
  if (docx.subarray(0, 2).toString('latin1') !== 'PK')
    throw new RestError('', 'Wrong file content: docx expected');
  const pdf = fields['pdfContent'] ? base64(text(fields['pdfContent'])) : null;
  const title = text(fields['title']);
  const source = 'crm.documentgenerator.document.upload';
  portal.files.store({ name: `${title}.docx`, content: docx, source });
  if (pdf) portal.files.store({ name: `${title}.pdf`, content: pdf, source });
  const document = portal.documents.create({
    title,
    number: text(fields['number']),
    entityTypeId,
    entityId,
    createdBy: user.id,
    templateId: null,
    docx,
    pdf,
    pdfDelay: { ms: 0 },
  });
  announceDocument(portal, document, user.id);
  return shape(call, document, portal.documents.isReady(document));
}

/** The document generator of CRM. */
export const documentMethods: Methods = {
  'crm.documentgenerator.document.get': {
    scope: 'crm',
    run: (call) => {
      const document = documentOf(call);
      return ok({ document: shape(call, document, call.portal.documents.isReady(document, true)) });
    },
  },
  'crm.documentgenerator.document.list': {
    scope: 'crm',
    run: (call) => {
      const { documents, crm } = call.portal;
      if (list(call.params['select']).includes('entityTypeId')) {
        throw new RestError('100', 'Unknown field definition `entityTypeId`');
      }
      const rows = documents
        .all()
        .filter((one) => crm.canRead(call.user.id, one.entityTypeId, one.entityId))
        .map((one): Row => {
          const ready = documents.isReady(one);
          const files = {
            fileId: String(one.id * 10),
            imageId: null,
            pdfId: ready ? String(one.id * 10 + 1) : null,
          };
          return { ...shape(call, one, ready), ...files };
        });
      const paged = page(
        filterRows(rows, call.params['filter'], call.params['order'] ?? { id: 'ASC' }),
        call.params['start'],
      );
      return { result: { documents: paged.rows }, total: paged.total, next: paged.next };
    },
  },
  'crm.documentgenerator.document.upload': { scope: 'crm', run: (call) => ok({ document: upload(call) }) },
  'crm.documentgenerator.document.enablepublicurl': {
    scope: 'crm',
    run: (call) => {
      const on = !['0', 'false', ''].includes(text(call.params['status'] ?? '1'));
      return ok({ publicUrl: call.portal.documents.setPublicUrl(documentOf(call), call.portal.url, on) });
    },
  },
  'crm.documentgenerator.template.list': {
    scope: 'crm',
    run: () =>
      ok({
        templates: {
          39: {
            id: '39',
            name: 'Договор поставки',
            code: 'CONTRACT',
            region: 'ru',
            active: 'Y',
            moduleId: 'crm',
          },
          41: {
            id: '41',
            name: 'Акт приёма-передачи',
            code: 'ACT',
            region: 'ru',
            active: 'Y',
            moduleId: 'crm',
          },
        },
      }),
  },
};
