import type { RobotRunRequest } from '../../app/ports/robot-run-store.ts';
import { readDocument } from '../inputs/read-references.ts';
import { createInputReader, shown } from '../inputs/read-values.ts';
import { MAX_WAIT_HOURS } from '../send-for-signing/request.ts';

export const CHECK_RETURN_WHEN = ['now', 'next_change', 'final'] as const;

/** The form of *Check signing status*, read. One of the two ids is set; a signing id is the exacter one and goes first. */
export interface CheckRequest {
  readonly signingId: string;
  readonly documentId: string;
  readonly returnWhen: (typeof CHECK_RETURN_WHEN)[number];
  readonly maxWaitHours: number | undefined;
}

/** @throws Refusal 101 when neither id is given, 102 with everything that cannot be read */
export function readCheckRequest(form: RobotRunRequest): CheckRequest {
  const reader = createInputReader(form.properties);
  const signingId = reader.text('signing', 200);
  const documentText = reader.text('document_id', 200);
  if (signingId === '' && documentText === '') reader.missing('document_id', 'signing');
  const document = documentText === '' ? undefined : readDocument(documentText);
  if (document === 'file_source') reader.refuse('document_id', 'file_source', { value: shown(documentText) });
  else if (documentText !== '' && !document) {
    reader.refuse('document_id', 'not_a_document', { value: shown(documentText) });
  }
  const request: CheckRequest = {
    signingId,
    documentId: document && document !== 'file_source' ? document.id : '',
    returnWhen: reader.option('return_when', CHECK_RETURN_WHEN, 'now'),
    maxWaitHours: reader.count('max_wait_hours', MAX_WAIT_HOURS),
  };
  reader.finish();
  return request;
}
