import { expect } from '@playwright/test';
import { ready } from './page.ts';
import type { States } from './states.ts';

/** The pages of the audit. */
export const auditStates: States = {
  'audit, the newest': async (world) => {
    await world.person.joinStaff(world.house);
    await world.page.goto('/admin/audit');
    await expect(world.page.getByTestId('audit-row').first()).toBeVisible();
    await ready(world.page);
    return world.page;
  },
  'audit, with filters that can not be read': async (world) => {
    await world.person.joinStaff(world.house);
    await world.page.goto('/admin/audit?who=nobody@example.com&address=x&from=soon');
    await expect(world.page.getByTestId('who-error')).toBeVisible();
    return world.page;
  },
  'audit, why something was denied': async (world) => {
    await world.person.joinStaff(world.house);
    const { page, anotherBrowser } = world;
    const other = await anotherBrowser();
    await world.person.at(other).trySignIn({ password: 'not the password at all' });
    await expect(other.getByTestId('form-error')).toBeVisible();
    await page.goto(`/admin/audit?what=refused&whom=${world.person.email}`);
    await page.getByTestId('audit-row').first().getByRole('link').click();
    await expect(page.getByTestId('why')).toBeVisible();
    return page;
  },
  'one event of the audit': async (world) => {
    await world.person.joinStaff(world.house);
    await world.page.goto('/admin/audit?what=role.given');
    await world.page.getByTestId('audit-row').first().getByRole('link').click();
    await expect(world.page.getByTestId('audit-facts')).toBeVisible();
    return world.page;
  },
  'the chain of the audit': async (world) => {
    await world.person.joinStaff(world.house);
    await world.house.operator('audit', 'checkpoint');
    await world.page.goto('/admin/audit/chain');
    await expect(world.page.getByTestId('checkpoints')).toBeVisible();
    return world.page;
  },
  'the chain of the audit, examined': async (world) => {
    await world.person.joinStaff(world.house);
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
