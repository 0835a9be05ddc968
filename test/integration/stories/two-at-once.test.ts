import { expect } from 'chai';
import sinon from 'sinon';
import { DEFAULT_SEALING } from '../../../app/domain/sealing-plan.ts';
import { registerEmployee } from '../../support/office-client.ts';
import { openStory } from '../../support/open-story.ts';
import type { Story } from '../../support/open-story.ts';

describe('two processes that both believe they have a signing', function () {
  this.timeout(60_000);
  let story: Story;

  before(async () => {
    story = await openStory({ env: { START_CREDITS: '100' } });
    await registerEmployee(story.portal, 7);
    const { settings } = story.app.container;
    const current = await settings.get(story.portal.memberId);
    await settings.save({ ...current, documents: DEFAULT_SEALING });
  });
  after(() => story.close());
  beforeEach(() => story.rest());
  afterEach(() => sinon.restore());

  it('when three sign at once, expected every signature once, and hashes that follow one another', async () => {
    const { container } = story.app;
    const deal = story.deal();
    const run = await story.send(deal, {
      document_id: [await story.document(deal)],
      signer_2: [1, 2].map(() => story.contact()),
      order: 'parallel',
      additional_agreement: 'Y',
    });
    await story.reaches(run, 'sent');
    const { id, signers } = await story.signing(run);
    expect(signers).to.have.length(3);
    const clients = [];
    for (const signer of signers) clients.push(await story.identify(run, signer.id));
    // The portal's entries are not the matter here: they may come twice.
    sinon.stub(container.signings, 'lease').resolves(true);
    const answers = await Promise.all(clients.map((client) => client.sign()));
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200]);
    await Promise.all([1, 2].map(() => container.runSigning(id)));
    const signing = await story.reaches(run, 'completed');
    for (const kind of ['signed', 'agreement'] as const) {
      const steps = signing.journal
        .filter(({ type, data }) => type === 'signature_applied' && data['file'] === kind)
        .map(({ data }) => data);
      expect(steps.map(({ signer }) => signer).sort()).to.deep.equal(signers.map((each) => each.id));
      const first = kind === 'signed' ? signing.bundle : signing.agreement;
      expect(steps.map(({ before }) => before)).to.deep.equal([
        first?.sha256,
        ...steps.slice(0, -1).map(({ after }) => after),
      ]);
    }
    const pdf = await container.files.get(signing.signedFile!.fileId);
    const { verdict, signatures } = await container.pdf.verify({ pdf, at: new Date() });
    expect(verdict).to.equal('unchanged');
    const people = signatures.filter(({ kind, certification }) => kind === 'signature' && !certification);
    expect(people.map(({ name }) => name).sort()).to.deep.equal(signers.map(({ name }) => name).sort());
    const left = (await container.store.db.collection<{ _id: string }>('stored_files').find().toArray())
      .map((file) => file._id)
      .filter((file) => file.startsWith(`${id}/`));
    expect(left.map((file) => file.slice(id.length + 1)).sort()).to.deep.equal([
      'agreement',
      'bundle',
      'report',
      'sealed-agreement',
      'sealed-signed',
    ]);
    // Of two uploads of one file the second leaves nothing.
    const { db } = container.store;
    expect(await db.collection('files.files').countDocuments()).to.equal(
      await db.collection('stored_files').countDocuments(),
    );
  });
});
