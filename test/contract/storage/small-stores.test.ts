import { expect } from 'chai';
import { DEFAULT_SEALING } from '../../../app/domain/sealing-plan.ts';
import type { Employee } from '../../../app/ports/employee-store.ts';
import { defaultSettings } from '../../../app/ports/settings-store.ts';
import { openTestStore } from '../../support/store.ts';
import type { TestStore } from '../../support/store.ts';
import { NOW, minutes, times } from './build-signing.ts';

describe('small stores', () => {
  let store: TestStore;
  let now = NOW;
  beforeEach(async () => {
    now = NOW;
    store = await openTestStore({ clock: { now: () => now } });
  });
  afterEach(() => store.close());

  describe('employees', () => {
    const buildEmployee = (userId: string, fields: Partial<Employee> = {}): Employee => ({
      portalId: 'portal-a',
      userId,
      name: `Name ${userId}`,
      email: '',
      position: '',
      canSign: true,
      canSend: false,
      blocked: false,
      signature: { fileId: 'f', name: 's.png', sha256: 'x', size: 1, pages: 0 },
      mandate: {
        kind: 'consent',
        grantedAt: NOW,
        validUntil: minutes(5),
        consentVersion: '1',
        recordedBy: userId,
      },
      updatedAt: NOW,
      ...fields,
    });

    it('when an employee is saved, also at once, expected one with the last fields', async () => {
      await times(5, () => store.employees.save(buildEmployee('1')));
      expect(await store.employees.get('portal-a', '1')).to.deep.equal(buildEmployee('1'));
      await store.employees.save(buildEmployee('1', { mandate: undefined, blocked: true }));
      const read = await store.employees.get('portal-a', '1');
      expect(read).to.have.property('blocked', true).and.not.to.equal(undefined);
      expect(read).to.not.have.property('mandate');
      expect(await store.employees.list('portal-a')).to.have.length(1);
    });

    it('when listed, expected this portal’s by name', async () => {
      await store.employees.save(buildEmployee('1', { name: 'Яна' }));
      await store.employees.save(buildEmployee('2', { name: 'Анна' }));
      await store.employees.save(buildEmployee('3', { portalId: 'portal-b' }));
      expect((await store.employees.list('portal-a')).map((each) => each.userId)).to.deep.equal(['2', '1']);
      expect(await store.employees.get('portal-a', '3')).to.equal(undefined);
    });

    it('when removed or purged, expected them gone', async () => {
      for (const id of ['1', '2']) await store.employees.save(buildEmployee(id));
      await store.employees.save(buildEmployee('1', { portalId: 'portal-b' }));
      await store.employees.remove('portal-a', '1');
      expect(await store.employees.get('portal-a', '1')).to.equal(undefined);
      expect(await store.employees.purgePortal('portal-a')).to.equal(1);
      expect(await store.employees.list('portal-b')).to.have.length(1);
    });
  });

  describe('settings', () => {
    it('when nothing was saved, expected the defaults', async () => {
      expect(await store.settings.get('portal-a')).to.deep.equal(defaultSettings('portal-a'));
    });

    it('when saved, expected what was saved over the defaults of what is missing', async () => {
      const settings = {
        ...defaultSettings('portal-a'),
        senders: 'selected' as const,
        expiresInDays: 3,
        robots: { send_for_signing: false, 'a.b$': true },
        notify: { sent: false },
        documents: { ...DEFAULT_SEALING, mode: 'one_seal' as const, level: 'B-T' as const },
        agreement: { ru: '# Соглашение', en: '' },
      };
      await store.settings.save(settings);
      const read = await store.settings.get('portal-a');
      expect(read).to.deep.include({ senders: 'selected', expiresInDays: 3 });
      expect(read.robots).to.deep.equal({ send_for_signing: false, check_status: true, 'a.b$': true });
      expect(read.documents).to.deep.equal(settings.documents);
      expect(read.agreement).to.deep.equal(settings.agreement);
      expect(read.notify).to.deep.equal({ ...defaultSettings('').notify, sent: false });
      await store.settings.save(read);
      expect(await store.settings.get('portal-a')).to.deep.equal(read);
      await store.settings.purgePortal('portal-a');
      expect(await store.settings.get('portal-a')).to.deep.equal(defaultSettings('portal-a'));
    });
  });

  it('when settings were saved before some of them existed, expected the defaults of these', async () => {
    await store.settings.save({ ...defaultSettings('portal-a'), expiresInDays: 3 });
    const old = store.db.collection<{ _id: string }>('settings');
    await old.updateOne({ _id: 'portal-a' }, { $unset: { documents: 1, 'agreement.en': 1 } });
    const read = await store.settings.get('portal-a');
    expect(read).to.deep.equal({ ...defaultSettings('portal-a'), expiresInDays: 3 });
  });

  describe('issued files', () => {
    const issued = { sha256: 'ab'.repeat(32), signingId: 'sig', kind: 'signed', issuedAt: NOW } as const;

    it('when a file is added again, expected the first issue', async () => {
      await times(5, () => store.issued.add(issued));
      await store.issued.add({ ...issued, issuedAt: minutes(9) });
      expect(await store.issued.find(issued.sha256)).to.deep.equal(issued);
      expect(await store.issued.find(issued.sha256.toUpperCase())).to.deep.equal(issued);
      expect(await store.issued.find('00')).to.equal(undefined);
    });
  });

  describe('REST log', () => {
    const entry = {
      portalId: 'portal-a',
      method: 'crm.deal.get',
      status: 200,
      code: '',
      durationMs: 12,
      requestId: 'r1',
      paramShape: '{id}',
    };

    it('when calls are logged, expected this portal’s, newest first, no more than asked for', async () => {
      for (const [index, requestId] of ['r1', 'r2', 'r3'].entries()) {
        now = minutes(index);
        await store.restLog.append({ ...entry, requestId });
      }
      await store.restLog.append({ ...entry, portalId: 'portal-b' });
      const listed = await store.restLog.list('portal-a', 2);
      expect(listed.map((each) => each.requestId)).to.deep.equal(['r3', 'r2']);
      expect(listed[0]).to.deep.equal({ ...entry, requestId: 'r3', at: minutes(2) });
      expect(await store.restLog.purgePortal('portal-a')).to.equal(3);
      expect(await store.restLog.list('portal-b', 9)).to.have.length(1);
    });

    it('when the store is open, expected it to delete entries after three days', async () => {
      const indexes = await store.db.collection('rest_log').indexes();
      expect(indexes.map((index) => [index.key, index.expireAfterSeconds] as unknown)).to.deep.include([
        { at: 1 },
        259_200,
      ]);
    });
  });
});
