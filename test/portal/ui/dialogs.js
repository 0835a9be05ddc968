/* global document */
import { ask, element, t } from './api.js';

/** A list to choose from; resolves with the chosen rows, or null. */
function choose(title, rows, { multiple, label, testid }) {
  return new Promise((resolve) => {
    const chosen = new Set();
    const done = (value) => {
      shade.remove();
      resolve(value);
    };
    const list = element('div', { class: 'dialog__list' });
    for (const row of rows) {
      const button = element('button', { type: 'button', 'data-testid': `${testid}-${row.id}` }, label(row));
      button.onclick = () => {
        if (!multiple) return done([row]);
        if (chosen.delete(row)) button.classList.remove('on');
        else {
          chosen.add(row);
          button.classList.add('on');
        }
      };
      list.append(button);
    }
    const foot = element(
      'footer',
      {},
      ...(multiple
        ? [
            element(
              'button',
              {
                class: 'button button--primary',
                'data-testid': 'dialog-ok',
                onclick: () => done([...chosen]),
              },
              t('choose'),
            ),
          ]
        : []),
      element(
        'button',
        { class: 'button', 'data-testid': 'dialog-cancel', onclick: () => done(null) },
        t('cancel'),
      ),
    );
    const panel = element(
      'section',
      { class: 'dialog', role: 'dialog', 'aria-label': title, 'data-testid': 'dialog' },
      element('header', {}, title),
      list,
      foot,
    );
    const shade = element('div', { class: 'shade shade--center' }, panel);
    document.body.append(shade);
    list.querySelector('button')?.focus();
  });
}

/** `mult` = several. */
export async function selectUser({ mult }) {
  const users = await ask('users');
  const picked = await choose(t('selectUser'), users, {
    multiple: mult === true,
    label: (user) => `${user.name} — ${user.position}`,
    testid: 'pick-user',
  });
  if (mult) return picked ?? [];
  return picked?.[0] ?? null;
}

export async function selectAccess() {
  const users = await ask('users');
  const rows = [
    { id: 'AU', name: t('user'), position: '' },
    ...users.map((user) => ({ id: `U${user.id}`, name: user.name })),
  ];
  const picked = await choose(t('selectUser'), rows, {
    multiple: true,
    label: (row) => row.name,
    testid: 'pick-access',
  });
  return (picked ?? []).map((row) => ({ id: row.id, name: row.name, provider: 'user' }));
}

export async function selectCRM({ entityType, multiple }) {
  const all = await ask('crm');
  const types = entityType ?? Object.keys(all);
  const rows = types.flatMap((type) => all[type] ?? []);
  const picked = await choose(t('selectCrm'), rows, {
    multiple: multiple === true,
    label: (row) => row.title,
    testid: 'pick-crm',
  });
  const result = {};
  for (const row of picked ?? []) (result[row.type] ??= []).push(row);
  return result;
}
