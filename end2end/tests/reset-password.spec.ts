import { type Page, expect, test } from '../support/fixtures.ts';
import { expectRefused, ready } from '../support/page.ts';
import type { Person } from '../support/person.ts';
import { words } from '../support/words.ts';

const fresh = 'three owls beside a yellow ladder';

async function choose(person: Person, password: string) {
  await ready(person.page);
  await person.page.getByTestId('password-input').fill(password);
  await person.page.getByTestId('reset-password-button').click();
}

test.describe('Forgotten password', () => {
  test('the link in the mail lets a person choose another, and ends every session', async ({
    person,
    page,
    anotherBrowser,
    inbox,
  }) => {
    await person.join();
    const elsewhere = person.at(await anotherBrowser());
    await elsewhere.signIn();
    await person.signOut();

    await page.goto('/sign-in');
    await page.getByRole('link', { name: words('sign-in-forgot-label') }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('forgot-heading'));
    await person.askForReset();
    await page.goto(await person.resetLinkInMail());
    await expect(page.locator('main')).toContainText(person.email);
    await choose(person, fresh);

    // Nobody is let in by a link alone.
    await expect(page.getByText(words('sign-in-notice-reset'))).toBeVisible();
    expect(await person.sessionCookie()).toBeUndefined();
    await elsewhere.page.goto('/account');
    await expect(elsewhere.page).toHaveURL(/\/sign-in/);

    await person.trySignIn();
    await expect(page.getByTestId('form-error')).toContainText("That email and password don't match.");
    await person.trySignIn({ password: fresh });
    await person.expectSignedIn();
    const mail = await inbox.latest(person.email, words('mail-notice-password-reset-subject'));
    expect(mail.text).toContain(words('mail-notice-password-reset-text'));
  });

  test('an address without an account gets the very same page, and no mail', async ({
    person,
    anotherBrowser,
    inbox,
  }) => {
    await person.join();
    const [known, unknown] = [person.at(await anotherBrowser()), person.at(await anotherBrowser())];
    const nobody = `nobody.${person.email}`;
    await unknown.page.goto('/forgot-password');
    await ready(unknown.page);
    await unknown.page.getByTestId('email-input').fill(nobody);
    await unknown.page.getByTestId('forgot-password-button').click();
    await expect(unknown.page.getByRole('heading', { level: 1 })).toHaveText(words('forgot-sent-title'));
    await known.askForReset();
    expect(unknown.page.url()).toBe(known.page.url());
    // Each page names the address that was typed in its browser, and is the same but for that.
    const said = async (page: Page, email: string) =>
      (await page.locator('body').innerText()).replaceAll(email, 'the address');
    expect(await said(unknown.page, nobody)).toBe(await said(known.page, person.email));
    // The known one asked later: when its mail is there, the other would be.
    await known.resetLinkInMail();
    expect(await inbox.all(nobody)).toEqual([]);
  });

  test('a weak password is refused, and the link still works', async ({ person, page }) => {
    await person.join();
    await person.signOut();
    await person.askForReset();
    await page.goto(await person.resetLinkInMail());
    await choose(person, 'passwordpassword');
    await expectRefused(page, 'password', words('refusal-password-common'));
    await expect(page.getByTestId('password-input')).toBeFocused();
    await choose(person, fresh);
    await expect(page.getByText(words('sign-in-notice-reset'))).toBeVisible();
  });

  test('a link that did its work says so and leads to sign-in', async ({ person, page }) => {
    await person.join();
    await person.signOut();
    await person.askForReset();
    const link = await person.resetLinkInMail();
    await page.goto(link);
    await choose(person, fresh);
    await expect(page.getByText(words('sign-in-notice-reset'))).toBeVisible();

    await page.goto(link);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('reset-used-title'));
    await expect(page.getByTestId('reset-password-button')).toHaveCount(0);
    await page
      .locator('main')
      .getByRole('link', { name: words('reset-sign-in') })
      .click();
    await expect(page.getByTestId('sign-in-button')).toBeVisible();
  });

  test('of two links only the newer one works', async ({ person, page }) => {
    await person.join();
    await person.signOut();
    await person.askForReset();
    const old = await person.resetLinkInMail();
    await person.askForReset();
    const link = await person.resetLinkInMail(2);
    await page.goto(old);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('reset-invalid-title'));
    await page.goto(link);
    await choose(person, fresh);
    await expect(page.getByText(words('sign-in-notice-reset'))).toBeVisible();
  });

  test('what can be no address is told under its field', async ({ page }) => {
    await page.goto('/forgot-password');
    await ready(page);
    await page.getByTestId('email-input').fill('ada@example');
    await page.getByTestId('forgot-password-button').click();
    await expectRefused(page, 'email', words('refusal-email-invalid'));
    await expect(page.getByTestId('email-input')).toBeFocused();
    await expect(page.getByTestId('email-input')).toHaveValue('ada@example');
  });
});
