import { expect } from 'chai';
import { findBrokenEntry } from '../../../app/domain/journal.ts';
import type { Signing } from '../../../app/domain/signing.ts';
import { cancelSigning } from '../../../app/domain/transitions/end-signing.ts';
import { markSent } from '../../../app/domain/transitions/send.ts';
import { signerOpened, signerSigned } from '../../../app/domain/transitions/signer-actions.ts';
import { DocumentLocked, RevisionConflict } from '../../../app/ports/signing-store.ts';
import { openTestStore } from '../../support/store.ts';
import type { TestStore } from '../../support/store.ts';
import { NOW, buildSigning, minutes, rejection, times } from './build-signing.ts';

const bundle = { fileId: 'b', name: 'bundle.pdf', sha256: 'cd'.repeat(32), size: 9, pages: 1 };
const cancel = (signing: Signing): Signing =>
  cancelSigning(signing, { kind: 'user', id: '1' }, 'нет', minutes(1));

describe('signing store', () => {
  let store: TestStore;
  beforeEach(async () => {
    store = await openTestStore();
  });
  afterEach(() => store.close());

  describe('create', () => {
    it('when a signing is stored, expected the same one back', async () => {
      const signing = buildSigning({ id: 'a' });
      const stored = await store.signings.create(signing);
      expect(await store.signings.get('a')).to.deep.equal(stored);
      expect(stored.journal[0]?.hash).to.equal(signing.journal[0]?.hash);
      expect(stored.createdAt).to.deep.equal(NOW);
    });

    it('when the same id comes again, even changed, expected the first one and no change', async () => {
      const first = await store.signings.create(buildSigning({ id: 'a' }));
      const again = await store.signings.create(buildSigning({ id: 'a', title: 'other', refs: ['x'] }));
      expect(again).to.deep.equal(first);
      expect(await store.signings.get('a')).to.deep.equal(first);
    });

    it('when ten processes store the same signing, expected one and no fault', async () => {
      const stored = await times(10, () =>
        store.signings.create(buildSigning({ id: 'a', refs: ['1', '2'] })),
      );
      expect(new Set(stored.map((signing) => JSON.stringify(signing))).size).to.equal(1);
      expect((await store.signings.list('portal-a', {}, { limit: 10 })).total).to.equal(1);
    });

    it('when a document is in an open signing, expected DocumentLocked with its id', async () => {
      await store.signings.create(buildSigning({ id: 'a', refs: ['300', '301'] }));
      const error = await rejection(store.signings.create(buildSigning({ id: 'b', refs: ['299', '301'] })));
      expect(error).to.be.instanceOf(DocumentLocked).with.property('signingId', 'a');
      expect(await store.signings.get('b')).to.equal(undefined);
    });

    it('when ten runs send one document at once, expected exactly one signing and the others told which', async () => {
      const results = await times(10, (index) =>
        store.signings
          .create(buildSigning({ id: `s${index}`, refs: [`own-${index}`, 'shared'] }))
          .catch((error: unknown) => error),
      );
      const made = results.filter((result) => !(result instanceof Error)) as Signing[];
      expect(made).to.have.length(1);
      for (const error of results.filter((result) => result instanceof Error)) {
        expect(error).to.be.instanceOf(DocumentLocked).with.property('signingId', made[0]?.id);
      }
    });

    it('when another portal has a document of the same number, expected both', async () => {
      await store.signings.create(buildSigning({ id: 'a', refs: ['300'] }));
      await store.signings.create(buildSigning({ id: 'b', refs: ['300'], portalId: 'portal-b' }));
      expect(await store.signings.get('b', 'portal-b')).to.have.property('id', 'b');
    });

    it('when two signings have no documents, expected both', async () => {
      await store.signings.create(buildSigning({ id: 'a', refs: [] }));
      await store.signings.create(buildSigning({ id: 'b', refs: [] }));
    });

    it('when the id is another portal’s, expected an error and nothing of theirs', async () => {
      await store.signings.create(buildSigning({ id: 'a' }));
      const error = await rejection(store.signings.create(buildSigning({ id: 'a', portalId: 'portal-b' })));
      expect(String(error))
        .to.match(/another portal/)
        .and.not.match(/Договор/);
    });
  });

  describe('get', () => {
    it('when asked for with another portal, expected nothing', async () => {
      await store.signings.create(buildSigning({ id: 'a' }));
      expect(await store.signings.get('a', 'portal-b')).to.equal(undefined);
      expect(await store.signings.get('a', 'portal-a')).to.have.property('id', 'a');
      expect(await store.signings.get('nothing')).to.equal(undefined);
    });

    it('when somebody tries to change what was read, expected an error', async () => {
      await store.signings.create(buildSigning({ id: 'a' }));
      const signing = (await store.signings.get('a')) as unknown as { title: string; journal: unknown[] };
      expect(() => (signing.title = 'x')).to.throw(TypeError);
      expect(() => signing.journal.push('x')).to.throw(TypeError);
    });
  });

  describe('save', () => {
    it('when a long story is saved step by step, expected an unbroken journal with milliseconds', async () => {
      let signing = await store.signings.create(buildSigning({ id: 'a' }));
      signing = await store.signings.save(markSent(signing, { bundle }, minutes(1)));
      signing = await store.signings.save(signerOpened(signing, 's1', '10.0.0.1', minutes(2)));
      signing = await store.signings.save(
        signerSigned(
          signing,
          's1',
          {
            at: minutes(3),
            method: 'email_code',
            address: 's…@example.com',
            ip: '10.0.0.1',
            agent: 'Firefox "quoted" \\ 🙂',
            consentVersion: '1',
            bundleSha256: bundle.sha256,
            mark: { kind: 'typed', text: 'Пётр' },
            mandate: undefined,
          },
          minutes(3),
        ),
      );
      const read = (await store.signings.get('a'))!;
      expect(read).to.deep.equal(signing);
      expect(read.revision).to.equal(3);
      expect(read.journal.length).to.be.above(5);
      expect(findBrokenEntry(read.journal)).to.equal(undefined);
      expect(read.journal[0]?.at).to.deep.equal(NOW);
      expect(read.signers[0]?.evidence).to.not.have.property('mandate');
    });

    it('when a field is removed, expected it gone after the save', async () => {
      const failed = {
        ...buildSigning({ id: 'a' }),
        cardId: '5',
        error: { text: 'x', reference: 'r', at: NOW },
      };
      const created = await store.signings.create(failed);
      await store.signings.save({ ...created, error: undefined });
      const read = await store.signings.get('a');
      expect(read).to.not.have.property('error');
      expect(read).to.have.property('cardId', '5');
    });

    it('when two save the same revision, expected one RevisionConflict and the other’s change kept', async () => {
      const read = await store.signings.create(buildSigning({ id: 'a' }));
      const results = await times(10, (index) =>
        store.signings.save({ ...read, title: `by ${index}` }).catch((error: unknown) => error),
      );
      const saved = results.filter((result) => !(result instanceof Error)) as Signing[];
      expect(saved).to.have.length(1);
      expect(results.filter((result) => result instanceof RevisionConflict)).to.have.length(9);
      expect(await store.signings.get('a')).to.deep.equal(saved[0]);
    });

    it('when the signing does not exist, expected RevisionConflict and no signing', async () => {
      const error = await rejection(store.signings.save(buildSigning({ id: 'ghost' })));
      expect(error).to.be.instanceOf(RevisionConflict);
      expect(await store.signings.get('ghost')).to.equal(undefined);
    });

    it('when a final state is reached, expected the documents free for the next signing', async () => {
      const first = await store.signings.create(buildSigning({ id: 'a', refs: ['300'] }));
      await store.signings.save(cancel(first));
      const second = await store.signings.create(buildSigning({ id: 'b', refs: ['300'], at: minutes(2) }));
      expect(second.id).to.equal('b');
    });

    it('when a finished signing is opened again but its document went on, expected DocumentLocked', async () => {
      const first = await store.signings.create(buildSigning({ id: 'a', refs: ['300'] }));
      const ended = await store.signings.save(cancel(first));
      await store.signings.create(buildSigning({ id: 'b', refs: ['300'] }));
      const error = await rejection(store.signings.save({ ...ended, status: 'sent' }));
      expect(error).to.be.instanceOf(DocumentLocked).with.property('signingId', 'b');
      expect(await store.signings.get('a')).to.deep.equal(ended);
    });
  });

  describe('lease', () => {
    const signings = () => store.signings;
    beforeEach(() => store.signings.create(buildSigning({ id: 'a' })));

    it('when two want it, expected one; after the release the other', async () => {
      const got = await times(10, (index) => signings().lease('a', `owner-${index}`, NOW, 60));
      expect(got.filter(Boolean)).to.have.length(1);
      const owner = `owner-${got.indexOf(true)}`;
      expect(await signings().lease('a', owner, minutes(0.5), 60)).to.equal(true);
      await signings().releaseLease('a', 'somebody else');
      expect(await signings().lease('a', 'next', NOW, 60)).to.equal(false);
      await signings().releaseLease('a', owner);
      expect(await signings().lease('a', 'next', NOW, 60)).to.equal(true);
    });

    it('when the lease has ended, expected it free for another owner', async () => {
      await signings().lease('a', 'dead', NOW, 60);
      expect(await signings().lease('a', 'next', new Date(NOW.getTime() + 59_999), 60)).to.equal(false);
      expect(await signings().lease('a', 'next', minutes(1), 60)).to.equal(true);
    });

    it('when the signing is saved meanwhile, expected lease and revision not to touch each other', async () => {
      const before = (await signings().get('a'))!;
      await signings().lease('a', 'one', NOW, 60);
      const saved = await signings().save({ ...before, title: 'new' });
      expect(saved.revision).to.equal(before.revision + 1);
      expect(await signings().lease('a', 'two', NOW, 60)).to.equal(false);
      expect(await signings().get('a')).to.deep.equal(saved);
    });

    it('when there is no such signing, expected false', async () => {
      expect(await signings().lease('ghost', 'one', NOW, 60)).to.equal(false);
    });
  });
});
