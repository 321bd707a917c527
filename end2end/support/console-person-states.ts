import { expect } from '@playwright/test';
import { ready } from './page.ts';
import { Person } from './person.ts';
import type { States } from './states.ts';

/** Somebody else, who came from elsewhere; their page in the console. */
async function somebody(person: Person): Promise<string> {
  const other = new Person(person.page, person.inbox, { email: `k.${person.email}` });
  await other.joinElsewhere();
  return other.inConsole;
}

/** The pages about one person in the console. */
export const consolePersonStates: States = {
  'console, a person': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto(await somebody(person));
    await expect(page.getByTestId('end-sessions-button')).toBeVisible();
    return page;
  },
  'console, a person, oneself': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto(person.inConsole);
    await expect(page.getByTestId('why-not')).toBeVisible();
    return page;
  },
  'console, a person who is locked and leaves, with a note': async ({ page, person, house }) => {
    await person.joinStaff(house);
    const path = await somebody(person);
    await page.goto(path);
    await ready(page);
    await page.getByTestId('note-input').fill('Called on Monday.\nWants to leave.');
    await page.getByTestId('add-note-button').click();
    await expect(page.getByTestId('note')).toBeVisible();
    await page.getByTestId('demand-button').click();
    await expect(page.getByTestId('due-note')).toBeVisible();
    await page.goto(`${path}/lock`);
    await ready(page);
    await page.getByTestId('reason-input').fill('The laptop was stolen.');
    await page.getByTestId('lock-button').click();
    await expect(page.getByTestId('locked-note')).toBeVisible();
    await page.goto(`${path}/delete`);
    await ready(page);
    await page.getByTestId('email-input').fill(`k.${person.email}`);
    await page.getByTestId('reason-input').fill('Left the company.');
    await page.getByTestId('delete-button').click();
    await expect(page.getByTestId('leaving-note')).toBeVisible();
    return page;
  },
  'console, locking a person, with a mistake': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto(`${await somebody(person)}/lock`);
    await ready(page);
    await page.getByTestId('lock-button').click();
    await expect(page.getByTestId('reason-error')).toBeVisible();
    return page;
  },
  'console, deleting a person': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto(`${await somebody(person)}/delete`);
    await ready(page);
    return page;
  },
  'console, taking a factor away': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto(`${await somebody(person)}/factor?what=totp`);
    await ready(page);
    return page;
  },
  'console, editing a person': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto(`${await somebody(person)}/edit`);
    await ready(page);
    return page;
  },
  'console, roles of a person': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto(`${await somebody(person)}/roles`);
    await page.getByTestId('give-role-button').first().click();
    await expect(page.getByTestId('person-roles').getByRole('listitem')).toHaveCount(1);
    await page.getByTestId('roles-link').click();
    await expect(page.getByTestId('take-role-button')).toBeVisible();
    return page;
  },
  'console, a new account': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/users/new');
    await ready(page);
    return page;
  },
  'console, an account whose holder has not come': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/users/new');
    await ready(page);
    await page.getByTestId('name-input').fill('Kim Lee');
    await page.getByTestId('email-input').fill(`n.${person.email}`);
    await page.getByTestId('create-button').click();
    await expect(page.getByTestId('unproven-note')).toBeVisible();
    return page;
  },
};
