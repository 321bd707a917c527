import { expect, test } from '../support/fixtures.ts';
import { ready } from '../support/page.ts';
import { words } from '../support/words.ts';

test.describe('The audit', () => {
  test('what happened is found by a filter, and the address holds it', async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/audit');
    await page.getByLabel(words('audit-what'), { exact: true }).selectOption('factors');
    await page.getByLabel(words('audit-who'), { exact: true }).fill(person.email);
    await page.getByTestId('show-button').click();
    await expect(page).toHaveURL(/what=factors/);
    const rows = page.getByTestId('audit-row');
    await expect(rows.filter({ hasText: 'totp.added' })).toHaveCount(1);
    await expect(rows.filter({ hasText: 'sign_in.succeeded' })).toHaveCount(0);
    await page.getByTestId('clear-link').click();
    await expect(page).toHaveURL(/\/admin\/audit$/);
  });

  test('new rows show by themselves while somebody follows', async ({ page, person, house, script, anotherBrowser }) => {
    await person.joinStaff(house);
    await page.goto(`/admin/audit?whom=${person.email}`);
    await ready(page);
    const button = page.getByTestId('follow-button');
    if (!script) {
      await expect(button).toBeHidden();
      await expect(page.getByTestId('newest-link').first()).toBeVisible();
      return;
    }
    await button.click();
    await expect(page.getByRole('status').filter({ hasText: words('audit-follow-live') })).toBeVisible();
    const failed = page.getByTestId('audit-row').filter({ hasText: 'sign_in.failed' });
    await expect(failed).toHaveCount(0);
    await person.at(await anotherBrowser()).trySignIn({ password: 'not the password at all' });
    await expect(failed).toHaveCount(1);
    await expect(failed.getByText(words('audit-refused'), { exact: true })).toBeVisible();
    await button.click();
    await expect(button).toHaveText(words('audit-follow'));
    await failed.getByRole('link').click();
    await expect(page.getByTestId('why')).toContainText(words('why-sign-in-password'));
  });

  test('a copy is a file', async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/audit?what=server');
    await page.getByTestId('copy-summary').click();
    const download = page.waitForEvent('download');
    await page.getByTestId('csv-button').click();
    expect((await download).suggestedFilename()).toMatch(/^audit-.*\.csv$/);
  });
});
