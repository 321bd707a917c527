import { expect, test } from '../support/fixtures.ts';
import { ready } from '../support/page.ts';
import { PasskeyDevice } from '../support/passkeys.ts';
import { words } from '../support/words.ts';

// The ceremony is the browser's, by JavaScript.
test.describe('Passkeys @script', () => {
  test('one is added, and lets in with one click', async ({ person, page }) => {
    const device = await PasskeyDevice.at(page);
    await person.join();
    await person.addPasskey();
    await expect(page.getByTestId('recovery-codes')).toBeVisible();
    expect(await device.count()).toBe(1);
    // Nobody chooses it in the field: the device is not touched yet.
    await device.touch(false);
    await person.signOut();
    await page.goto('/sign-in');
    await ready(page);
    await device.signIn();
    await person.expectSignedIn();
    await page.goto('/account/security');
    await expect(page.getByTestId('passkey')).toHaveCount(1);
    await expect(page.getByTestId('passkey-used')).toContainText(words('passkey-last-used'));
  });

  test('one is chosen in the field of the address, without a click', async ({ person, page }) => {
    const device = await PasskeyDevice.at(page);
    await person.join();
    await person.addPasskey();
    await device.touch(false);
    await person.signOut();
    await device.touch(true);
    await page.goto('/sign-in');
    await person.expectSignedIn();
  });

  test('somebody signs up with one, and has no password', async ({ person, page }) => {
    const device = await PasskeyDevice.at(page);
    await page.goto('/sign-up');
    await ready(page);
    await page.getByTestId('passkey-button').click();
    await expect(page.getByTestId('passkey-error')).toBeVisible();
    await page.getByTestId('name-input').fill(person.name);
    await page.getByTestId('email-input').fill(person.email);
    await page.getByTestId('passkey-button').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('check-mail-title'));
    await device.touch(false);
    await person.typeCode(await person.codeInMail());
    await expect(page.getByTestId('notice')).toHaveText(words('sign-in-notice-ready'));
    await ready(page);
    await device.signIn();
    await person.expectSignedIn();
    await page.goto('/account/security');
    await expect(page.getByTestId('no-password')).toBeVisible();
    await expect(page.getByTestId('remove-passkey-button')).toHaveCount(0);
  });

  test('a security key that verifies nobody is a second step', async ({ person, page }) => {
    const key = await PasskeyDevice.at(page, { verifies: false, keeps: false });
    await person.join();
    await person.addPasskey();
    await page.goto('/account/security');
    await expect(page.getByText(words('passkey-second-only'))).toBeVisible();
    await person.signOut();
    await person.reachChallenge();
    await page.getByTestId('passkey-button').click();
    await person.expectSignedIn();
    expect(await key.count()).toBe(1);
  });

  test('one that is kept elsewhere than on the device, and verifies its holder, is asked for by name after the password', async ({
    person,
    page,
  }) => {
    const device = await PasskeyDevice.at(page, { verifies: true, keeps: false });
    await person.join();
    await person.addPasskey();
    await page.goto('/account/security');
    await expect(page.getByTestId('passkey')).toHaveCount(1);
    await expect(page.getByText(words('passkey-second-only'))).toHaveCount(0);
    await person.signOut();
    await person.reachChallenge();
    await page.getByTestId('passkey-button').click();
    await person.expectSignedIn();
    expect(await device.count()).toBe(1);
  });

  test('a security key that keeps passkeys and verifies nobody lets in nobody alone', async ({ person, page }) => {
    const key = await PasskeyDevice.at(page, { verifies: false, keeps: true });
    await person.join();
    await person.addPasskey();
    await page.goto('/account/security');
    await expect(page.getByText(words('passkey-second-only'))).toBeVisible();
    await key.touch(false);
    await person.signOut();
    await page.goto('/sign-in');
    await ready(page);
    await key.touch(true);
    await page.getByTestId('passkey-button').click();
    // The browser says so, or we do, or the browser goes on waiting for a better one.
    const told = page.getByTestId('passkey-error').or(page.getByTestId('form-error')).filter({ visible: true });
    await told.first().waitFor({ timeout: 5_000 }).catch(() => {});
    expect((await page.request.get('/api/v1/session')).status()).toBe(401);
    await key.touch(false);
    await person.reachChallenge();
    await key.touch(true);
    await page.getByTestId('passkey-button').click();
    await person.expectSignedIn();
    expect(await key.count()).toBe(1);
  });

  test('who is not recognised is told so, and has another way', async ({ person, page }) => {
    const device = await PasskeyDevice.at(page);
    await person.join();
    await person.addPasskey();
    await device.touch(false);
    await person.signOut();
    await page.goto('/sign-in');
    await ready(page);
    await device.recognise(false);
    await device.touch(true);
    await page.getByTestId('passkey-button').click();
    await expect(page.getByTestId('passkey-error')).toHaveText(words('passkey-cancelled'));
    await page.getByTestId('email-input').fill(person.email);
    await page.getByTestId('password-input').fill(person.password);
    await page.getByTestId('sign-in-button').click();
    await expect(page.getByTestId('way-recovery')).toBeVisible();
  });

  test('a device has one passkey for an account', async ({ person, page }) => {
    await PasskeyDevice.at(page);
    await person.join();
    await person.addPasskey();
    await page.goto('/account/security/passkey');
    if (page.url().includes('/confirm')) {
      await ready(page);
      await page.getByTestId('passkey-button').click();
      await expect(page).toHaveURL(/\/account\/security\/passkey/);
    }
    await ready(page);
    await page.getByTestId('passkey-button').click();
    await expect(page.getByTestId('passkey-error')).toHaveText(words('passkey-taken'));
  });

  test('it is renamed and removed', async ({ person, page }) => {
    await PasskeyDevice.at(page);
    await person.join();
    await person.addPasskey();
    await page.goto('/account/security');
    await page.getByTestId('passkey').locator('summary').click();
    await page.getByTestId('label-input').fill('The blue one');
    await page.getByTestId('rename-passkey-button').click();
    await expect(page.getByTestId('passkey-name')).toHaveText('The blue one');
    await page.getByTestId('remove-passkey-button').click();
    // First it is shown who one is, with the passkey that is about to go.
    await ready(page);
    await page.getByTestId('passkey-button').click();
    await page.getByTestId('remove-passkey-button').click();
    await expect(page.getByTestId('notice')).toHaveText(words('passkey-removed-done'));
    await expect(page.getByTestId('passkey')).toHaveCount(0);
  });

  test('it is offered after a password, until it is declined', async ({ person, page }) => {
    await person.join();
    await expect(page.getByTestId('passkey-offer')).toBeVisible();
    await page.getByTestId('decline-passkey-button').click();
    await expect(page.getByTestId('passkey-offer')).toHaveCount(0);
    await page.goto('/account');
    await expect(page.getByTestId('passkey-offer')).toHaveCount(0);
  });
});

test.describe('Passkeys @no-script', () => {
  test('the pages say what is needed, and the other ways are there', async ({ page }) => {
    await page.goto('/sign-in');
    await expect(page.getByTestId('passkey-no-script')).toHaveText(words('passkey-no-script-short'));
    await expect(page.getByTestId('passkey-button')).toBeHidden();
    await page.goto('/sign-up');
    await expect(page.getByTestId('passkey-no-script')).toBeVisible();
  });
});
