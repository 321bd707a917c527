import { expect, type Page } from '@playwright/test';
import type { House } from './house.ts';
import { ready } from './page.ts';
import type { Person } from './person.ts';
import type { States } from './states.ts';
import { takeOver } from './watch-states.ts';

/** The first administrator of a new house, with an authenticator app, at the settings. */
export async function openSettings(person: Person, house: House): Promise<void> {
  const { page } = person;
  await takeOver(person, house);
  await page.goto('/admin/settings');
  await ready(page);
}

/** Uploads what is on the screen, so much of it. */
export async function uploadLogo(page: Page, width: number, height: number): Promise<void> {
  const buffer = await page.screenshot({ clip: { x: 0, y: 0, width, height }, scale: 'css' });
  await page.getByTestId('logo-input').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer });
  await page.getByTestId('upload-logo-button').click();
  await ready(page);
}

/** The settings of a new house. */
export const settingsStates: States = {
  settings: async ({ page, person, house }) => {
    await openSettings(person, house);
    return page;
  },
  'settings, with mistakes': async ({ page, person, house }) => {
    await openSettings(person, house);
    await page.getByTestId('product-name-input').fill('');
    await page.getByTestId('accent-color-input').fill('#ffd400');
    await page.getByTestId('save-branding-button').click();
    await expect(page.getByTestId('accent-color-error')).toBeVisible();
    return page;
  },
  'settings, with a logo': async ({ page, person, house }) => {
    await openSettings(person, house);
    await uploadLogo(page, 240, 64);
    await expect(page.getByTestId('logo-now')).toBeVisible();
    return page;
  },
  'settings, before a change is saved': async ({ page, person, house }) => {
    await openSettings(person, house);
    await page.getByTestId('second-factor-input').selectOption('passkey_only');
    await page.getByTestId('save-sign-in-button').click();
    await expect(page.getByTestId('settings-reach')).toBeVisible();
    return page;
  },
};
