import { expect, type Page } from '@playwright/test';
import { ready } from './page.ts';
import { Person } from './person.ts';
import type { States } from './states.ts';
import { words } from './words.ts';

/** The name of a claim that nobody else makes. */
export const claimOf = (person: Person, what: string): string => `${what}_${person.email.split('@')[0].slice(-12)}`;

/** Defines a claim: ends on the list of all of them. */
export async function defineClaim(page: Page, name: string, kind: string): Promise<void> {
  await page.goto('/admin/claims');
  await ready(page);
  await page.getByTestId('name-input').fill(name);
  await page.getByTestId('kind-input').selectOption(kind);
  await page.getByTestId('description-input').fill('The sites that somebody works at, as the buildings are called.');
  await page.getByTestId('make-claim-button').click();
  await expect(page.getByText(words('claims-done-made'))).toBeVisible();
}

/** The pages about claims, and the one that signs everybody out. */
export const claimsStates: States = {
  'console, everybody is signed out, with a mistake': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/users/everybody');
    await ready(page);
    await page.getByTestId('confirmation-input').fill('something else');
    await page.getByTestId('everybody-button').click();
    await expect(page.getByText(words('refusal-name-differs')).first()).toBeVisible();
    return page;
  },
  'console, claims, with a mistake': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await defineClaim(page, claimOf(person, 'sites'), 'list');
    await page.goto('/admin/claims');
    await ready(page);
    await page.getByTestId('name-input').fill('sub');
    await page.getByTestId('make-claim-button').click();
    await expect(page.getByText(words('refusal-claim-reserved')).first()).toBeVisible();
    return page;
  },
  'console, a claim': async ({ page, person, house }) => {
    await person.joinStaff(house);
    const name = claimOf(person, 'plan');
    await defineClaim(page, name, 'text');
    await page.getByRole('link', { name }).click();
    await expect(page.getByTestId('remove-claim-button')).toBeVisible();
    return page;
  },
  "console, a person's claims": async ({ page, person, house }) => {
    await person.joinStaff(house);
    const name = claimOf(person, 'where');
    await defineClaim(page, name, 'list');
    const other = new Person(page, person.inbox);
    await other.joinElsewhere();
    const path = `${other.inConsole}/claims?claim=${name}`;
    await page.goto(path);
    await ready(page);
    await page.getByTestId('value-input').fill('Oslo, Karl Johans gate\nRome');
    await page.getByTestId('set-claim-button').click();
    await expect(page.getByText(words('claims-done-set'))).toBeVisible();
    await page.goto(path);
    await expect(page.getByTestId('set-claim-button')).toBeVisible();
    return page;
  },
};
