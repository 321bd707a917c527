import { expect, test } from '../support/fixtures.ts';
import { ready } from '../support/page.ts';
import { PasskeyDevice } from '../support/passkeys.ts';
import { words } from '../support/words.ts';

const fresh = 'three owls beside a yellow ladder';

test.describe('The slow way back', () => {
  test('who lost everything asks, waits, and sets a new password', async ({ person, page, house }) => {
    await person.join();
    await person.addApp();
    await person.signOut();
    await person.reachChallenge();
    await page.getByTestId('recover-link').click();
    await ready(page);
    // The page says what will happen and when; the address is known here.
    await expect(page.getByTestId('recover-when').locator('time')).toBeVisible();
    await expect(page.getByTestId('email-input')).toHaveValue(person.email);
    await page.getByTestId('recover-button').click();
    await expect(page.getByTestId('check-mail')).toContainText(person.email);
    await person.recoveryLinkInMail('mail-recovery-asked-subject', '/recover/cancel');

    // Three days are too long for a test: the operator knows this person.
    await house.operator('user', 'recover', person.email, '--reason', 'showed a passport at the desk');
    await page.goto(await person.recoveryLinkInMail('mail-recovery-ready-subject', '/recover/finish'));
    await ready(page);
    await page.getByTestId('password-input').fill(fresh);
    await page.getByTestId('recover-finish-button').click();
    await expect(page.getByTestId('notice')).toHaveText(words('sign-in-notice-recovered'));
    expect(await person.sessionCookie()).toBeUndefined();

    // The app is gone, and nothing more is asked.
    await person.trySignIn({ password: fresh });
    await person.expectSignedIn();
  });

  test('it may end in a passkey in place of a password @script', async ({ person, page, house }) => {
    await person.join();
    await person.signOut();
    await person.askForRecovery();
    await person.recoveryLinkInMail('mail-recovery-asked-subject', '/recover/cancel');
    await house.operator('user', 'recover', person.email, '--reason', 'a call');
    const device = await PasskeyDevice.at(page);
    await page.goto(await person.recoveryLinkInMail('mail-recovery-ready-subject', '/recover/finish'));
    await ready(page);
    // Else the field that waits on the next page is answered at once.
    device.touchOnlyOnce();
    await page.getByTestId('passkey-button').click();
    await expect(page.getByTestId('notice')).toHaveText(words('sign-in-notice-recovered-passkey'));
    expect(await device.count()).toBe(1);
    await ready(page);
    await device.signIn();
    await person.expectSignedIn();
    await page.goto('/account/security');
    await expect(page.getByTestId('no-password')).toBeVisible();
  });

  test('a sign-in stops it, and says so', async ({ person, page }) => {
    await person.join();
    await person.signOut();
    await page.goto('/sign-in');
    await page.getByTestId('recover-link').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('recover-heading'));
    await person.askForRecovery();
    const stop = await person.recoveryLinkInMail('mail-recovery-asked-subject', '/recover/cancel');
    await person.trySignIn();
    await expect(page.getByTestId('notice')).toHaveText(words('recover-stopped-here'));
    await page.goto(stop);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('recover-over-title'));
  });

  test('the link in the message stops it, from anywhere', async ({ person, anotherBrowser }) => {
    await person.join();
    await person.askForRecovery();
    const stop = await person.recoveryLinkInMail('mail-recovery-asked-subject', '/recover/cancel');
    const anywhere = await anotherBrowser();
    await anywhere.goto(stop);
    await ready(anywhere);
    await anywhere.getByTestId('recover-cancel-button').click();
    await expect(anywhere.getByRole('heading', { level: 1 })).toHaveText(words('recover-cancelled-title'));
    await person.inbox.latest(person.email, words('mail-recovery-cancelled-subject'));
  });
});
