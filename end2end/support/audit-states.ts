import { type Page, expect } from '@playwright/test';
import type { House } from './house.ts';
import { ready } from './page.ts';
import type { Person } from './person.ts';
import type { States } from './states.ts';

/** The first administrator of a house, signed in with both factors. */
export async function administrate({ page, person, house }: { page: Page; person: Person; house: House }): Promise<void> {
  await page.goto(house.setUpLink);
  await ready(page);
  await page.getByTestId('name-input').fill(person.name);
  await page.getByTestId('email-input').fill(person.email);
  await page.getByTestId('password-input').fill(person.password);
  await page.getByTestId('setup-button').click();
  await person.expectSignedIn();
  await person.addApp();
}

/** The pages of the audit. */
export const auditStates: States = {
  audit: async (world) => {
    await administrate(world);
    await world.page.goto('/admin/audit');
    await expect(world.page.getByTestId('audit-row').first()).toBeVisible();
    await ready(world.page);
    return world.page;
  },
  'audit, with filters that can not be read': async (world) => {
    await administrate(world);
    await world.page.goto('/admin/audit?who=nobody@example.com&address=x&from=soon');
    await expect(world.page.getByTestId('who-error')).toBeVisible();
    return world.page;
  },
  'audit, why something was denied': async (world) => {
    await administrate(world);
    const { page, anotherBrowser } = world;
    const other = await anotherBrowser();
    await world.person.at(other).trySignIn({ password: 'not the password at all' });
    await page.goto('/admin/audit?what=refused');
    await page.getByTestId('audit-row').first().getByRole('link').click();
    await expect(page.getByTestId('why')).toBeVisible();
    return page;
  },
  'one event of the audit': async (world) => {
    await administrate(world);
    await world.page.goto('/admin/audit?what=installation.set_up');
    await world.page.getByTestId('audit-row').first().getByRole('link').click();
    await expect(world.page.getByTestId('audit-facts')).toBeVisible();
    return world.page;
  },
  'the chain of the audit': async (world) => {
    await administrate(world);
    await world.house.operator('audit', 'checkpoint');
    await world.page.goto('/admin/audit/chain');
    await expect(world.page.getByTestId('checkpoints')).toBeVisible();
    return world.page;
  },
  'the chain of the audit, examined': async (world) => {
    await administrate(world);
    const { page } = world;
    await page.goto('/admin/audit/chain');
    await ready(page);
    await page.getByTestId('check-audit-button').click();
    await expect(async () => {
      await page.goto('/admin/audit/chain');
      await expect(page.getByTestId('chain-whole')).toBeVisible({ timeout: 1_000 });
    }).toPass();
    return page;
  },
};
