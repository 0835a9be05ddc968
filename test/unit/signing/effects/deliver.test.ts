import { expect } from 'chai';
import { MAX_ATTEMPTS, createEffect } from '../../../../app/domain/effect.ts';
import type { Effect } from '../../../../app/domain/effect.ts';
import type { ResultDocuments, Signing } from '../../../../app/domain/signing.ts';
import { PortalError } from '../../../../app/ports/portal.ts';
import type { Portal } from '../../../../app/ports/portal.ts';
import { createDeliverHandler } from '../../../../app/signing/effects/deliver.ts';
import { later, sentSigning, storedFile } from '../../../support/signing-builder.ts';

type Upload = Parameters<Portal['uploadDocument']>[1];

/** A signing whose files are sealed, with the effect that puts them into the portal. */
function open(answer: (document: Upload) => string | PortalError) {
  const sealed: Signing = {
    ...sentSigning(),
    status: 'signed',
    signedFile: storedFile('signed'),
    report: storedFile('report'),
  };
  const uploads: Upload[] = [];
  const portal = {
    uploadDocument: async (_portalId: string, document: Upload) => {
      uploads.push(document);
      const outcome = answer(document);
      if (outcome instanceof PortalError) throw outcome;
      return outcome;
    },
  } as unknown as Portal;
  const files = { get: async () => new Uint8Array(1) } as never;
  const handler = createDeliverHandler({ files, portal, clock: { now: () => later(10) } });
  const run = async (fields: Partial<Effect> = {}): Promise<ResultDocuments | undefined> => {
    const apply = await handler(sealed, { ...createEffect('deliver', 9, later(0)), ...fields });
    return apply ? apply(sealed, later(10)).resultDocuments : undefined;
  };
  return { run, uploads };
}
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: PortalError) => error.code,
  );

describe('effect: files into the portal', () => {
  it('when the portal takes both, expected their ids', async () => {
    const { run } = open(({ number }) => (number.endsWith('signed') ? '11' : '12'));
    expect(await run()).to.include({ signed: '11', report: '12' });
  });

  it('when it refuses one for good, expected the id of the other', async () => {
    const { run } = open(({ number }) =>
      number.endsWith('report') ? new PortalError('too_large', 'no', false) : '11',
    );
    expect(await run()).to.deep.include({ signed: '11', report: undefined });
  });

  it('when it may take them later, expected another try that looks first', async () => {
    const { run, uploads } = open(() => new PortalError('no_answer', 'silence', true));
    expect(await codeOf(run())).to.equal('no_answer');
    expect(await codeOf(run({ startedAt: later(0) }))).to.equal('no_answer');
    expect(uploads.map((each) => each.checkFirst)).to.deep.equal([false, true]);
    expect(await run({ attempts: MAX_ATTEMPTS - 1 })).to.deep.include({ signed: undefined });
  });

  it('when it has to be authorised again, expected patience, then completion without ids', async () => {
    const { run } = open(
      () => new PortalError('needs_reauth', 'an administrator has to open the app', false),
    );
    expect(await codeOf(run({ startedAt: later(0) }))).to.equal('needs_reauth');
    expect(await run({ startedAt: later(-3 * 1440) })).to.deep.include({ signed: undefined });
  });
});
