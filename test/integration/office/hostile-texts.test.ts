import { expect } from 'chai';
import { failSigning } from '../../../app/domain/transitions/end-signing.ts';
import { signerDeclined } from '../../../app/domain/transitions/signer-actions.ts';
import { newSigner, later, sentSigning, storedFile } from '../../support/signing-builder.ts';
import { startOfficeApp } from './office-app.ts';
import type { OfficeApp } from './office-app.ts';
import { PEOPLE } from './people.ts';

let marks = 0;
/** A text that would run in an element, in an attribute of either quote, or in a template. Each is its own. */
const evil = () => `"'><img src=x onerror=alert(${++marks})></script><%= 1 %>{name}`;

describe('texts that a portal or a signer controls', () => {
  let app: OfficeApp;
  before(async () => {
    app = await startOfficeApp({
      ...PEOPLE,
      evil: { portalId: 'portal-a', id: '66', name: evil(), isAdmin: true },
    });
    app.setNow(later(60));
  });
  after(() => app.close());

  const isHarmless = (html: string) => {
    expect(html).not.to.match(/<img src=x/);
    expect(html).to.match(/onerror=alert\(\d+\)/);
    // Inside quotes they stay there: no attribute begins with what came from outside.
    expect(html.replace(/"[^"]*"/g, '""')).not.to.match(/<[^>]*\sonerror=/);
  };

  it('when every text of a signing is hostile, expected all of them as plain text on every page', async () => {
    const deal = { type: 'deal' as const, id: '77', title: evil() };
    const person = { userId: '12', name: evil(), email: evil() };
    const file = { ...storedFile('source'), name: evil() };
    const base = sentSigning({
      title: evil(),
      subject: evil(),
      message: evil(),
      entity: deal,
      initiator: person,
      responsible: { ...person, name: evil() },
      documents: [{ ref: '300', title: evil(), file }],
      signers: [
        newSigner('s1', { name: evil(), email: evil(), phone: evil(), position: evil(), company: evil() }),
        newSigner('s2', { name: evil(), step: 1 }),
      ],
    });
    const declined = await app.signings.create(signerDeclined(base, 's1', evil(), later(5)));
    const failed = await app.signings.create(
      failSigning(
        sentSigning({ id: 'f'.repeat(24), title: evil(), documents: [{ ref: '301', title: evil(), file }] }),
        { text: evil(), reference: evil() },
        later(5),
      ),
    );
    app.documents.push({
      id: '9',
      title: evil(),
      number: evil(),
      entityTypeId: '2',
      entityId: '77',
      pdf: 'ready',
    });
    const tab = { placement: 'CRM_DEAL_DETAIL_TAB', options: { ID: '77' } };
    isHarmless(await (await app.openFrame('/app', 'evil')).text());
    isHarmless(await (await app.openFrame('/placements/deal-tab', 'evil', tab)).text());
    const session = await app.sessionOf('/placements/deal-tab', 'evil', tab);
    for (const path of [
      `/office/signings/${declined.id}`,
      `/office/signings/${failed.id}`,
      `/office/signings?${new URLSearchParams({ search: evil() }).toString()}`,
      '/office/deal/documents',
    ]) {
      isHarmless(await (await app.call(session, path)).text());
    }
    const cancelled = await app.call(session, `/office/signings/${failed.id}/cancel`, { reason: evil() });
    isHarmless(await cancelled.text());
  });

  it('when names of portal users are hostile, expected them as plain text', async () => {
    app.portalUsers.push({
      id: '66',
      name: evil(),
      email: evil(),
      phone: '',
      position: evil(),
      active: true,
    });
    const session = await app.sessionOf('/app', 'evil');
    isHarmless(await (await app.call(session, '/office/employees/search?q=onerror')).text());
    const added = await app.call(session, '/office/employees/66', {});
    expect(added.headers.get('x-message')).to.match(/^[\x21-\x7e]+$/);
    isHarmless(await added.text());
    isHarmless(await (await app.call(session, '/office/employees')).text());
  });
});
