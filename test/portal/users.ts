/** A portal user. */
export interface PortalUser {
  id: number;
  name: string;
  lastName: string;
  secondName: string;
  email: string;
  phone: string;
  position: string;
  departments: number[];
  isAdmin: boolean;
  active: boolean;
  gender: 'M' | 'F';
  /** Extranet users are not let near CRM. */
  extranet?: boolean;
}

export interface Department {
  id: number;
  name: string;
  parent: number | null;
  headId: number | null;
}

export type Users = ReturnType<typeof createUsers>;

export function createUsers(seed: { users: PortalUser[]; departments: Department[] }) {
  const users = new Map(seed.users.map((user) => [user.id, { ...user }]));
  return {
    departments: seed.departments,
    get: (id: number): PortalUser | undefined => users.get(id),
    all: (): PortalUser[] => [...users.values()],
    add: (user: PortalUser): void => void users.set(user.id, user),
    fullName: (id: number): string => {
      const user = users.get(id);
      return user ? `${user.name} ${user.lastName}` : `#${id}`;
    },
  };
}
