import { claimOf, defineClaim } from '../support/claims-states.ts';
import { expect, test } from '../support/fixtures.ts';
import { expectAccessible, ready, tabTo } from '../support/page.ts';
import { Person } from '../support/person.ts';
import { words } from '../support/words.ts';

test.describe('Claims', () => {
  test('a claim is defined, given to a person by the keyboard, and removed', async ({ page, person, house, anotherBrowser }) => {
    await person.joinStaff(house);
    const name = claimOf(person, 'desk');
    await defineClaim(page, name, 'number');
    const other = new Person(await anotherBrowser(), person.inbox);
    await other.join();
    const path = other.inConsole;
    await page.goto(path);
    await page.getByTestId('claims-link').click();
    await ready(page);
    await page.getByRole('link', { name: words('claims-change-label', { name }) }).press('Enter');
    await expect(page.getByTestId('set-claim-button')).toBeVisible();
    await ready(page);
    await page.getByTestId('value-input').fill('a lot');
    await tabTo(page, page.getByTestId('set-claim-button'));
    await page.keyboard.press('Enter');
    await expect(page.getByText(words('refusal-claim-number')).first()).toBeVisible();
    await ready(page);
    await page.getByTestId('value-input').fill('42');
    await page.getByTestId('value-input').press('Enter');
    await expect(page.getByText(words('claims-done-set'))).toBeVisible();
    await page.goto(path);
    await expect(page.getByTestId('claims')).toContainText('42');
    await expectAccessible(page);
    await page.goto(`/admin/claims/${name}`);
    await ready(page);
    await page.getByTestId('confirmation-input').fill(name);
    await page.getByTestId('remove-claim-button').press('Enter');
    await expect(page.getByText(words('claims-done-removed'))).toBeVisible();
    await expect(page.getByRole('link', { name })).toHaveCount(0);
  });
});

test.describe('Signing everybody out', () => {
  // The other tests have people on the same server: nobody types the right name here. server/tests/integration/console/everybody.rs does.
  test('is reached from the list of people, says what it will do, and wants the name typed', async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/users');
    await page.getByTestId('everybody-link').click();
    await expect(page.getByTestId('will-do')).toContainText(words('everybody-will-tell'));
    await expect(page.getByTestId('keep-input')).toBeChecked();
    await ready(page);
    await page.getByTestId('confirmation-input').fill('everybody');
    await page.getByTestId('everybody-button').press('Enter');
    await expect(page.getByText(words('refusal-name-differs')).first()).toBeVisible();
    await page.goto('/account');
    await expect(page).toHaveURL(/\/account$/);
  });
});
