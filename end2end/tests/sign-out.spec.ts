import { expect, test } from '../support/fixtures.ts';
import { words } from '../support/words.ts';

test.describe('Sign-out', () => {
  test('the button on the account ends the session', async ({ person, page }) => {
    await person.join();
    await page.getByTestId('account-menu').click();
    await page.getByTestId('sign-out-button').click();
    await person.expectSignedOut();
    await expect(page.getByTestId('sign-in-button')).toBeVisible();

    await page.goto('/account');
    await expect(page).toHaveURL(/\/sign-in/);
  });

  test('the token of an ended session opens nothing any more', async ({ person, page }) => {
    await person.join();
    const cookie = (await person.sessionCookie())!;
    await person.signOut();
    await page.context().addCookies([cookie]);
    await page.goto('/account');
    await expect(page).toHaveURL(/\/sign-in/);
    await expect(page.getByTestId('welcome-message')).toHaveCount(0);
    await expect(page.getByText(words('sign-in-notice-expired'))).toBeVisible();
  });

  test('the address, opened as a page, asks first', async ({ person, page }) => {
    await person.join();
    await page.goto('/sign-out');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('sign-out-title'));
    await page.getByRole('link', { name: words('sign-out-stay') }).click();
    await person.expectSignedIn();

    await page.goto('/sign-out');
    await page.locator('main').getByTestId('sign-out-button').click();
    await person.expectSignedOut();
  });

  test('when nobody is signed in, the page says so', async ({ page }) => {
    await page.goto('/sign-out');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('sign-out-nobody-title'));
    await expect(page.getByTestId('sign-out-button')).toHaveCount(0);
  });

  test('signing out here leaves the other browser signed in', async ({ person, anotherBrowser }) => {
    await person.join();
    const other = person.at(await anotherBrowser());
    await other.signIn();
    await person.signOut();
    await other.page.reload();
    await other.expectSignedIn();
  });

  test('the back button does not bring the account back', async ({ person, page }) => {
    await person.join();
    const answer = await page.goto('/account');
    expect(answer!.headers()['cache-control']).toContain('no-store');
    await page.getByTestId('account-menu').click();
    await page.getByTestId('sign-out-button').click();
    await person.expectSignedOut();
    await page.goBack();
    await expect(page.getByTestId('sign-in-button')).toBeVisible();
    await expect(page.getByTestId('welcome-message')).toHaveCount(0);
  });

  test('nor does it in a browser that keeps whole pages for going back @script', async ({
    person,
    playwright,
    launchOptions,
    anotherBrowser,
  }) => {
    const browser = await playwright.chromium.launch({
      ...launchOptions,
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
    });
    const page = await anotherBrowser(browser);
    const keeper = person.at(page);
    await person.join();
    await keeper.signIn();
    await page.getByTestId('account-menu').click();
    await page.getByTestId('sign-out-button').click();
    await keeper.expectSignedOut();
    await page.goBack();
    await expect(page.getByTestId('sign-in-button')).toBeVisible();
    await expect(page.getByTestId('welcome-message')).toHaveCount(0);
    await browser.close();
  });
});
