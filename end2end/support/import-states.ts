import { expect, type Page } from '@playwright/test';
import { ready } from './page.ts';
import type { States } from './states.ts';

/** A hash of `Mật khẩu cũ 2019!` by bcrypt. */
export const BCRYPT = '$2b$04$QY/E.t1UzLeQ01snBNlTF.X5lQBLPKwDPbVAeWzN4k0EO7WlBkaAq';
export const OLD_PASSWORD = 'Mật khẩu cũ 2019!';

/** Chooses a file with this content, and sends it. */
export async function bring(page: Page, content: string): Promise<void> {
  await page.goto('/admin/import');
  await ready(page);
  await page.getByTestId('proven-input').check();
  await page.getByTestId('file-input').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(content) });
  await page.getByTestId('upload-button').click();
}

/** So many people of whom nobody else has heard, and three rows that can't be. `mark` keeps their addresses apart. */
export function file(mark: string, people: number): string {
  const rows = Array.from({ length: people }, (_, n) => `kim${n}.${mark},Kim ${n},${BCRYPT},44`);
  const wrong = [`kim0.${mark},Kim once more,,44`, 'kim.example.com,No address,,44', `hal.${mark},Hal,{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=,44`];
  return ['email,name,password_hash,shoe size', ...rows, ...wrong, ''].join('\n');
}

/** What brings people in from a file. */
export const importStates: States = {
  'console, importing': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/import');
    await ready(page);
    return page;
  },
  'console, importing, with a mistake': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await bring(page, 'name\nAda\n');
    await expect(page.getByTestId('form-error')).toBeVisible();
    return page;
  },
  'console, an import that was tried': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await bring(page, file(person.email, 3));
    await expect(page.getByTestId('begin-button')).toBeVisible();
    return page;
  },
  'console, an import that is done': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await bring(page, file(person.email, 3));
    await page.getByTestId('begin-button').click();
    await expect(async () => {
      await page.reload();
      await expect(page.getByTestId('import-over')).toBeVisible({ timeout: 500 });
    }).toPass();
    await page.getByTestId('rows-skipped').click();
    await expect(page.getByTestId('import-row')).toHaveCount(1);
    return page;
  },
};
