import { expect } from 'chai';
import type { WorkflowRun } from '../../portal/types.ts';
import { readOutbox } from '../../support/read-outbox.ts';
import type { Story } from '../../support/open-story.ts';
import { join } from 'node:path';

const OUTPUTS = [
  'source_document_ids',
  'signing_id',
  'status_code',
  'status_text',
  'response_code',
  'response_text',
  'error',
  'retryable',
  'signers_text',
  'signed_document_id',
  'agreement_document_id',
  'report_document_id',
];

/** What there is to see of signings in the app and in the portal. */
export async function lookAround(story: Story, dealId: number) {
  const { portal } = story;
  const { total } = await story.signings.list(portal.memberId, {}, { limit: 1 });
  return {
    balance: await story.balance(),
    signings: total,
    letters: (await readOutbox(join(story.dataDir, 'outbox'), () => true)).length,
    entries: portal.timeline(dealId).filter((entry) => entry.kind === 'logmessage').length,
    cards: portal.activities(dealId).length,
    notifications: portal.notifications(12).length,
    triggers: portal.triggersFired.length,
  };
}

interface Refused {
  readonly code: number;
  readonly error: string;
  readonly text: RegExp;
  readonly retryable?: 'Y' | 'N';
  readonly signingId?: string;
  readonly sourceIds?: readonly string[];
}

/** The process went on with this refusal, and every result has a value. */
export function expectRefused(run: WorkflowRun, lang: 'ru' | 'en', refused: Refused): void {
  const { code, error, text, retryable = 'N', signingId = '', sourceIds } = refused;
  expect(run.state, run.reason).to.equal('closed');
  expect(run.returnValues).to.have.all.keys(OUTPUTS);
  expect(run.returnValues).to.include({
    response_code: code,
    error,
    retryable,
    signing_id: signingId,
    status_code: 0,
    status_text: lang === 'ru' ? 'Подписания нет' : 'No signing',
    signers_text: '',
    signed_document_id: '',
    agreement_document_id: '',
    report_document_id: '',
  });
  expect(run.returnValues['response_text']).to.match(text);
  // Bitrix24 shows it in the process's log.
  expect(run.log.map((line) => line.text)).to.deep.equal([run.returnValues['response_text']]);
  if (sourceIds) expect(run.returnValues['source_document_ids']).to.deep.equal(sourceIds);
}
