import { type Page, expect, test } from '@playwright/test';
import { hasScript, ready } from './page.ts';
import { PasskeyDevice } from './passkeys.ts';
import type { Person } from './person.ts';
import type { States } from './states.ts';
import { words } from './words.ts';

/** An account with a passkey, on a device that nobody touches from then on. */
async function withPasskey(page: Page, person: Person): Promise<void> {
  test.skip(!hasScript(), 'a passkey is made by script');
  const device = await PasskeyDevice.at(page);
  await person.join();
  await person.addPasskey();
  await expect(page.getByTestId('recovery-codes')).toBeVisible();
  await device.touch(false);
}

/** The states of a second step that is asked for, and of a telephone. */
export const factorStates: States = {
  'who it is, once more, by the password': async ({ page, person }) => {
    await person.join();
    await page.goto('/confirm?next=/account/email');
    await ready(page);
    await expect(page.getByTestId('password-input')).toBeVisible();
    return page;
  },
  'who it is, once more, by a code': async ({ page, person }) => {
    await person.join();
    await person.addApp();
    await page.goto('/confirm?next=/account/email');
    await ready(page);
    await expect(page.getByTestId('code-input')).toBeVisible();
    return page;
  },
  'who it is, once more, by a passkey': async ({ page, person }) => {
    await withPasskey(page, person);
    await page.goto('/confirm?next=/account/email');
    await ready(page);
    await expect(page.getByTestId('passkey-button')).toBeVisible();
    return page;
  },
  'one more step, by a passkey': async ({ page, person }) => {
    await withPasskey(page, person);
    await person.signOut();
    await person.reachChallenge();
    await expect(page.getByTestId('passkey-button')).toBeVisible();
    return page;
  },
  'security, with a passkey': async ({ page, person }) => {
    await withPasskey(page, person);
    await page.goto('/account/security');
    await expect(page.getByTestId('passkey')).toHaveCount(1);
    for (const summary of await page.locator('main summary').all()) await summary.click();
    return page;
  },
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

/** The states of a server where everybody needs a second factor at once. */
export const factorOwedStates: States = {
  'adding an app before anything else': async ({ page, person }) => {
    await person.signUp();
    await person.typeCode(await person.codeInMail());
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('challenge-enrol-title'));
    await ready(page);
    return page;
  },
};

/** The states of a server where nobody may sign up. */
export const closedStates: States = {
  'sign-up, closed': async ({ page }) => {
    await page.goto('/sign-up');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('sign-up-closed-title'));
    return page;
  },
};
