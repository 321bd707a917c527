import { expect, test } from '../support/fixtures.ts';
import { expectAccepted, expectNothingStored, expectRefused, ready } from '../support/page.ts';
import { words } from '../support/words.ts';

test.describe('With JavaScript', { tag: '@script' }, () => {
  test('the password can be shown and hidden again', async ({ page }) => {
    await page.goto('/sign-in');
    const [password, show] = [page.getByTestId('password-input'), page.getByTestId('show-password')];
    await password.fill('seven lanterns');
    await expect(password).toHaveAttribute('type', 'password');
    await expect(show).toHaveAttribute('aria-pressed', 'false');
    await show.click();
    await expect(password).toHaveAttribute('type', 'text');
    await expect(show).toHaveAttribute('aria-pressed', 'true');
    await expect(password).toHaveValue('seven lanterns');
    await show.click();
    await expect(password).toHaveAttribute('type', 'password');
    await expect(show).toHaveAttribute('aria-pressed', 'false');
  });

  test('a form is refused without the page being loaded again', async ({ page, person }) => {
    await person.fillSignUp({ password: 'passwordpassword' });
    await page.evaluate(() => ((window as never as { mark: boolean }).mark = true));
    await page.getByTestId('sign-up-button').click();
    await expect(page.getByTestId('password-error')).toHaveText(words('refusal-password-common'));
    await expect(page.getByTestId('password-input')).toBeFocused();
    expect(await page.evaluate(() => (window as never as { mark?: boolean }).mark)).toBe(true);
  });

  test('a complaint goes as soon as its field is being mended, and the summary with the last one', async ({
    page,
    person,
  }) => {
    await person.fillSignUp({ name: '***', email: 'ada@example' });
    await page.getByTestId('sign-up-button').click();
    await expect(page.getByTestId('form-error')).toBeVisible();
    await page.getByTestId('name-input').pressSequentially('Ada');
    await expectAccepted(page, 'name');
    await expectRefused(page, 'email', words('refusal-email-invalid'));
    await expect(page.getByTestId('form-error')).toBeVisible();
    await page.getByTestId('email-input').press('End');
    await page.getByTestId('email-input').pressSequentially('.com');
    await expectAccepted(page, 'email');
    await expect(page.getByTestId('form-error')).toBeHidden();
  });

  test('on a slow network the button shows that it works, and a second click sends nothing', async ({
    page,
    person,
  }) => {
    await person.join();
    await person.signOut();
    let sent = 0;
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await page.route('**/api/sign-in', async (route) => {
      sent++;
      await held;
      await route.continue();
    });
    await page.goto('/sign-in');
    await person.fillSignIn();
    const button = page.getByTestId('sign-in-button');
    await button.click();
    await expect(button).toHaveAttribute('aria-busy', 'true');
    await button.click();
    await page.getByTestId('password-input').press('Enter');
    letGo();
    await person.expectSignedIn();
    expect(sent).toBe(1);
  });

  test('on no network the page says so, keeps what was typed, and goes on when the network is back', async ({
    page,
    person,
    watch,
  }) => {
    watch.expect(/ERR_INTERNET_DISCONNECTED/);
    await person.join();
    await person.signOut();
    await page.goto('/sign-in');
    await person.fillSignIn();
    await page.context().setOffline(true);
    await page.getByTestId('sign-in-button').click();
    await expect(page.getByTestId('form-error')).toContainText(words('form-offline'));
    await expect(page.getByTestId('email-input')).toHaveValue(person.email);
    await expect(page.getByTestId('password-input')).toHaveValue(person.password);
    await expect(page.getByTestId('sign-in-button')).not.toHaveAttribute('aria-busy', 'true');

    await page.context().setOffline(false);
    await page.getByTestId('sign-in-button').click();
    await person.expectSignedIn();
  });

  test('every page works when the program for the browser does not arrive', async ({ page, person, watch }) => {
    watch.expect(/\.wasm/);
    watch.expect(/^script: |^console: (?!.*content security policy)/i);
    await page.route('**/*.wasm', (route) => route.abort());
    await page.goto('/sign-up');
    await page.getByTestId('name-input').fill(person.name);
    await page.getByTestId('email-input').fill(person.email);
    await page.getByTestId('password-input').fill('short');
    await page.getByTestId('sign-up-button').click();
    await expect(page.getByTestId('password-error')).toHaveText(words('refusal-password-too-short', { min: '15' }));
    await expect(page.getByTestId('email-input')).toHaveValue(person.email);
    await page.getByTestId('password-input').fill(person.password);
    await page.getByTestId('sign-up-button').click();
    await page.getByTestId('code-input').fill(await person.codeInMail());
    await page.getByTestId('verify-button').click();
    await person.expectSignedIn();

    await person.openMenu();
    await page.getByTestId('sign-out-button').click();
    await person.expectSignedOut();
    await page.getByTestId('email-input').fill(person.email);
    await page.getByTestId('password-input').fill('not the password at all');
    await page.getByTestId('sign-in-button').click();
    await expect(page.getByTestId('form-error')).toBeVisible();
    await page.getByTestId('password-input').fill(person.password);
    await page.getByTestId('sign-in-button').click();
    await person.expectSignedIn();
  });

  test('the link in the mail leads on when the program for the browser does not arrive', async ({
    page,
    person,
    watch,
  }) => {
    watch.expect(/\.wasm/);
    watch.expect(/^script: |^console: (?!.*content security policy)/i);
    await person.signUp();
    await page.route('**/*.wasm', (route) => route.abort());
    await page.goto(await person.linkInMail());
    await page.getByTestId('verify-button').click();
    await person.expectSignedIn();
  });

  test('the journey leaves nothing in the browser but cookies', async ({ page, person }) => {
    await person.fillSignUp({ password: 'short' });
    await page.getByTestId('sign-up-button').click();
    await expect(page.getByTestId('password-error')).toBeVisible();
    await expectNothingStored(page);
    await person.join();
    await expectNothingStored(page);
    await person.signOut();
    await person.trySignIn({ password: 'not the password at all' });
    await expect(page.getByTestId('form-error')).toBeVisible();
    await person.signIn();
    await expectNothingStored(page);
  });

  test('scripts cannot read any cookie', async ({ page, person }) => {
    await person.join();
    await ready(page);
    expect(await page.evaluate(() => document.cookie)).toBe('');
  });
});

test.describe('Without JavaScript', { tag: '@no-script' }, () => {
  test('there is no button that could not work', async ({ page, house, person, anotherBrowser }) => {
    await person.signUp();
    const elsewhere = await anotherBrowser();
    await elsewhere.goto(await person.linkInMail());
    await expect(elsewhere.getByTestId('password-input')).toBeVisible();
    await expect(elsewhere.getByTestId('show-password')).toBeHidden();
    for (const path of ['/sign-in', '/sign-up']) {
      await page.goto(house.url + path);
      await expect(page.getByTestId('password-input')).toBeVisible();
      await expect(page.getByTestId('show-password')).toBeHidden();
    }
  });

  test('the link in the mail shows whose address it confirms, and one button', async ({ page, person }) => {
    await person.signUp();
    await page.goto(await person.linkInMail());
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('verify-heading'));
    await expect(page.locator('main')).toContainText(person.email);
    await expect(page.locator('main').getByRole('button')).toHaveCount(1);
  });
});
