import { PDF } from '@libpdf/core';
import type { RunRobotOptions } from '../../portal/types.ts';
import { pdfWithPages } from '../../fixtures/pdf/build-pdf.ts';
import { openApp, registerEmployee } from '../../support/office-client.ts';
import type { Story } from '../../support/open-story.ts';
import { signaturePng } from '../../support/signature-png.ts';

/** Who is who in the app; the stand-in portal's users. */
export const DIRECTOR = 7; // a signature, no mandate
export const LAWYER = 15; // a signature and a mandate
export const WITHOUT_SIGNATURE = 12;
export const WITHOUT_RIGHT = 1; // an administrator of the portal who may not sign
export const BLOCKED = 19;
export const DISMISSED = 21; // not registered in the app

export async function registerPeople({ portal }: Story): Promise<void> {
  await registerEmployee(portal, DIRECTOR, { signature: signaturePng() });
  await registerEmployee(portal, LAWYER, { signature: signaturePng(), mandate: true });
  for (const user of [WITHOUT_SIGNATURE, WITHOUT_RIGHT, BLOCKED]) await registerEmployee(portal, user);
  const admin = await openApp(portal);
  await admin.post(`/office/employees/${WITHOUT_RIGHT}/rights`, { can_send: 'on' });
  await admin.post(`/office/employees/${BLOCKED}/rights`, { can_sign: 'on', can_send: 'on', blocked: 'on' });
}

/** What the designer filled in, beside what every run of these tests has: a deal, a document, a contact of their own. */
export interface Filled {
  readonly deal: number;
  readonly document: number;
  readonly contact: number;
}

export interface RefusalCase {
  readonly when: string;
  readonly robot?: 'check_status';
  /** Inputs on top of good ones; undefined empties one. */
  readonly inputs?: (
    filled: Filled,
    story: Story,
  ) => Record<string, unknown> | Promise<Record<string, unknown>>;
  readonly run?: Partial<RunRobotOptions>;
  readonly code: number;
  readonly error: string;
  /** What `response_text` says; parts in this order. */
  readonly ru: RegExp;
  readonly en: RegExp;
}

async function encryptedPdf(): Promise<Buffer> {
  const pdf = await PDF.load(new Uint8Array(pdfWithPages(['secret'])));
  pdf.setProtection({ userPassword: 'user', ownerPassword: 'owner' });
  return Buffer.from(await pdf.save());
}

const withScript = (): Buffer =>
  pdfWithPages(['script'], { catalog: '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>' });

const documentOf = (title: string, pdf: () => Buffer | Promise<Buffer>): RefusalCase['inputs'] => {
  return async ({ deal }, story) => ({
    document_id: [await story.document(deal, { title, pdf: await pdf() })],
  });
};

const MISSING = { code: 101, error: 'MISSING_PARAMETER' };
const INVALID = { code: 102, error: 'INVALID_PARAMETER' };
const NOT_PERMITTED = { code: 120, error: 'SENDING_NOT_PERMITTED' };
const NOT_REGISTERED = { code: 121, error: 'SIGNER_NOT_REGISTERED' };
const MAY_NOT_SIGN = { code: 122, error: 'SIGNER_NOT_PERMITTED' };
const NO_DOCUMENT = { code: 130, error: 'DOCUMENT_NOT_FOUND' };
const UNSUPPORTED = { code: 132, error: 'DOCUMENT_NOT_SUPPORTED' };
const NO_CONTACT = { code: 140, error: 'CONTACT_NOT_FOUND' };
const FIELD_MISSING = { code: 141, error: 'CONTACT_FIELD_MISSING' };
const DUPLICATE = { code: 142, error: 'DUPLICATE_SIGNER' };
const NO_DEAL = { code: 151, error: 'ENTITY_NOT_A_DEAL' };
const UNKNOWN = { code: 200, error: 'SIGNING_NOT_FOUND' };

