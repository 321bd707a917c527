import { expect } from '@playwright/test';
import { Person } from './person.ts';
import type { States } from './states.ts';
import { words } from './words.ts';

/** The pages of the console. */
export const consoleStates: States = {
  'console, closed to whoever has no role': async ({ page, person }) => {
    await person.join();
    await page.goto('/admin/roles');
    await expect(page.getByTestId('incident-id')).toBeVisible();
    return page;
  },
  'console, people': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/users');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('people-title'));
    return page;
  },
  'console, people, nobody like that': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/users?q=nobody-at-all&state=locked');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('people-title'));
    return page;
  },
  'console, several people, before they are locked': async ({ page, person, house }) => {
    await person.joinStaff(house);
    const other = new Person(page, person.inbox);
    await other.joinElsewhere();
    await page.goto(`/admin/users?q=${other.email}`);
    await page.locator('input[type=checkbox][name="people[]"]').first().check();
    await page.locator('select[name=deed]').selectOption('lock');
    await page.locator('form button').filter({ visible: true }).last().click();
    return page;
  },
  'console, roles': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/roles');
    await expect(page.getByTestId('matrix')).toBeVisible();
    return page;
  },
  'console, a role that comes with the program': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/roles/support');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('role-support-name'));
    return page;
  },
  'console, groups': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/groups');
    await expect(page.getByTestId('make-group-button')).toBeVisible();
    return page;
  },
  'console, a group': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/groups');
    await page.getByTestId('name-input').fill(`Front desk ${person.email.slice(4, 16)}`);
    await page.getByTestId('make-group-button').click();
    await page.getByTestId('give-group-role-button').click();
    await expect(page.getByTestId('group-roles')).toContainText(words('group-role-take-button'));
    await page.getByTestId('email-input').fill(person.email);
    await page.getByTestId('join-group-button').click();
    await expect(page.getByTestId('form-error').filter({ hasText: words('refusal-own-rights') })).toBeVisible();
    return page;
  },
  'console, a new role': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/roles/new');
    await expect(page.getByTestId('review-button')).toBeVisible();
    return page;
  },
  'console, what a new role will do': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/roles/new');
    await page.getByTestId('name-input').fill('Night shift');
    await page.locator('#may-users-read').check();
    await page.locator('#may-sessions-end').check();
    await page.getByTestId('review-button').click();
    await expect(page.getByTestId('save-role-button')).toBeVisible();
    return page;
  },
  'console, a role of the house': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto(`/admin/roles/new?review=1&name=Night+${person.email.slice(4, 16)}&permissions[]=users:read`);
    await page.getByTestId('save-role-button').click();
    await expect(page.getByTestId('roles')).toBeVisible();
    await page.getByRole('link', { name: `Night ${person.email.slice(4, 16)}` }).click();
    await expect(page.getByTestId('remove-role-button')).toBeVisible();
    return page;
  },
};
