import { expect } from '@playwright/test';
import { ready } from './page.ts';
import type { States } from './states.ts';
import { words } from './words.ts';

/** The states of a second step that is asked for, and of a telephone. */
export const factorStates: States = {
  'adding a telephone': async ({ page, person }) => {
    await person.join();
    await page.goto('/account/security/phone');
    await ready(page);
    return page;
  },
  'adding a telephone, after a wrong number': async ({ page, person }) => {
    await person.join();
    await page.goto('/account/security/phone');
    await ready(page);
    await page.getByTestId('phone-input').fill('12');
    await page.getByTestId('add-phone-button').click();
    await expect(page.getByTestId('phone-error')).toBeVisible();
    return page;
  },
  'adding a telephone, its code': async ({ page, person }) => {
    await person.join();
    await person.beginPhone();
    return page;
  },
  'security, with a telephone': async ({ page, person }) => {
    await person.join();
    await person.addPhone();
    await page.goto('/account/security');
    await expect(page.getByTestId('remove-phone-button')).toBeVisible();
    return page;
  },
  'one more step, by text message': async ({ page, person }) => {
    await person.join();
    await person.addPhone();
    await person.signOut();
    await person.reachChallenge();
    await expect(page.getByTestId('send-code-button')).toBeVisible();
    return page;
  },
  'one more step, with a text message on its way': async ({ page, person }) => {
    await person.join();
    await person.addPhone();
    await person.signOut();
    await person.reachChallenge();
    await page.getByTestId('send-code-button').click();
    await expect(page.getByTestId('code-input')).toBeVisible();
    return page;
  },
  'one more step': async ({ page, person }) => {
    await person.join();
    await person.addApp();
    await person.signOut();
    await person.reachChallenge();
    return page;
  },
  'one more step, after a wrong code': async ({ page, person }) => {
    await person.join();
    const app = await person.addApp();
    await person.signOut();
    await person.reachChallenge();
    await page.getByTestId('code-input').fill(app.wrong());
    await page.getByTestId('challenge-button').click();
    await expect(page.getByTestId('code-error')).toBeVisible();
    return page;
  },
  'one more step, with a recovery code': async ({ page, person }) => {
    await person.join();
    await person.addApp();
    await person.signOut();
    await person.reachChallenge();
    await page.getByTestId('way-recovery').click();
    await expect(page.getByTestId('challenge-text')).toHaveText(words('factor-recovery-text'));
    return page;
  },
  'one more step, by mail': async ({ page, person }) => {
    await person.join();
    await page.goto('/account/security');
    await page.getByTestId('add-mail-codes-button').click();
    await expect(page.getByTestId('recovery-codes')).toBeVisible();
    await person.signOut();
    await person.reachChallenge();
    await expect(page.getByTestId('code-input')).toBeVisible();
    return page;
  },
};

/** The states of a server where a passkey lets in and nothing else does. */
export const passkeyOnlyStates: States = {
  'sign-up': async ({ page }) => {
    await page.goto('/sign-up');
    await ready(page);
    await expect(page.getByTestId('passkey-only')).toBeVisible();
    return page;
  },
  'making a passkey before anything else': async ({ page, person }) => {
    await person.signUp();
    await person.typeCode(await person.codeInMail());
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('challenge-passkey-title'));
    return page;
  },
};
