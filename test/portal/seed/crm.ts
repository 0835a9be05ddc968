import type { CrmStore, Multifield, Stage } from '../crm-store.ts';

export const seedStages: Stage[] = [
  { id: 'NEW', title: 'Новая', color: '#39a8ef', semantic: 'P' },
  { id: 'PREPARATION', title: 'Подготовка документов', color: '#2fc6f6', semantic: 'P' },
  { id: 'EXECUTING', title: 'На подписании', color: '#55d0e0', semantic: 'P' },
  { id: 'FINAL_INVOICE', title: 'Оплата', color: '#ffa900', semantic: 'P' },
  { id: 'WON', title: 'Сделка успешна', color: '#7bd500', semantic: 'S' },
  { id: 'LOSE', title: 'Сделка провалена', color: '#ff5752', semantic: 'F' },
];

const fm = (id: number, email: string | null, phone: string | null): Multifield[] => [
  ...(phone ? [{ id, typeId: 'PHONE' as const, valueType: 'WORK', value: phone }] : []),
  ...(email ? [{ id: id + 1, typeId: 'EMAIL' as const, valueType: 'WORK', value: email }] : []),
];

/** People and companies, deals and one element of a smart process. */
export function seedCrm(crm: CrmStore, now: number): void {
  const day = 86_400_000;
  const company = (id: number, title: string, mail: string, contactIds: number[], own = 'N') =>
    crm.add(4, {
      id,
      title,
      typeId: 'CUSTOMER',
      isMyCompany: own,
      contactIds,
      assignedById: 12,
      createdTime: now - 90 * day,
      fm: fm(id * 10, mail, '+7 812 555-10-20'),
    });
  company(7, 'ООО «ТехноСнаб»', 'office@tehnosnab.example', [55, 56]);
  company(8, 'ООО «Вектор»', 'info@vector.example', [57]);
  company(9, 'Northwind Ltd', 'contact@northwind.example', [58]);
  company(5, 'ООО «Ромашка»', 'mail@romashka.example', [], 'Y');

  const contact = (
    id: number,
    [lastName, name, secondName]: [string, string, string],
    rest: { post: string; companyId: number; email?: string; phone?: string },
  ) =>
    crm.add(3, {
      id,
      name,
      secondName,
      lastName,
      post: rest.post,
      companyId: rest.companyId,
      assignedById: 12,
      createdTime: now - 60 * day,
      fm: fm(id * 10, rest.email ?? null, rest.phone ?? null),
    });
  contact(55, ['Смирнов', 'Алексей', 'Николаевич'], {
    post: 'Коммерческий директор',
    companyId: 7,
    email: 'a.smirnov@tehnosnab.example',
    phone: '+7 921 123-45-67',
  });
  contact(56, ['Орлова', 'Екатерина', 'Викторовна'], {
    post: 'Главный бухгалтер',
    companyId: 7,
    phone: '+7 921 765-43-21',
  });
  contact(57, ['Без контактов', 'Пётр', ''], { post: 'Закупщик', companyId: 8 });
  contact(58, ['Brown', 'Emily', ''], {
    post: 'Head of procurement',
    companyId: 9,
    email: 'emily.brown@northwind.example',
    phone: '+44 20 7946 0958',
  });

  const deal = (id: number, title: string, rest: Record<string, unknown>) =>
    crm.add(2, {
      id,
      title,
      categoryId: 0,
      stageId: 'NEW',
      currencyId: 'RUB',
      assignedById: 12,
      createdBy: 12,
      createdTime: now - (90 - id) * day,
      typeId: 'SALE',
      ...rest,
    });
  deal(77, 'Поставка оборудования', {
    stageId: 'PREPARATION',
    opportunity: 1_250_000,
    companyId: 7,
    contactIds: [55, 56],
  });
  deal(78, 'Сервисный договор на 2027 год', { opportunity: 340_000, companyId: 8, contactIds: [57] });
  deal(79, 'Annual supply agreement', {
    stageId: 'EXECUTING',
    opportunity: 48_000.5,
    currencyId: 'EUR',
    companyId: 9,
    contactIds: [58],
    assignedById: 19,
  });
  deal(80, 'Пусконаладочные работы', { opportunity: 215_000, companyId: 7, contactIds: [55] });
  deal(81, 'Аренда склада', { stageId: 'FINAL_INVOICE', opportunity: 96_000, companyId: 8, contactIds: [] });
  deal(82, 'Поставка запчастей', { stageId: 'WON', opportunity: 71_500, companyId: 7, contactIds: [56] });
  crm.add(1, { id: 3, title: 'Заявка с сайта', name: 'Олег', lastName: 'Новиков', assignedById: 12 });
  crm.add(147, { id: 1, title: 'Заявка на закупку № 1', assignedById: 12, contactIds: [55], companyId: 7 });
  crm.forbid(19, { dealId: 78 });
  crm.requisites.push(
    requisite(1, 4, 7, 'ООО «ТехноСнаб»', '7810123456', '781001001'),
    requisite(2, 4, 8, 'ООО «Вектор»', '7811654321', '781101001'),
    requisite(3, 4, 5, 'ООО «Ромашка»', '7701234567', '770101001'),
  );
}

function requisite(id: number, typeId: number, entityId: number, name: string, inn: string, kpp: string) {
  return {
    ID: String(id),
    ENTITY_TYPE_ID: String(typeId),
    ENTITY_ID: String(entityId),
    PRESET_ID: '1',
    NAME: name,
    ACTIVE: 'Y',
    RQ_COMPANY_NAME: name,
    RQ_COMPANY_FULL_NAME: name.replace('ООО', 'Общество с ограниченной ответственностью'),
    RQ_INN: inn,
    RQ_KPP: kpp,
    RQ_DIRECTOR: '',
  };
}
