import { expect, test } from '../support/fixtures.ts';
import { expectRefused, ready } from '../support/page.ts';
import { words } from '../support/words.ts';

test.describe('Profile', () => {
  test('name and time zone show on every page once they are saved', async ({ person, page }) => {
    await person.join();
    await page.goto('/account');
    await page.getByRole('link', { name: words('account-nav-profile') }).click();
    await ready(page);
    await page.getByTestId('name-input').fill('Augusta King');
    await page.getByTestId('time-zone-input').selectOption('Asia/Ho_Chi_Minh');
    await page.getByTestId('save-profile-button').click();
    await expect(page.getByTestId('notice')).toHaveText(words('profile-done'));
    await expect(page.getByTestId('name-input')).toHaveValue('Augusta King');
    await expect(page.getByTestId('time-zone-input')).toHaveValue('Asia/Ho_Chi_Minh');
    await page.getByTestId('close-toast').click();
    await expect(page.getByTestId('notice')).toHaveCount(0);
    await expect(page.getByTestId('name-input')).toHaveValue('Augusta King');

    await page.goto('/account');
    await expect(page.getByTestId('account-name')).toHaveText('Augusta King');
    for (const time of await page.locator('main time').all()) await expect(time).toContainText('UTC+07:00');
  });

  test('a name that is refused is told under its field, and what was chosen stays', async ({ person, page }) => {
    await person.join();
    await page.goto('/account/profile');
    await ready(page);
    await page.getByTestId('name-input').fill('***');
    await page.getByTestId('time-zone-input').selectOption('Europe/Paris');
    await page.getByTestId('save-profile-button').click();
    await expectRefused(page, 'name', words('refusal-name-invalid'));
    await expect(page.getByTestId('time-zone-input')).toHaveValue('Europe/Paris');
  });
});

test.describe('Another address', () => {
  test('it is confirmed by a link, and from then on the one to sign in with', async ({ person, page, anotherBrowser }) => {
    const email = `new.${person.email}`;
    await person.join();
    await person.askForAddress(email);
    await expect(page.getByTestId('email-waiting')).toContainText(email);
    await expect(page.getByTestId('profile-email')).toHaveText(person.email);

    const phone = await anotherBrowser();
    await phone.goto(await person.addressLinkInMail(email));
    await ready(phone);
    await phone.getByTestId('confirm-email-button').click();
    await expect(phone.getByRole('heading', { level: 1 })).toHaveText(words('confirm-email-done-title'));

    await page.goto('/account');
    await expect(page.getByTestId('account-email')).toHaveText(email);
    await person.signOut();
    await person.trySignIn();
    await expect(page.getByTestId('form-error')).toContainText("That email and password don't match.");
    await person.trySignIn({ email });
    await expect(page.getByTestId('account-email')).toHaveText(email);
  });

  test('it is undone from the old one, which ends every session and asks for a new password', async ({
    person,
    page,
    anotherBrowser,
  }) => {
    await person.join();
    const back = await person.moveTo(`new.${person.email}`);
    const owner = await anotherBrowser();
    await owner.goto(back);
    await ready(owner);
    await owner.getByTestId('undo-email-button').click();
    await expect(owner.getByRole('heading', { level: 1 })).toHaveText(words('undo-email-done-title'));
    await page.goto('/account');
    await expect(page).toHaveURL(/\/sign-in/);

    const mail = await person.inbox.latest(person.email, words('mail-email-undone-subject'));
    await owner.goto(mail.links.find((link) => link.includes('/reset-password?token='))!);
    await ready(owner);
    await owner.getByTestId('password-input').fill('three owls beside a yellow ladder');
    await owner.getByTestId('reset-password-button').click();
    await expect(owner.getByText(words('sign-in-notice-reset'))).toBeVisible();
    await person.at(owner).trySignIn({ password: 'three owls beside a yellow ladder' });
    await expect(owner.getByTestId('account-email')).toHaveText(person.email);
  });

  test('the address that one has is refused', async ({ person, page }) => {
    await person.join();
    await page.goto('/account/email');
    await ready(page);
    await page.getByTestId('email-input').fill(person.email);
    await page.getByTestId('change-email-button').click();
    await expectRefused(page, 'email', words('refusal-email-same'));
  });
});

test.describe('A pause', () => {
  test('an account is closed for now, and opened by signing in', async ({ person, page }) => {
    await person.join();
    await page.goto('/account/profile');
    await page.getByTestId('close-account-link').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('close-title'));
    await ready(page);
    await page.getByTestId('close-account-button').click();
    await expect(page.getByText(words('sign-in-notice-closed'))).toBeVisible();
    expect(await person.sessionCookie()).toBeUndefined();
    await person.trySignIn();
    await expect(page.getByTestId('notice')).toContainText('it is open again');
    await person.expectSignedIn();
  });
});
