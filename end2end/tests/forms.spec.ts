import { expect, test } from '../support/fixtures.ts';
import { ready } from '../support/page.ts';
import { words } from '../support/words.ts';

// What password managers, phones and screen readers go by.
const fields = {
  '/sign-in': { email: 'username webauthn', password: 'current-password' },
  '/sign-up': { name: 'name', email: 'username', password: 'new-password' },
  '/sign-up/verify': { code: 'one-time-code' },
};

test.describe('Forms', () => {
  for (const [path, tokens] of Object.entries(fields)) {
    for (const [field, token] of Object.entries(tokens)) {
      test(`${path} says what the field "${field}" is for @any-width`, async ({ page }) => {
        await page.goto(path);
        const input = page.getByTestId(`${field}-input`);
        await expect(input).toHaveAttribute('autocomplete', token);
        await expect(input).toHaveAttribute('name', field);
        await expect(input).toHaveAccessibleName(/\S/);
        if (field === 'email') await expect(input).toHaveAttribute('type', 'email');
        if (field === 'code') await expect(input).toHaveAttribute('inputmode', 'numeric');
      });
    }
  }

  test('a phone shows no magnified field: their letters are large enough @any-width', async ({ page }) => {
    await page.setViewportSize({ width: 375, height: 812 });
    for (const path of Object.keys(fields)) {
      await page.goto(path);
      const sizes = await page
        .locator('input.input:visible')
        .evaluateAll((inputs) => inputs.map((input) => parseFloat(getComputedStyle(input).fontSize)));
      expect(sizes.length).toBeGreaterThan(0);
      for (const size of sizes) expect(size).toBeGreaterThanOrEqual(16);
    }
  });

  test('everything to press is at least 44 px high on a phone @any-width', async ({ page }) => {
    await page.setViewportSize({ width: 375, height: 812 });
    for (const path of Object.keys(fields)) {
      await page.goto(path);
      for (const control of await page
        .locator('button.btn:not(.sm):visible, input.input:visible, label.check:visible')
        .all()) {
        expect(
          (await control.boundingBox())!.height,
          `${await control.evaluate((e) => e.outerHTML)}`,
        ).toBeGreaterThanOrEqual(43.5);
      }
    }
  });

  test('a password can be pasted', async ({ page, person }) => {
    await person.join();
    await person.signOut();
    await page.goto('/sign-in');
    await ready(page);
    await page.getByTestId('email-input').fill(person.password);
    await page.getByTestId('email-input').press('ControlOrMeta+A');
    await page.getByTestId('email-input').press('ControlOrMeta+X');
    await page.getByTestId('password-input').press('ControlOrMeta+V');
    await expect(page.getByTestId('password-input')).toHaveValue(person.password);
    await page.getByTestId('email-input').fill(person.email);
    await page.getByTestId('sign-in-button').click();
    await person.expectSignedIn();
  });

  test('good news above a form goes when the form is refused', async ({ page, person }) => {
    await person.join();
    await person.signOut();
    await expect(page.getByTestId('notice')).toBeVisible();
    await person.fillSignIn({ password: 'not the password at all' });
    await page.getByTestId('sign-in-button').click();
    await expect(page.getByTestId('form-error')).toBeVisible();
    await expect(page.getByTestId('notice')).toBeHidden();
  });

  test('the meter does not praise a password that was refused, until it changes @script', async ({ page, person }) => {
    await person.fillSignUp({ password: 'passwordpassword' });
    const meter = page.getByTestId('password-strength');
    await expect(meter).toContainText(words('strength-good'));
    await page.getByTestId('sign-up-button').click();
    await expect(page.getByTestId('password-error')).toBeVisible();
    await expect(meter).toBeHidden();
    await page.getByTestId('password-input').press('End');
    await page.getByTestId('password-input').pressSequentially(' by the sea');
    await expect(meter).toBeVisible();
    await expect(page.getByTestId('password-error')).toBeHidden();
  });

  test('a forgotten password: the page shows the address that was typed, and the address bar does not', async ({
    page,
    person,
  }) => {
    await person.askForReset();
    await expect(page.getByTestId('check-mail')).toHaveText(words('forgot-sent', { email: person.email }));
    expect(page.url()).not.toContain('example');
  });

  test('of two forms on a page, the one that was refused says so', async ({ page, person }) => {
    await person.signUp();
    for (const summary of await page.locator('main summary').all()) await summary.click();
    await ready(page);
    await page.getByTestId('verify-button').click();
    await expect(page.getByTestId('code-error')).toHaveText(words('refusal-required-code'));
    const other = page.locator('form').filter({ has: page.getByTestId('resend-button') });
    await expect(other.getByTestId('form-error')).toBeHidden();
  });

  test('too many requests: the page says so, with and without script', async ({ page, person, house, watch }) => {
    watch.expect(/status 429/);
    // This answer is the test's own.
    watch.expect(/\/api\/sign-in: /);
    await page.goto('/sign-in');
    await person.fillSignIn();
    await page.route('**/api/sign-in', (route) =>
      route.fulfill({
        status: 429,
        contentType: route.request().headers().accept?.includes('json') ? 'application/problem+json' : 'text/html',
        body: route.request().headers().accept?.includes('json')
          ? JSON.stringify({ status: 429, errors: [] })
          : '<h1>Slow</h1>',
      }),
    );
    await page.getByTestId('sign-in-button').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Slow');
    expect(new URL(page.url()).origin).toBe(house.url);
  });
});
