import { Refusal } from '../../app/domain/refusal.ts';
import { SIGNING_STATUS_CODES, mayFollow } from '../../app/domain/signing-status.ts';
import { signingNumber } from '../../app/domain/signing-number.ts';
import { SYSTEM } from '../../app/domain/journal.ts';
import type { Language, Signing } from '../../app/domain/signing.ts';
import { createSigning } from '../../app/domain/transitions/create-signing.ts';
import { cancelSigning } from '../../app/domain/transitions/end-signing.ts';
import { createTranslator } from '../../app/i18n/translator.ts';
import type { RobotRun } from '../../app/ports/robot-run-store.ts';
import { DocumentLocked } from '../../app/ports/signing-store.ts';
import type { RobotHandler, RunStep } from '../../app/signing/runs/robot-handler.ts';
import { signingIdOf } from '../../app/signing/runs/run-id.ts';
import type { RobotDeps } from '../deps.ts';
import { refuseWhenSwitchedOff } from '../inputs/refuse-when-switched-off.ts';
import { waitUntil } from '../inputs/wait-until.ts';
import { checkSender, chooseCompanySigner } from './check-rights.ts';
import { checkSigners } from './check-signers.ts';
import { describeSigning } from './describe-signing.ts';
import { loadDocuments } from './load-documents.ts';
import { checkDeal, findResponsible, gatherFacts } from './portal-facts.ts';
import { readSendRequest } from './request.ts';
import type { SendRequest } from './request.ts';

const PDF_WAIT_S = 600;
/** However long the server was away: a PDF is asked for at least this often before the run gives it up. */
const PDF_TRIES = 3;

/** *Send for signing*: the checks in their published order, then one signing of the run, however often it is tried. */
export function createSendForSigning(deps: RobotDeps): RobotHandler {
  const { settings, employees, balance, signings, changeSigning, clock, random } = deps;

  async function process(run: RobotRun, language: Language): Promise<RunStep> {
    const made = await signings.get(signingIdOf(run.id), run.portalId);
    if (made) return waitFor(run, readSendRequest(run.request), made);

    const portalSettings = await refuseWhenSwitchedOff(settings, run);
    const request = readSendRequest(run.request);
    await checkBalance(run, 1 + request.counterparties.length);
    const { facts, candidates } = await gatherFacts(deps.portal, run, request);
    const sender = await checkSender(employees, run, portalSettings, facts);
    const company = await chooseCompanySigner(employees, run, request, candidates, facts, clock.now());
    const loaded = await loadDocuments(deps, run, request, facts, portalSettings.documents);
    if (!loaded) return laterOrRefused(run);
    const signers = checkSigners(request, company, facts, language, random);
    const deal = checkDeal(request, facts);
    const responsible = await findResponsible(deps.portal, run, request, deal, facts);

    const now = clock.now();
    const signing = createSigning(
      describeSigning({
        run,
        request,
        portalSettings,
        language,
        timeZone: facts.timeZone,
        ...loaded,
        signers,
        deal,
        responsible,
        now,
      }),
      { kind: 'robot', id: sender.id, name: sender.name },
      now,
    );
    return waitFor(run, request, await reserveAndStore(run, signing));
  }

  /** What an earlier try of the same run holds already counts as available. */
  async function checkBalance(run: RobotRun, needed: number): Promise<void> {
    const { available } = await balance.show(run.portalId);
    if (available >= needed || (await balance.reserve(run.portalId, signingIdOf(run.id), needed))) return;
    throw new Refusal('INSUFFICIENT_BALANCE', [{ text: 'balance_short', values: { needed, available } }]);
  }

  async function reserveAndStore(run: RobotRun, signing: Signing): Promise<Signing> {
    const needed = signing.signers.length;
    if (!(await balance.reserve(run.portalId, signing.id, needed))) {
      const { available } = await balance.show(run.portalId);
      throw new Refusal('INSUFFICIENT_BALANCE', [{ text: 'balance_short', values: { needed, available } }]);
    }
    try {
      return await signings.create(signing);
    } catch (error) {
      if (!(error instanceof DocumentLocked)) throw error;
      // The reservation goes back in `abandon`, once it is certain that this run is refused.
      const values = { number: signingNumber(error.signingId), id: error.signingId };
      throw new Refusal('ALREADY_IN_SIGNING', [{ text: 'documents_in_signing', values }], error.signingId);
    }
  }

  function laterOrRefused(run: RobotRun): RunStep {
    const waitedS = (clock.now().getTime() - run.receivedAt.getTime()) / 1000;
    if (waitedS < (deps.pdfWaitS ?? PDF_WAIT_S) || run.attempts < PDF_TRIES) return { kind: 'later' };
    throw new Refusal('DOCUMENT_NOT_READY');
  }

  return {
    process,
    async abandon(run) {
      const id = signingIdOf(run.id);
      if (!(await signings.get(id, run.portalId))) return balance.release(run.portalId, id);
      await changeSigning(id, (signing, now) => {
        if (!mayFollow(signing.status, 'cancelled')) return signing;
        const reason = createTranslator(signing.language)('robots.response.withdrawn');
        return cancelSigning(signing, SYSTEM, reason, now);
      });
    },
  };
}

function waitFor(run: RobotRun, request: SendRequest, signing: Signing): RunStep {
  const invitedByLink = signing.signers.some((each) => each.party === 'company' && each.method === 'link');
  return {
    kind: 'wait',
    signing,
    returnWhen: request.returnWhen,
    knownStatus: SIGNING_STATUS_CODES.sent,
    waitUntil: waitUntil(run, request.maxWaitHours, signing),
    note: request.companySignature === 'auto' && invitedByLink ? 'no_mandate' : '',
  };
}
