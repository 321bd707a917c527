import { expect, test } from '../support/fixtures.ts';
import { expectAccessible, ready, tabTo } from '../support/page.ts';
import { words } from '../support/words.ts';

test.describe('The console', () => {
  test('is reached from the account, and leads back', async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/account');
    await page.getByTestId('account-menu').click();
    await page.getByTestId('console-link').click();
    await expect(page).toHaveURL(/\/admin/);
    await page.getByTestId('to-account-link').click();
    await expect(page).toHaveURL(/\/account$/);
  });

  test('is told nothing about to whoever has no role', async ({ page, person }) => {
    await person.join();
    await page.getByTestId('account-menu').click();
    await expect(page.getByTestId('console-link')).toHaveCount(0);
    const answer = await page.goto('/admin/roles');
    expect(answer!.status()).toBe(403);
    await expect(page.getByTestId('incident-id')).toHaveText(/\S{8,}/);
  });

  test('Ctrl K leads to every page by the keyboard alone @script', async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/roles');
    await expect(page.getByTestId('palette-button')).toBeVisible();
    await page.keyboard.press('Control+k');
    await expect(page.getByTestId('palette-input')).toBeFocused();
    await expectAccessible(page);
    await page.keyboard.type('grou');
    await expect(page.getByTestId('palette-lines').getByRole('link')).toHaveText([words('console-nav-groups')]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/admin\/groups$/);
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('palette-input')).toBeHidden();
  });

  test('a role is made, looked at before it is saved, and removed', async ({ page, person, house }) => {
    const name = `Night ${person.email.slice(4, 16)}`;
    await person.joinStaff(house);
    await page.goto('/admin/roles/new');
    await ready(page);
    await page.getByTestId('name-input').fill(name);
    const box = page.locator('#may-users-read');
    await tabTo(page, box);
    await page.keyboard.press('Space');
    await page.getByTestId('review-button').press('Enter');
    await expect(page.getByText(words('permission-users-read'))).toBeVisible();
    await ready(page);
    await page.getByTestId('save-role-button').press('Enter');
    await expect(page.getByTestId('matrix').getByRole('columnheader', { name })).toBeVisible();
    await page.getByRole('link', { name }).click();
    await ready(page);
    await page.getByTestId('confirmation-input').fill('something else');
    await page.getByTestId('remove-role-button').press('Enter');
    await expect(page.getByText(words('refusal-name-differs'))).toBeVisible();
    await ready(page);
    await page.getByTestId('confirmation-input').fill(name);
    await page.getByTestId('remove-role-button').press('Enter');
    await expect(page.getByText(words('roles-done-removed'))).toBeVisible();
    await expect(page.getByRole('link', { name })).toHaveCount(0);
  });
});
