import { expect } from 'chai';
import { MANDATE_VERSION } from '../../../app/signing/office/manage-employees.ts';
import { makePng } from './make-png.ts';
import { startOfficeApp } from './office-app.ts';
import type { OfficeApp } from './office-app.ts';
import { PEOPLE } from './people.ts';

const portalUser = (id: string, name: string, active = true) => ({
  id,
  name,
  email: `u${id}@example.test`,
  phone: '',
  position: 'Manager',
  active,
});
const picture = (bytes: Uint8Array, name = 'file') => {
  const form = new FormData();
  form.set(name, new Blob([new Uint8Array(bytes)], { type: 'image/png' }), 'подпись.png');
  return form;
};

describe('employees, settings and balance', () => {
  let app: OfficeApp;
  let sessions: Record<string, string>;
  beforeEach(async () => {
    app = await startOfficeApp(PEOPLE);
    app.portalUsers.push(
      portalUser('7', 'Sam Signer'),
      portalUser('8', 'Gone', false),
      portalUser('1', 'Ada Admin'),
    );
    sessions = {};
    for (const who of Object.keys(PEOPLE)) sessions[who] = await app.sessionOf('/app', who);
  });
  afterEach(() => app.close());
  const as = (who: string, path: string, body?: Record<string, string> | FormData) =>
    app.call(sessions[who] ?? '', path, body);
  const errorOf = async (response: Response) => [
    response.status,
    ((await response.json()) as { error: string }).error,
  ];

  it('when somebody is no administrator, expected 403 on every route of settings and employees', async () => {
    const routes: [path: string, body?: Record<string, string> | FormData][] = [
      ['/office/settings'],
      ['/office/settings', { senders: 'everyone', expires_in_days: '1' }],
      ['/office/settings/documents', {}],
      ['/office/settings/agreement/ru', { text: '# A\n\nB' }],
      ['/office/settings/agreement/ru/preview', { text: '# A\n\nB' }],
      ['/office/settings/agreement/ru/reset', {}],
      ['/office/settings/certificate', picture(makePng())],
      ['/office/settings/certificate/remove', {}],
      ['/office/Settings/certificate/remove', {}],
      ['/office/employees'],
      ['/office/employees/search?q=sam'],
      ['/office/employees/7', {}],
      ['/office/employees/7/rights', {}],
      ['/office/employees/7/signature'],
      ['/office/employees/7/signature', picture(makePng())],
      ['/office/employees/7/signature/remove', {}],
      ['/office/employees/7/remove', {}],
      ['/office/Employees/7/remove', {}],
    ];
    for (const [path, body] of routes) {
      expect((await as('initiator', path, body)).status, path).to.equal(403);
      expect((await app.call('', path, body)).status, path).to.equal(401);
    }
    const page = await (await app.openFrame('/app', 'initiator')).text();
    expect(page).not.to.include('tab-employees').and.not.to.include('tab-settings');
  });

  it('when an administrator searches and registers a user, expected an employee with the portal’s data', async () => {
    const found = await (await as('admin', '/office/employees/search?q=sam')).text();
    expect(found).to.include('Sam Signer').and.include('data-testid="add-user"');
    expect(
      (await as('admin', '/office/employees/7', { name: 'Forged', email: 'evil@example.test' })).status,
    ).to.equal(200);
    expect(await app.employees.get('portal-a', '7')).to.deep.include({
      name: 'Sam Signer',
      email: 'u7@example.test',
      canSign: true,
      canSend: true,
      blocked: false,
    });
    expect(await app.employees.get('portal-b', '7')).to.equal(undefined);
    expect(await (await as('admin', '/office/employees/search?q=sam')).text()).to.include('Registered');
  });

  it('when the user is unknown to the portal or dismissed, expected a refusal', async () => {
    for (const id of ['8', '4040']) {
      expect(await errorOf(await as('admin', `/office/employees/${id}`, {}))).to.deep.equal([
        409,
        'user_unknown',
      ]);
    }
    expect((await as('admin', '/office/employees/..%2F7', {})).status).to.equal(404);
  });

  it('when rights are set, expected them stored; a blocked employee sees nothing and gives no mandate', async () => {
    await as('admin', '/office/employees/7', {});
    await as('admin', '/office/employees/7/signature', picture(makePng()));
    expect((await as('admin', '/office/employees/7/rights', { blocked: '1' })).status).to.equal(200);
    expect(await app.employees.get('portal-a', '7')).to.include({
      canSign: false,
      canSend: false,
      blocked: true,
    });
    expect(await (await as('signer', '/office/signings')).text()).to.include('data-testid="blocked"');
    expect(
      await errorOf(await as('signer', '/office/me/mandate', { agree: '1', version: MANDATE_VERSION })),
    ).to.deep.equal([403, 'blocked']);
    expect(await errorOf(await as('signer', '/office/me/signature', picture(makePng(90, 30))))).to.deep.equal(
      [403, 'blocked'],
    );
  });

  it('when a file is no usable PNG, expected a clear refusal and nothing stored', async () => {
    await as('admin', '/office/employees/7', {});
    const upload = (form: FormData) => as('admin', '/office/employees/7/signature', form);
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    expect(await errorOf(await upload(picture(svg)))).to.deep.equal([409, 'png_not_png']);
    expect(await errorOf(await upload(picture(makePng().subarray(0, 50))))).to.deep.equal([
      409,
      'png_damaged',
    ]);
    expect(await errorOf(await upload(picture(makePng(5000, 10))))).to.deep.equal([409, 'png_dimensions']);
    expect(await errorOf(await upload(picture(makePng(), 'other')))).to.deep.equal([409, 'png_missing']);
    expect(await errorOf(await upload(picture(Buffer.alloc(1024 * 1024 + 1))))).to.deep.equal([
      413,
      'too_large',
    ]);
    expect((await as('admin', '/office/employees/7/signature', {})).status).to.equal(400);
    expect((await app.employees.get('portal-a', '7'))?.signature).to.equal(undefined);
  });

  it('when an employee stores a signature and consents, expected a mandate with the version of the text', async () => {
    expect(await errorOf(await as('signer', '/office/me/signature', picture(makePng())))).to.deep.equal([
      409,
      'not_registered',
    ]);
    await as('admin', '/office/employees/7', {});
    const consent = { agree: '1', version: MANDATE_VERSION };
    expect(await errorOf(await as('signer', '/office/me/mandate', consent))).to.deep.equal([
      409,
      'no_signature',
    ]);
    expect((await as('signer', '/office/me/signature', picture(makePng()))).status).to.equal(200);
    expect(
      await errorOf(await as('signer', '/office/me/mandate', { version: MANDATE_VERSION })),
    ).to.deep.equal([409, 'consent_outdated']);
    expect(
      await errorOf(await as('signer', '/office/me/mandate', { agree: '1', version: '1999' })),
    ).to.deep.equal([409, 'consent_outdated']);
    expect((await as('signer', '/office/me/mandate', consent)).status).to.equal(200);
    expect((await app.employees.get('portal-a', '7'))?.mandate).to.deep.equal({
      kind: 'consent',
      grantedAt: app.now(),
      consentVersion: MANDATE_VERSION,
      recordedBy: '7',
    });
    const image = await as('signer', '/office/me/signature');
    expect(image.headers.get('content-type')).to.equal('image/png');
    expect(Buffer.from(await image.arrayBuffer()).equals(makePng())).to.equal(true);
    expect((await as('signer', '/office/me/mandate/revoke', {})).status).to.equal(200);
    expect((await app.employees.get('portal-a', '7'))?.mandate?.revokedAt).to.deep.equal(app.now());
  });

  it('when an administrator puts in another signature, expected the mandate ended; the employee’s own change keeps it', async () => {
    await as('admin', '/office/employees/7', {});
    const give = async () => {
      await as('signer', '/office/me/signature', picture(makePng()));
      await as('signer', '/office/me/mandate', { agree: '1', version: MANDATE_VERSION });
    };
    const isEnded = async () => (await app.employees.get('portal-a', '7'))?.mandate?.revokedAt !== undefined;
    await give();
    await as('signer', '/office/me/signature', picture(makePng(90, 30)));
    expect(await isEnded()).to.equal(false);
    await as('admin', '/office/employees/7/signature', picture(makePng(64, 30)));
    expect(await isEnded()).to.equal(true);
    await give();
    await as('admin', '/office/employees/7/signature/remove', {});
    expect(await isEnded()).to.equal(true);
  });

  it('when an employee is removed, expected them gone here and untouched on another portal', async () => {
    await as('admin', '/office/employees/7', {});
    await as('otherAdmin', '/office/employees/7', {});
    expect((await as('admin', '/office/employees/7/remove', {})).status).to.equal(200);
    expect(await app.employees.get('portal-a', '7')).to.equal(undefined);
    expect(await app.employees.get('portal-b', '7')).to.include({ name: 'Sam Signer' });
    expect(await (await as('signer', '/office/me')).text()).to.include('ask an administrator');
  });

  it('when settings are saved, expected them stored for this portal only', async () => {
    const form = { robot_check_status: '1', senders: 'selected', expires_in_days: '30', notify_opened: '1' };
    expect((await as('admin', '/office/settings', form)).status).to.equal(200);
    const saved = await app.settings.get('portal-a');
    expect(saved).to.deep.include({ senders: 'selected', expiresInDays: 30 });
    expect(saved.robots).to.deep.include({ send_for_signing: false, check_status: true });
    expect([saved.notify['opened'], saved.notify['signed']]).to.deep.equal([true, false]);
    expect((await app.settings.get('portal-b')).expiresInDays).to.equal(14);
  });

  it('when settings cannot be read, expected a refusal and the old ones kept', async () => {
    for (const wrong of [
      { expires_in_days: '0' },
      { expires_in_days: '366' },
      { senders: 'nobody' },
      { expires_in_days: 'x' },
    ]) {
      const response = await as('admin', '/office/settings', {
        senders: 'everyone',
        expires_in_days: '5',
        ...wrong,
      });
      expect(await errorOf(response)).to.deep.equal([409, 'settings_invalid']);
    }
    expect((await app.settings.get('portal-a')).expiresInDays).to.equal(14);
  });

  it('when the balance is opened, expected what is available, reserved and spent', async () => {
    await app.balance.open('portal-a', 20);
    await app.balance.reserve('portal-a', 's', 3);
    await app.balance.settle('portal-a', 's', 's1');
    const html = await (await as('initiator', '/office/balance')).text();
    for (const [name, value] of [
      ['available', 17],
      ['reserved', 2],
      ['spent', 1],
    ]) {
      expect(html).to.include(`data-testid="balance-${name}">${value}<`);
    }
  });
});
