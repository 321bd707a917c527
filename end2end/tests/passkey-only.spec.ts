import { expect, test } from '../support/fixtures.ts';
import { ready } from '../support/page.ts';
import { PasskeyDevice } from '../support/passkeys.ts';
import { words } from '../support/words.ts';

// A passkey is the only way in.
test.use({ ownHouse: { LATCHSTRING_SECOND_FACTOR: 'passkey_only' } });

test.describe('A passkey as the only way in', () => {
  test('who chose a password makes one before anything else, and comes back with it @script', async ({ person, page }) => {
    const device = await PasskeyDevice.at(page);
    await page.goto('/sign-up');
    await expect(page.getByTestId('passkey-only')).toHaveText(words('sign-up-passkey-only'));
    await ready(page);
    await person.signUp();
    await person.typeCode(await person.codeInMail());
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('challenge-passkey-title'));
    expect(await person.sessionCookie(), 'the session cookie').toBeUndefined();
    await page.goto('/sign-in/challenge');
    await ready(page);
    await page.getByTestId('passkey-button').click();
    await expect(page.getByTestId('recovery-codes')).toBeVisible();
    expect(await device.count()).toBe(1);
    await device.touch(false);
    await person.signOut();
    await page.goto('/sign-in');
    await ready(page);
    await device.signIn();
    await person.expectSignedIn();
    await page.goto('/account/security');
    await expect(page.getByTestId('remove-passkey-button')).toHaveCount(0);
    await expect(page.getByTestId('add-authenticator-button')).toHaveCount(0);
  });

  test('without JavaScript the page says what is needed, and leads elsewhere @no-script', async ({ person, page }) => {
    await person.signUp();
    await person.typeCode(await person.codeInMail());
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('challenge-passkey-title'));
    await expect(page.getByTestId('passkey-no-script')).toBeVisible();
    await expect(page.getByTestId('passkey-button')).toBeHidden();
    await expect(page.getByText(words('challenge-passkey-elsewhere'))).toBeVisible();
    await page.getByTestId('recover-link').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('recover-heading'));
    await expect(page.getByTestId('email-input')).toHaveValue(person.email);
  });
});
