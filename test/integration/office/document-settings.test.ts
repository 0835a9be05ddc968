import { expect } from 'chai';
import { DEFAULT_SEALING } from '../../../app/domain/sealing-plan.ts';
import { createTranslator } from '../../../app/i18n/translator.ts';
import type { AgreementRequest } from '../../../app/ports/pdf-engine.ts';
import { startOfficeApp } from './office-app.ts';
import type { OfficeApp } from './office-app.ts';
import { PEOPLE } from './people.ts';

const PLAN = { mode: 'one_seal', level: 'B-LT', when_tsa_down: 'wait', flatten_forms: '1' };
const OWN_TEXT = '# Our agreement\n\nThe parties {{company}} and {{counterparties}} agree.';
const standard = (language: 'en' | 'ru') => createTranslator(language)('agreement.template');

describe('settings of documents', () => {
  let app: OfficeApp;
  let admin: string;
  let rendered: AgreementRequest[];
  beforeEach(async () => {
    app = await startOfficeApp(PEOPLE);
    rendered = [];
    app.pdf.renderAgreement = async (request) => {
      rendered.push(request);
      return { pdf: Buffer.from('%PDF-1.7 sample'), sha256: '', pages: 1 };
    };
    admin = await app.sessionOf('/app', 'admin');
  });
  afterEach(() => app.close());

  const post = (path: string, body: Record<string, string> = {}) =>
    app.call(admin, `/office/settings/${path}`, body);
  const page = async (session = admin) => (await app.call(session, '/office/settings')).text();
  const saved = async (portalId = 'portal-a') => app.settings.get(portalId);

  it('when nothing was set, expected the defaults, in the language of who looks', async () => {
    const html = await page();
    for (const id of ['mode-per_signer', 'level-B-LTA', 'tsa-lower_level', 'page_strip']) {
      expect(html, id).to.match(new RegExp(`checked[^>]*data-testid="${id}"`));
    }
    for (const id of ['mode-one_seal', 'level-B-B', 'tsa-wait', 'flatten_forms', 'second_report_language']) {
      expect(html, id).not.to.match(new RegExp(`checked[^>]*data-testid="${id}"`));
    }
    const russian = await page(await app.sessionOf('/app', 'admin', { lang: 'ru' }));
    expect(russian).to.include('Документы и подписи').and.include('{{компания}}');
  });

  it('when they are saved, expected exactly them, for this portal only, and nothing else changed', async () => {
    await app.settings.save({ ...(await saved()), expiresInDays: 30 });
    const response = await post('documents', PLAN);
    expect([response.status, response.headers.get('x-message')]).to.deep.equal([200, 'Settings%20saved.']);
    const { documents, expiresInDays } = await saved();
    expect(documents).to.deep.equal({
      mode: 'one_seal',
      level: 'B-LT',
      whenTsaDown: 'wait',
      pageStrip: false,
      flattenForms: true,
      secondReportLanguage: false,
    });
    expect(expiresInDays).to.equal(30);
    expect((await saved('portal-b')).documents).to.deep.equal(DEFAULT_SEALING);
    await app.call(admin, '/office/settings', { senders: 'everyone', expires_in_days: '5' });
    expect((await saved()).documents, 'kept by the other form').to.deep.equal(documents);
  });

  it('when something is not one of the choices, expected a refusal and the old ones kept', async () => {
    for (const wrong of [{ mode: 'none' }, { level: 'B-X' }, { when_tsa_down: '' }]) {
      const response = await post('documents', { ...PLAN, ...wrong });
      expect(response.status).to.equal(409);
      expect(await response.json()).to.include({ error: 'documents_invalid' });
    }
    expect((await saved()).documents).to.deep.equal(DEFAULT_SEALING);
  });

  it('when the operator has no time-stamp server, expected the page to say so', async () => {
    expect(await page()).not.to.include('no-timestamps');
    const other = await startOfficeApp(PEOPLE, undefined, { timestamps: false });
    const html = await (await other.call(await other.sessionOf('/app', 'admin'), '/office/settings')).text();
    await other.close();
    expect(html).to.include('data-testid="no-timestamps"');
  });

  describe('text of the agreement', () => {
    it('when there is none of their own, expected the standard text to begin with', async () => {
      const html = await page();
      expect(html).to.include('Agreement on the use of electronic signatures').and.include('Standard text');
      expect(html).not.to.include('agreement-en-reset');
    });

    it('when it is saved, expected it as it was written, in its language only', async () => {
      const response = await post('agreement/en', { text: OWN_TEXT.replaceAll('\n', '\r\n') + '  \r\n\r\n' });
      expect(response.status).to.equal(200);
      expect(await response.text())
        .to.include('Your own text')
        .and.include('Our agreement');
      expect((await saved()).agreement).to.deep.equal({ en: OWN_TEXT, ru: '' });
      await post('documents', PLAN);
      expect((await saved()).agreement.en, 'kept by the other form').to.equal(OWN_TEXT);
    });

    it('when the standard text is saved unchanged, expected none of their own: it may become better', async () => {
      await post('agreement/ru', { text: standard('ru').replaceAll('\n', '\r\n') });
      expect((await saved()).agreement.ru).to.equal('');
    });

    it('when it has faults, expected each with its line, the text kept on the page and nothing saved', async () => {
      const wrong = '# Our <b>agreement</b>\n\nThe {{compny}} and {{number';
      for (const path of ['agreement/en', 'agreement/en/preview']) {
        const response = await post(path, { text: wrong });
        expect(response.status).to.equal(422);
        const html = await response.text();
        expect(html).to.include('Line 3: there is no such field: {{compny}}');
        expect(html).to.include('Our &lt;b&gt;agreement&lt;/b&gt;').and.include('role="alert"');
      }
      expect((await saved()).agreement.en).to.equal('');
      expect(rendered).to.deep.equal([]);
    });

    it('when it is too long or no text, expected a refusal', async () => {
      const ofLength = (length: number) => post('agreement/en', { text: '# A\n\n'.padEnd(length, 'x') });
      expect((await ofLength(20_000)).status).to.equal(200);
      const longer = await ofLength(20_001);
      expect(longer.status).to.equal(422);
      expect(await longer.text()).to.include('more than 20000 characters');
      expect((await post('agreement/en', { other: 'x' })).status).to.equal(400);
      expect((await post('agreement/de', { text: OWN_TEXT })).status).to.equal(404);
    });

    it('when it is to be seen, expected the document with invented parties, and nothing saved', async () => {
      const response = await post('agreement/en/preview', { text: OWN_TEXT });
      expect([response.status, response.headers.get('content-type')]).to.deep.equal([200, 'application/pdf']);
      expect(Buffer.from(await response.arrayBuffer()).toString()).to.equal('%PDF-1.7 sample');
      const [request] = rendered;
      expect(request).to.include({ title: 'Our agreement', lang: 'en' });
      expect(request?.blocks).to.deep.equal([
        { kind: 'paragraph', text: 'The parties Your Company Ltd and Sample Trading Ltd agree.' },
      ]);
      expect(request?.parties).to.have.length(2);
      expect((await saved()).agreement.en).to.equal('');
    });

    it('when the standard text is to be seen in Russian, expected all its fields filled', async () => {
      await post('agreement/ru/preview', { text: standard('ru') });
      const text = JSON.stringify(rendered[0]);
      expect(text).to.include('ООО «Ваша компания»').and.not.include('{{').and.not.include('—}');
    });

    it('when the standard text is wanted back, expected it in this language only', async () => {
      await post('agreement/en', { text: OWN_TEXT });
      await post('agreement/ru', { text: OWN_TEXT });
      const response = await post('agreement/en/reset');
      expect(await response.text()).to.include('Standard text');
      expect((await saved()).agreement).to.deep.equal({ en: '', ru: OWN_TEXT });
    });
  });
});
