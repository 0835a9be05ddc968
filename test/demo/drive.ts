import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { WorkflowRun } from '../portal/types.ts';
import { OfficeClient, registerEmployee } from '../support/office-client.ts';
import { codeIn, linkIn, readOutbox } from '../support/read-outbox.ts';
import type { OutboxMessage } from '../support/read-outbox.ts';
import { SignerClient } from '../support/signer-client.ts';
import { signaturePng } from '../support/signature-png.ts';
import { waitFor } from '../support/wait-for.ts';
import { DATA_DIR } from './stage.ts';
import type { DemoStage } from './stage.ts';

const DEAL = 77;
const DIRECTOR = 7;
const CONTACT = 55;
const TIMEOUT_MS = 30_000;

/** A step that did not end as it has to; the demo prints it and exits with 1. */
export class StepFailed extends Error {}

function need(condition: unknown, problem: string): asserts condition {
  if (!condition) throw new StepFailed(problem);
}

/** The whole main job by itself, over HTTP only, as the people and the portal would do it. One line a step. */
export async function drive(stage: DemoStage, say: (line: string) => void): Promise<void> {
  const { portal, outboxFolder, appUrl } = stage;
  const started = performance.now();
  const step = (text: string): void =>
    say(`${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s  ${text}`);
  const seen = new Set<string>();
  const nextMail = (what: string, wanted: (message: OutboxMessage) => boolean): Promise<OutboxMessage> =>
    waitFor(
      what,
      async () => {
        const found = (await readOutbox(outboxFolder)).find((each) => !seen.has(each.file) && wanted(each));
        if (found) seen.add(found.file);
        return found;
      },
      TIMEOUT_MS,
    );

  const installer = await portal.installApp();
  need(installer?.status === 200, `the installer answered ${installer?.status}`);
  await portal.finishInstall();
  const { robots, placements, triggers } = portal.appState();
  need(
    robots.includes('send_for_signing') && robots.includes('check_status'),
    `robots: ${robots.join(', ')}`,
  );
  step(
    `installed: robots ${robots.join(', ')}; ${placements.length} placements, ${triggers.length} triggers`,
  );

  await registerEmployee(portal, DIRECTOR, { signature: signaturePng() });
  step(`employee ${DIRECTOR} registered with a signature`);

  const document = await portal.createDocument({ dealId: DEAL });
  const requestsBefore = portal.requestCount;
  need(document, 'no document was made');
  const run: WorkflowRun = await portal.runRobot('send_for_signing', {
    dealId: DEAL,
    properties: {
      document_id: [String(document.id)],
      signer_1: `user_${DIRECTOR}`,
      signer_2: [String(CONTACT)],
      additional_agreement: 'Y',
      company_signature: 'manual',
      order: 'company_first',
      purpose: 'signature',
      return_when: 'final',
    },
  });
  need(run.deliveries[0]?.status === 200, `the robot's POST was answered with ${run.deliveries[0]?.status}`);
  step(`robot run on deal ${DEAL} with document ${document.id}: accepted`);

  let source: Uint8Array = new Uint8Array();
  for (const who of ['company', 'counterparty']) {
    const invitation = await nextMail(`the invitation of the ${who}`, (message) => linkIn(message) !== '');
    const signer = new SignerClient(linkIn(invitation));
    step(`${who}: invitation to ${invitation.to}`);
    await signer.open();
    source = await signer.document();
    need(Buffer.from(source.subarray(0, 5)).toString() === '%PDF-', 'the document is not a PDF');
    step(`${who}: document read, ${source.length} bytes`);
    const requested = await signer.requestCode();
    need(requested.ok, `the code was refused: ${await requested.text()}`);
    const code = codeIn(
      await nextMail('the code', (message) => linkIn(message) === '' && codeIn(message) !== ''),
    );
    const confirmed = await signer.confirm(code);
    need(confirmed.ok, `the code was not accepted: ${await confirmed.text()}`);
    const drawn = { kind: 'drawn', image: `data:image/png;base64,${signaturePng().toString('base64')}` };
    const signed = await signer.sign(who === 'company' ? drawn : { kind: 'typed', text: 'Алексей Смирнов' });
    need(signed.ok, `signing was refused: ${await signed.text()}`);
    step(`${who}: code entered, signed by ${who === 'company' ? 'drawing' : 'typing'}`);
  }

  await run.wait(TIMEOUT_MS);
  need(run.state === 'closed', `the process is ${run.state}`);
  const values = run.returnValues as Record<string, string>;
  need(String(values.status_code) === '50', `status_code ${values.status_code}: ${values.response_text}`);
  need(String(values.response_code) === '0', `response_code ${values.response_code}`);
  step(`values are back in the process: status ${values.status_code} "${values.status_text}"`);

  const entries = portal.timeline(DEAL);
  const card = await waitFor(
    'the live card to be complete',
    () => portal.activities(DEAL).find((each) => each.kind === 'configurable' && each.completed),
    TIMEOUT_MS,
  );
  const notified = await waitFor(
    'the notification',
    () => portal.notifications(12).length > 0 && portal.notifications(12),
    TIMEOUT_MS,
  );
  step(`timeline: ${entries.length} entries, card ${card.id} completed; ${notified.length} notification(s)`);
  const fired = await waitFor(
    'the trigger',
    () => portal.triggersFired.map(({ code }) => code).includes('signing_completed') && portal.triggersFired,
    TIMEOUT_MS,
  );
  step(`triggers fired: ${fired.map(({ code }) => code).join(', ')}`);
  step(`portal requests of this signing: ${portal.requestCount - requestsBefore}`);

  const tab = new OfficeClient(await portal.openFrame('CRM_DEAL_DETAIL_TAB', { ID: String(DEAL) }, 12));
  const signingId = String(values.signing_id);
  const inTab = await (await tab.get('/office/deal/signings')).text();
  need(inTab.includes(signingId), 'the deal tab does not show the signing');
  const download = async (key: string): Promise<Buffer> => {
    const answer = await tab.get(`/office/files/${signingId}/${key}`);
    need(answer.ok, `file ${key}: HTTP ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  };
  const signed = await download('signed');
  const report = await download('report');
  const signing = await stage.app.container.signings.get(signingId);
  need(signing, 'the signing is not in the store');
  step(`deal tab: journal of ${signing.journal.length} entries, signed file ${signed.length} bytes`);

  const inPortal = portal
    .documents(DEAL)
    .find((each) => String(each.id) === String(values.signed_document_id));
  need(inPortal?.pdf && Buffer.from(inPortal.pdf).equals(signed), 'the portal has another file than the app');
  step(
    `portal: documents ${values.signed_document_id}, ${values.agreement_document_id}, ${values.report_document_id}`,
  );

  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(signed)], { type: 'application/pdf' }), 'signed.pdf');
  const verified = await fetch(`${appUrl}/verify`, {
    method: 'POST',
    body: form,
    headers: { Accept: 'application/json' },
  });
  const result = (await verified.json()) as { verdict?: string };
  need(result.verdict === 'unchanged', `verify says ${JSON.stringify(result)}`);
  for (const name of ['Иван Петров', 'Смирнов'])
    need(JSON.stringify(result).includes(name), `verify does not name ${name}`);
  step(
    `verified: ${result.verdict}, sha256 ${createHash('sha256').update(signed).digest('hex').slice(0, 16)}…`,
  );

  await writeFile(`${DATA_DIR}/source.pdf`, source);
  await writeFile(`${DATA_DIR}/signed.pdf`, signed);
  await writeFile(`${DATA_DIR}/report.pdf`, report);
  await writeFile(`${DATA_DIR}/journal.json`, `${JSON.stringify(signing.journal, null, 2)}\n`);
  await portal.settled();
  await portal.saveCalls(`${DATA_DIR}/rest-calls.jsonl`);
  step(`files in ${DATA_DIR}; ${portal.requestCount} HTTP requests to the portal in all`);
}
