import { randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { Jobs } from '../jobs/create-jobs.ts';
import { createLetterComposer } from '../notify/create-letter-composer.ts';
import { createMessenger } from '../notify/create-messenger.ts';
import type { Clock } from '../ports/clock.ts';
import type { PdfEngine } from '../ports/pdf-engine.ts';
import type { Portal } from '../ports/portal.ts';
import type { SigningProvider } from '../ports/signing-provider.ts';
import { createBuiltinProvider } from '../providers/builtin/create-builtin-provider.ts';
import { createChangeSigning } from '../signing/change-signing.ts';
import { createApplyMandateHandler } from '../signing/effects/apply-mandate.ts';
import { createApplySignatureHandler } from '../signing/effects/apply-signature.ts';
import { createDeliverHandler } from '../signing/effects/deliver.ts';
import { createTriggerHandler } from '../signing/effects/fire-trigger.ts';
import { createProjectEffects } from '../signing/effects/project-effects.ts';
import { readFacts } from '../signing/effects/read-facts.ts';
import { createRunSigningEffects } from '../signing/effects/run-signing-effects.ts';
import { createSealHandler } from '../signing/effects/seal.ts';
import { createSendInvitation } from '../signing/effects/send-invitation.ts';
import { createSendNotice } from '../signing/effects/send-notice.ts';
import { createReleaseHandler, createSettleHandler } from '../signing/effects/settle-balance.ts';
import { createStoreOnce } from '../signing/effects/store-once.ts';
import { createSubmitHandler } from '../signing/effects/submit.ts';
import { createTidyHandler } from '../signing/effects/tidy.ts';
import { createManageEmployees } from '../signing/office/manage-employees.ts';
import { createAcceptRun } from '../signing/runs/accept-run.ts';
import { createAnswerRun } from '../signing/runs/answer-run.ts';
import { createAnswerWaitingRuns } from '../signing/runs/answer-waiting-runs.ts';
import { createProcessRun } from '../signing/runs/process-run.ts';
import { findConsent } from '../signing/signer/consent.ts';
import { createSignerActions } from '../signing/signer/create-signer-actions.ts';
import { createSignerLinks } from '../signing/signer/signer-links.ts';
import { createStopSignings } from '../signing/stop-signings.ts';
import { createSweep } from '../signing/sweep.ts';
import { createTrackSignings } from '../signing/track-signings.ts';
import { createRobots } from '../../robots/index.ts';
import type { Stores } from './open-stores.ts';

/** The use cases of a signing, from a robot's run to the values that go back. */
export function wireSigning(deps: {
  config: Config;
  log: Logger;
  clock: Clock;
  stores: Stores;
  jobs: Pick<Jobs, 'wakeSigning' | 'wakeRun' | 'unlessQueued'>;
  pdf: PdfEngine;
  portal: Portal;
}) {
  const { config, log, clock, stores, jobs, pdf, portal } = deps;
  const { signings, runs, portals, employees, settings, balance, files, issued, secrets } = stores;
  const changeSigning = createChangeSigning({ signings, clock, jobs });

  const providers: Record<SigningProvider['name'], SigningProvider> = { builtin: createBuiltinProvider() };
  const provider = (name: SigningProvider['name']) => providers[name];

  const messenger = createMessenger({ ...config, clock });
  const letters = createLetterComposer({ publicUrl: config.publicUrl });
  const links = createSignerLinks({ secrets, publicUrl: config.publicUrl });
  const signerActions = createSignerActions({
    signings,
    changeSigning,
    links,
    secrets,
    messenger,
    letters,
    files,
    clock,
  });

  const handlers = createRobots({
    portal,
    settings,
    employees,
    balance,
    signings,
    changeSigning,
    files,
    pdf,
    limits: config.limits,
    clock,
    random: () => randomBytes(24).toString('base64url'),
  });
  const answerRun = createAnswerRun({ runs, portals, portal, handlers, clock, log });
  const answerWaitingRuns = createAnswerWaitingRuns({ runs, answerRun });

  const storeOnce = createStoreOnce(files, (bytes) => readFacts(pdf, bytes, clock.now()));
  const sealing = { files, pdf, storeOnce, publicUrl: config.publicUrl, tsaUrls: config.tsaUrls, clock };
  const mailing = { messenger, letters, links, files, portals, clock };
  const invite = createSendInvitation(mailing);
  const runSigning = createRunSigningEffects({
    signings,
    changeSigning,
    projectEffects: createProjectEffects({
      portal,
      settings,
      inPortalUrl: (id) => `/marketplace/view/${config.bitrix.appCode}/?params%5Bsigning%5D=${id}`,
    }),
    handlers: {
      submit: createSubmitHandler({ ...sealing, settings, provider, limits: config.limits }),
      apply_mandate: createApplyMandateHandler({ employees, clock }),
      apply_signature: createApplySignatureHandler({ ...sealing, employees }),
      seal: createSealHandler({
        ...sealing,
        employees,
        issued,
        consentText: (version) => findConsent(version)?.text,
      }),
      deliver: createDeliverHandler({ files, portal, clock }),
      invite,
      remind: invite,
      mail: createSendNotice(mailing),
      return: (signing) => answerWaitingRuns(signing),
      trigger: createTriggerHandler(portal),
      settle: createSettleHandler(balance),
      release: createReleaseHandler(balance),
      tidy: createTidyHandler({ files }),
    },
    clock,
    log,
    owner: stores.owner,
  });

  return {
    changeSigning,
    links,
    signerActions,
    messenger,
    runSigning,
    acceptRun: createAcceptRun({ runs, jobs, clock, log }),
    processRun: createProcessRun({ runs, signings, portals, jobs, handlers, answerRun, clock, log }),
    sweep: createSweep({ signings, runs, jobs: jobs.unlessQueued, clock }),
    tracking: createTrackSignings({ signings, changeSigning, provider, clock, log }),
    manageEmployees: createManageEmployees({ employees, files, portal, clock }),
    stopSignings: createStopSignings({ signings, changeSigning }),
  };
}
