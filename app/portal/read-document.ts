import type { PortalDocument } from '../ports/portal.ts';
import { isRecord } from './rest-error.ts';
import { readId, readText } from './read-values.ts';

/** A document as `crm.documentgenerator.document.get` and `.list` answer it. */
export function readDocument(value: unknown): PortalDocument | undefined {
  if (!isRecord(value)) return undefined;
  const failed = value['isTransformationError'] === true || readText(value['isTransformationError']) === 'Y';
  const ready = readText(value['pdfUrlMachine']) !== '' || readId(value['pdfId']) !== '';
  return {
    id: readId(value['id']),
    title: readText(value['title']),
    number: readText(value['number']),
    entityTypeId: readId(value['entityTypeId']),
    entityId: readId(value['entityId']),
    pdf: ready ? 'ready' : failed ? 'failed' : 'pending',
  };
}
