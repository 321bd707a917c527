import { expect, test } from '../support/fixtures.ts';

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
});
