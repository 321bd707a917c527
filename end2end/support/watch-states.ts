import { expect } from '@playwright/test';
import type { House } from './house.ts';
import type { Person } from './person.ts';
import type { States } from './states.ts';

/** Makes the person the first administrator of a new server, with an authenticator app. */
export async function takeOver(person: Person, house: House): Promise<void> {
  await person.setUp(house);
  await person.addApp();
}

/** The pages of the console that watch over the house. */
export const watchStates: States = {
  'the dashboard': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin');
    await expect(page.getByTestId('chart-sign-ins')).toBeVisible();
    return page;
  },
  'the dashboard over 30 days, with its numbers unfolded': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin?period=30d');
    for (const summary of await page.locator('main summary').all()) await summary.click();
    return page;
  },
  'messages that were sent': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/messages');
    await expect(page.getByTestId('messages')).toBeVisible();
    return page;
  },
  'messages, none like that': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/messages?to=nobody@example.com&state=failed');
    await expect(page.getByTestId('no-messages')).toBeVisible();
    return page;
  },
  jobs: async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/jobs');
    await expect(page.getByTestId('recurring')).toBeVisible();
    return page;
  },
  'health, with all of it unfolded': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/health');
    for (const summary of await page.locator('main summary').all()) await summary.click();
    await expect(page.getByTestId('check-database')).toBeVisible();
    return page;
  },
};