/** One refusal each that needs nothing but a run. None is retryable. */
export const REFUSALS: readonly RefusalCase[] = [
  {
    ...MISSING,
    when: 'all required inputs are empty',
    inputs: () => ({ document_id: undefined, signer_1: undefined, signer_2: undefined }),
    ru: /«Документ».*«Подписант 1 \(компания\)».*«Подписант 2 \(контрагент\)»/,
    en: /“Document”.*“Signer 1 \(company\)”.*“Signer 2 \(counterparty\)”/,
  },
  {
    ...MISSING,
    when: 'one required input is empty',
    inputs: () => ({ signer_2: [] }),
    ru: /^Не заполнено обязательное поле: «Подписант 2 \(контрагент\)»\.$/,
    en: /^A required input is empty: “Signer 2 \(counterparty\)”\.$/,
  },
  {
    ...INVALID,
    when: 'several inputs cannot be read',
    inputs: () => ({
      document_id: ['the contract'],
      signer_1: 'the director',
      signer_2: ['L_3'],
      purpose: 'bribe',
      expires_in_days: '-1',
      template: 'Standard',
      signature_positions: 'somewhere below',
    }),
    ru: /«Документ».*the contract[^]*the director[^]*L_3[^]*«Координаты подписей»[^]*bribe[^]*-1[^]*Standard/,
    en: /“Document”.*the contract[^]*the director[^]*L_3[^]*“Positions of the signatures”[^]*bribe[^]*-1[^]*Standard/,
  },
  {
    ...INVALID,
    when: 'a mark stands on a page that the document does not have',
    inputs: () => ({ signature_positions: 'signer 1 sign page=7 x=60 y=700' }),
    ru: /«Координаты подписей».*7/,
    en: /“Positions of the signatures”.*7/,
  },
  {
    ...INVALID,
    when: 'the responsible person does not exist',
    inputs: () => ({ responsible: 'user_999' }),
    ru: /«Ответственный».*999/,
    en: /“Responsible”.*999/,
  },
  {
    ...NOT_PERMITTED,
    when: 'nobody stands behind the process',
    run: { runAs: 0 },
    ru: /«Запускать от имени»/,
    en: /“Run as”/,
  },
  {
    ...NOT_PERMITTED,
    when: 'a dismissed user stands behind the process',
    run: { runAs: DISMISSED },
    ru: /Ольга Лебедева — не активный пользователь/,
    en: /Ольга Лебедева is not an active user/,
  },
  {
    ...NOT_REGISTERED,
    when: 'the company’s signer is not among the employees',
    inputs: () => ({ signer_1: `user_${DISMISSED}` }),
    ru: /Ольга Лебедева нет среди сотрудников приложения/,
    en: /Ольга Лебедева is not among the app’s employees/,
  },
  {
    ...NOT_REGISTERED,
    when: 'the stored signature is wanted and there is none',
    inputs: () => ({ signer_1: `user_${WITHOUT_SIGNATURE}`, company_signature: 'auto' }),
    ru: /У сотрудника Мария Соколова нет подписи/,
    en: /Мария Соколова has no signature/,
  },
  {
    ...NOT_REGISTERED,
    when: 'nobody of the department is registered',
    inputs: () => ({ signer_1: 'group_hr5' }),
    ru: /В отделе 5 подписать некому/,
    en: /Nobody of the department 5 may sign/,
  },
  {
    ...MAY_NOT_SIGN,
    when: 'the company’s signer has no right to sign',
    inputs: () => ({ signer_1: `user_${WITHOUT_RIGHT}` }),
    ru: /У сотрудника Анна Волкова нет права подписи/,
    en: /Анна Волкова has no right to sign/,
  },
  {
    ...MAY_NOT_SIGN,
    when: 'the company’s signer is blocked',
    inputs: () => ({ signer_1: `user_${BLOCKED}` }),
    ru: /Сотрудник John Miller заблокирован/,
    en: /John Miller is blocked/,
  },
  {
    ...NO_DOCUMENT,
    when: 'two documents do not exist',
    inputs: ({ document }) => ({ document_id: ['999998', document, '999999'] }),
    ru: /^Документа 999998 нет\.\nДокумента 999999 нет\.$/,
    en: /^There is no document 999998\.\nThere is no document 999999\.$/,
  },
  {
    ...NO_DOCUMENT,
    when: 'the portal could not make the PDF',
    inputs: async ({ deal }, { portal }) => {
      const broken = { dealId: deal, title: 'Broken', pdf: pdfWithPages(['x']), transformationError: true };
      return { document_id: [(await portal.createDocument(broken)).id] };
    },
    ru: /не смог сделать PDF документа «Broken»/,
    en: /could not make a PDF of the document “Broken”/,
  },
  {
    ...UNSUPPORTED,
    when: 'the file is no PDF',
    inputs: documentOf('Notes', () => Buffer.from('Dear reader, this is a plain text.')),
    ru: /«Notes» — не PDF/,
    en: /“Notes” is not a PDF/,
  },
  {
    ...UNSUPPORTED,
    when: 'the PDF is encrypted',
    inputs: documentOf('Locked', encryptedPdf),
    ru: /«Locked» защищён паролем/,
    en: /“Locked” is protected by a password/,
  },
  {
    ...UNSUPPORTED,
    when: 'the PDF carries a script',
    inputs: documentOf('Scripted', withScript),
    ru: /«Scripted» содержит активное содержимое/,
    en: /“Scripted” has active content/,
  },
  {
    ...NO_CONTACT,
    when: 'contact, company and employee do not exist, and a company has nobody',
    inputs: () => ({ signer_2: ['999999', 'CO_999', `user_${DISMISSED}`, 'CO_5'] }),
    ru: /^Контакта 999999 нет\.\nКомпании 999 нет\.\nАктивного сотрудника 21 нет\.\nУ компании 5 нет контакта/,
    en: /^There is no contact 999999\.\nThere is no company 999\.\nThere is no active employee 21\.\nThe company 5 has no/,
  },
  {
    ...FIELD_MISSING,
    when: 'two contacts lack fields',
    inputs: (_, story) => ({
      signer_2: [
        story.contact({ name: 'Олег', lastName: '', email: '' }),
        story.contact({ name: '', lastName: 'Юрьев', email: 'not an address' }),
      ],
    }),
    ru: /^У контакта Олег \(id \d+\) .*: фамилия и e-mail или телефон\.\nУ контакта Юрьев \(id \d+\) .*: имя и e-mail или телефон\.$/,
    en: /^The contact Олег \(id \d+\) .*: last name and e-mail or phone\.\nThe contact Юрьев \(id \d+\) .*: first name and e-mail or phone\.$/,
  },
  {
    ...DUPLICATE,
    when: 'two contacts share an e-mail in other letters, and one is named twice',
    inputs: ({ contact }, story) => ({
      signer_2: [
        story.contact({ lastName: 'Один', email: 'same@partner.example' }),
        story.contact({ lastName: 'Другой', email: 'SAME@Partner.example' }),
        contact,
        `C_${contact}`,
      ],
    }),
    ru: /^Пётр Другой и Пётр Один — один и тот же подписант \(SAME@Partner\.example\)\.\n.* — один и тот же/,
    en: /^Пётр Другой and Пётр Один are the same signer \(SAME@Partner\.example\)\.\n.* are the same signer/,
  },
  {
    code: 150,
    error: 'ENTITY_NOT_FOUND',
    when: 'there is no such deal',
    inputs: () => ({ crm_entity_id: 'DEAL_999999' }),
    ru: /^Сделки 999999 нет\.$/,
    en: /^There is no deal 999999\.$/,
  },
  {
    ...NO_DEAL,
    when: 'the input names a lead',
    inputs: () => ({ crm_entity_id: 'L_3' }),
    ru: /^«L_3» — не сделка/,
    en: /^“L_3” is not a deal/,
  },
  {
    ...NO_DEAL,
    when: 'the process runs on an element of a smart process',
    run: { documentId: ['crm', 'Bitrix\\Crm\\Integration\\BizProc\\Document\\Dynamic', 'DYNAMIC_147_1'] },
    ru: /^«DYNAMIC_147_1» — не сделка/,
    en: /^“DYNAMIC_147_1” is not a deal/,
  },
  {
    ...UNKNOWN,
    when: 'the status of an unknown signing is asked for',
    robot: 'check_status',
    inputs: () => ({ signing: 'nothing-of-that-name' }),
    ru: /^Подписание nothing-of-that-name неизвестно\.$/,
    en: /nothing-of-that-name/,
  },
  {
    ...UNKNOWN,
    when: 'the status of a document is asked for that was never sent',
    robot: 'check_status',
    inputs: ({ document }) => ({ document_id: document }),
    ru: /^Документ \d+ не отправляли на подпись\.$/,
    en: /document \d+/,
  },
  {
    ...MISSING,
    when: 'the status of nothing is asked for',
    robot: 'check_status',
    inputs: () => ({}),
    ru: /«Документ».*«Подписание»/,
    en: /“Document”.*“Signing”/,
  },
];
