/** A CRM field: its item name, its old name, type and title. */
export interface FieldMeta {
  name: string;
  upper: string;
  type:
    'integer' | 'string' | 'double' | 'boolean' | 'datetime' | 'date' | 'user' | 'file' | 'crm_multifield';
  title: string;
  readOnly?: boolean;
  multiple?: boolean;
}

type Row = [name: string, upper: string, type: FieldMeta['type'], title: string, flags?: 'ro' | 'multi'];

const COMMON: Row[] = [
  ['id', 'ID', 'integer', 'ID', 'ro'],
  ['createdTime', 'DATE_CREATE', 'datetime', 'Создано', 'ro'],
  ['updatedTime', 'DATE_MODIFY', 'datetime', 'Изменено', 'ro'],
  ['createdBy', 'CREATED_BY_ID', 'user', 'Кем создано', 'ro'],
  ['updatedBy', 'MODIFY_BY_ID', 'user', 'Кем изменено', 'ro'],
  ['assignedById', 'ASSIGNED_BY_ID', 'user', 'Ответственный'],
  ['opened', 'OPENED', 'boolean', 'Доступно для всех'],
  ['comments', 'COMMENTS', 'string', 'Комментарий'],
  ['sourceId', 'SOURCE_ID', 'string', 'Источник'],
  ['sourceDescription', 'SOURCE_DESCRIPTION', 'string', 'Об источнике'],
  ['originatorId', 'ORIGINATOR_ID', 'string', 'Внешний источник'],
  ['originId', 'ORIGIN_ID', 'string', 'Внешний код'],
  ['utmSource', 'UTM_SOURCE', 'string', 'UTM source'],
  ['utmMedium', 'UTM_MEDIUM', 'string', 'UTM medium'],
  ['utmCampaign', 'UTM_CAMPAIGN', 'string', 'UTM campaign'],
  ['utmContent', 'UTM_CONTENT', 'string', 'UTM content'],
  ['utmTerm', 'UTM_TERM', 'string', 'UTM term'],
];

const SELLING: Row[] = [
  ['title', 'TITLE', 'string', 'Название'],
  ['categoryId', 'CATEGORY_ID', 'integer', 'Воронка'],
  ['stageId', 'STAGE_ID', 'string', 'Стадия'],
  ['stageSemanticId', 'STAGE_SEMANTIC_ID', 'string', 'Группа стадии', 'ro'],
  ['opportunity', 'OPPORTUNITY', 'double', 'Сумма'],
  ['currencyId', 'CURRENCY_ID', 'string', 'Валюта'],
  ['isManualOpportunity', 'IS_MANUAL_OPPORTUNITY', 'boolean', 'Сумма вручную'],
  ['companyId', 'COMPANY_ID', 'integer', 'Компания'],
  ['contactId', 'CONTACT_ID', 'integer', 'Контакт'],
  ['contactIds', 'CONTACT_IDS', 'integer', 'Контакты', 'multi'],
  ['observers', 'OBSERVERS', 'user', 'Наблюдатели', 'multi'],
  ['closed', 'CLOSED', 'boolean', 'Закрыта', 'ro'],
  ['typeId', 'TYPE_ID', 'string', 'Тип'],
  ['begindate', 'BEGINDATE', 'date', 'Дата начала'],
  ['closedate', 'CLOSEDATE', 'date', 'Дата завершения'],
];

const PERSON: Row[] = [
  ['honorific', 'HONORIFIC', 'string', 'Обращение'],
  ['name', 'NAME', 'string', 'Имя'],
  ['secondName', 'SECOND_NAME', 'string', 'Отчество'],
  ['lastName', 'LAST_NAME', 'string', 'Фамилия'],
  ['post', 'POST', 'string', 'Должность'],
  ['birthdate', 'BIRTHDATE', 'date', 'Дата рождения'],
  ['companyId', 'COMPANY_ID', 'integer', 'Компания'],
  ['fm', 'FM', 'crm_multifield', 'Контактные данные', 'multi'],
];

const COMPANY: Row[] = [
  ['title', 'TITLE', 'string', 'Название'],
  ['typeId', 'COMPANY_TYPE', 'string', 'Тип компании'],
  ['industry', 'INDUSTRY', 'string', 'Отрасль'],
  ['isMyCompany', 'IS_MY_COMPANY', 'boolean', 'Моя компания'],
  ['contactIds', 'CONTACT_IDS', 'integer', 'Контакты', 'multi'],
  ['fm', 'FM', 'crm_multifield', 'Контактные данные', 'multi'],
];

/** User fields of deals. */
const DEAL_UF: Row[] = [
  ['ufCrm_1700000001', 'UF_CRM_1700000001', 'file', 'Договор (файл)'],
  ['ufCrm_1700000002', 'UF_CRM_1700000002', 'file', 'Подписанные документы', 'multi'],
  ['ufCrm_1700000003', 'UF_CRM_1700000003', 'string', 'Статус подписания'],
  ['ufCrm_1700000004', 'UF_CRM_1700000004', 'date', 'Дата подписания'],
];

const meta = (rows: Row[]): FieldMeta[] =>
  rows.map(([name, upper, type, title, flags]) => ({
    name,
    upper,
    type,
    title,
    readOnly: flags === 'ro',
    multiple: flags === 'multi',
  }));

const BY_TYPE: Record<number, FieldMeta[]> = {
  1: meta([...COMMON, ...SELLING, ...PERSON]),
  2: meta([...COMMON, ...SELLING, ...DEAL_UF]),
  3: meta([...COMMON, ...PERSON, ['typeId', 'TYPE_ID', 'string', 'Тип контакта']]),
  4: meta([...COMMON, ...COMPANY]),
  7: meta([...COMMON, ...SELLING]),
  31: meta([...COMMON, ...SELLING]),
  147: meta([...COMMON, ...SELLING]),
};

/** The fields of an entity type; undefined = the portal has no such type. */
export function fieldsOf(entityTypeId: number): FieldMeta[] | undefined {
  return BY_TYPE[entityTypeId];
}

/** `UF_CRM_1700000001` → `ufCrm_1700000001`, `UF_CRM_SIGNED_PDF` → `ufCrmSignedPdf`; other names stay. */
export function itemFieldName(name: string): string {
  if (!name.startsWith('UF_')) return name;
  return name.toLowerCase().replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

export const TYPE_NAMES: Record<number, string> = {
  1: 'lead',
  2: 'deal',
  3: 'contact',
  4: 'company',
  7: 'quote',
  31: 'smart_invoice',
  147: 'dynamic_147',
};

export function typeIdByName(name: string): number | undefined {
  const found = Object.entries(TYPE_NAMES).find(([, text]) => text === name.toLowerCase());
  return found ? Number(found[0]) : undefined;
}
