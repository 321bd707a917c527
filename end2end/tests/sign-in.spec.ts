import { expect, test } from '../support/fixtures.ts';
import { expectRefused } from '../support/page.ts';
import { words } from '../support/words.ts';

const day = 24 * 60 * 60;

test.describe('Sign-in', () => {
  test('the right password leads to the account', async ({ person, page }) => {
    await person.join();
    await person.signOut();
    await person.signIn();
    await expect(page).toHaveTitle(`${words('account-title')} · Latchstring`);
  });

  test('capitals and spaces around the address do not matter', async ({ person }) => {
    await person.join();
    await person.signOut();
    await person.trySignIn({ email: person.email.toUpperCase() });
    await person.expectSignedIn();
  });

  test('a wrong password is told above the form, and what was typed stays', async ({ person, page, script }) => {
    await person.join();
    await person.signOut();
    await person.trySignIn({ password: 'not the password at all', remember: true });
    const error = page.getByTestId('form-error');
    await expect(error).toBeVisible();
    await expect(error).toContainText("That email and password don't match.");
    await expect(error).toBeFocused();
    await expect(page).toHaveURL(/\/sign-in(\?|$)/);
    await expect(page.getByTestId('email-input')).toHaveValue(person.email);
    // A password never comes back from the server; with script, it has not left the page.
    await expect(page.getByTestId('password-input')).toHaveValue(script ? 'not the password at all' : '');
    await expect(page.getByRole('checkbox', { name: words('sign-in-remember') })).toBeChecked();
    expect(await person.sessionCookie()).toBeUndefined();

    await page.getByTestId('password-input').fill(person.password);
    await page.getByTestId('sign-in-button').click();
    await person.expectSignedIn();
  });

  test('an unknown address gets the very same answer as a wrong password', async ({ person, anotherBrowser }) => {
    await person.join();
    const [known, unknown] = [person.at(await anotherBrowser()), person.at(await anotherBrowser())];
    const stranger = `x${person.email}`;
    await known.trySignIn({ password: 'not the password at all' });
    await unknown.trySignIn({ email: stranger, password: 'not the password at all' });
    for (const { page } of [known, unknown]) await expect(page.getByTestId('form-error')).toBeVisible();
    expect(await known.page.locator('body').innerText()).toBe(await unknown.page.locator('body').innerText());
    expect(known.page.url()).toBe(unknown.page.url());
    await expect(unknown.page.getByTestId('email-input')).toHaveValue(stranger);
  });

  test('what can be no address is told under its field', async ({ person, page }) => {
    await person.trySignIn({ email: 'ada@example' });
    await expectRefused(page, 'email', words('refusal-email-invalid'));
    await expect(page.getByTestId('email-input')).toBeFocused();
    await expect(page.getByTestId('email-input')).toHaveValue('ada@example');
  });

  test('a box that was left empty is still empty after a refusal', async ({ person, page }) => {
    await person.trySignIn({ remember: false });
    await expect(page.getByTestId('form-error')).toBeVisible();
    await expect(page.getByRole('checkbox', { name: words('sign-in-remember') })).not.toBeChecked();
  });

  test('"keep me signed in" makes a cookie that outlives the browser', async ({ person }) => {
    await person.join();
    await person.signOut();
    await person.signIn({ remember: true });
    const cookie = (await person.sessionCookie())!;
    const life = cookie.expires - Date.now() / 1000;
    expect(life).toBeGreaterThan(6 * day);
    expect(life).toBeLessThan(30 * day + 60);
    expect(cookie).toMatchObject({ httpOnly: true, path: '/', sameSite: 'Lax', domain: 'localhost' });
  });

  test('without it, the cookie goes with the browser', async ({ person }) => {
    await person.join();
    await person.signOut();
    await person.signIn({ remember: false });
    const cookie = (await person.sessionCookie())!;
    expect(cookie.expires).toBe(-1);
    expect(cookie).toMatchObject({ httpOnly: true, path: '/', sameSite: 'Lax', domain: 'localhost' });
  });

  test('every sign-in makes a new session token', async ({ person }) => {
    await person.join();
    const first = (await person.sessionCookie())!.value;
    await person.signOut();
    await person.signIn();
    const second = (await person.sessionCookie())!.value;
    expect(second).not.toBe(first);
  });

  test('a page that needs a person asks for sign-in and then goes on to that page', async ({ person, page }) => {
    await person.join();
    await person.signOut();
    await page.goto('/account?x=1');
    await expect(page).toHaveURL(/\/sign-in\?next=%2Faccount%3Fx%3D1$/);
    await expect(page.getByText(words('sign-in-notice-next'))).toBeVisible();
    await person.fillSignIn();
    await page.getByTestId('sign-in-button').click();
    await person.expectSignedIn();
    expect(new URL(page.url()).search).toBe('?x=1');
  });

  test('the page to go on to survives a wrong password', async ({ person, page }) => {
    await person.join();
    await person.signOut();
    await person.trySignIn({ password: 'not the password at all', at: '/sign-in?next=%2Faccount%3Fx%3D1' });
    await expect(page.getByTestId('form-error')).toBeVisible();
    await page.getByTestId('password-input').fill(person.password);
    await page.getByTestId('sign-in-button').click();
    await person.expectSignedIn();
    expect(new URL(page.url()).search).toBe('?x=1');
  });

  for (const next of [
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/%2F/evil.example',
    'javascript:alert(1)',
    '/..//evil.example',
  ]) {
    test(`nobody is led out of the house by next=${JSON.stringify(next)} @any-width`, async ({ person, page }) => {
      await person.join();
      await person.signOut();
      await person.trySignIn({ at: `/sign-in?next=${encodeURIComponent(next)}` });
      await person.expectSignedIn();
      expect(new URL(page.url()).pathname).toBe('/account');
      expect(new URL(page.url()).search).toBe('');
    });
  }

  test('somebody who is signed in already is told so, and may go on or sign out', async ({ person, page }) => {
    await person.join();
    await page.goto('/sign-in');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('sign-in-already-title'));
    await expect(page.locator('main')).toContainText(person.email);
    await expect(page.getByTestId('sign-in-button')).toHaveCount(0);
    await page.getByRole('link', { name: words('sign-in-already-continue', { name: person.name }) }).click();
    await person.expectSignedIn();

    await page.goto('/sign-in');
    await page.getByTestId('sign-out-button').click();
    await person.expectSignedOut();
    await expect(page.getByTestId('sign-in-button')).toBeVisible();
  });

  test('somebody who fails on purpose has to wait, and does not lock the owner out @any-width', async ({
    person,
    anotherBrowser,
  }) => {
    await person.join();
    await person.signOut();
    const stranger = person.at(await anotherBrowser());
    const error = stranger.page.getByTestId('form-error');
    await expect(async () => {
      await stranger.trySignIn({ password: 'not the password at all' });
      await expect(error).toContainText('There were too many attempts.', { timeout: 2_000 });
    }).toPass();
    await expect(stranger.page.getByTestId('email-input')).toHaveValue(person.email);

    await person.signIn();
  });
});
