import type { Department, PortalUser } from '../users.ts';

type Row = [
  id: number,
  name: string,
  second: string,
  last: string,
  mail: string,
  post: string,
  gender: 'M' | 'F',
];

const ROWS: Row[] = [
  [1, 'Анна', 'Сергеевна', 'Волкова', 'anna.volkova', 'Администратор портала', 'F'],
  [7, 'Иван', 'Андреевич', 'Петров', 'ivan.petrov', 'Генеральный директор', 'M'],
  [12, 'Мария', 'Игоревна', 'Соколова', 'maria.sokolova', 'Менеджер по продажам', 'F'],
  [15, 'Дмитрий', 'Олегович', 'Кузнецов', 'dmitry.kuznetsov', 'Юрист', 'M'],
  [19, 'John', '', 'Miller', 'john.miller', 'Sales manager', 'M'],
  [21, 'Ольга', 'Павловна', 'Лебедева', 'olga.lebedeva', 'Бухгалтер', 'F'],
];

const DEPARTMENT: Record<number, number[]> = { 1: [1], 7: [1], 12: [3], 15: [4], 19: [3], 21: [5] };

export const seedUsers: PortalUser[] = ROWS.map(
  ([id, name, secondName, lastName, mail, position, gender]) => ({
    id,
    name,
    secondName,
    lastName,
    email: `${mail}@romashka.example`,
    phone: `+7 495 000-00-${String(id).padStart(2, '0')}`,
    position,
    departments: DEPARTMENT[id] ?? [1],
    isAdmin: id === 1,
    active: id !== 21,
    gender,
  }),
);

export const seedDepartments: Department[] = [
  { id: 1, name: 'ООО «Ромашка»', parent: null, headId: 7 },
  { id: 3, name: 'Отдел продаж', parent: 1, headId: 12 },
  { id: 4, name: 'Юридический отдел', parent: 1, headId: 15 },
  { id: 5, name: 'Бухгалтерия', parent: 1, headId: 21 },
];
