import path from 'node:path';
import { expect, test } from '../support/fixtures.ts';
import { Person } from '../support/person.ts';
import { takeOver } from '../support/watch-states.ts';

const folder = path.resolve(import.meta.dirname, '../screenshots-out');

test.use({ ownHouse: {} });

// The console of a house that is lived in: its people are made up.
test('pictures: a console with people', async ({ page, inbox, house }, { project }) => {
  test.slow();
  await takeOver(new Person(page, inbox, { email: 'ada@example.com' }), house);
  await house.operator('dev', 'seed', '--users', '2400', '--sessions', '4000', '--events', '8000');
  const picture = async (name: string) => {
    await page.screenshot({ path: path.join(folder, `lived-in-${name}.${project.name}.png`), animations: 'disabled' });
  };
  // Few enough for the page to count them by itself.
  await expect(async () => {
    await page.goto('/admin?period=30d');
    await expect(page.getByTestId('incomplete')).toBeHidden({ timeout: 500 });
    await expect(page.getByTestId('stat-sign-ins')).toContainText(/[1-9]\d/, { timeout: 500 });
  }).toPass();
  await picture('dashboard');
  await page.goto('/admin/users');
  await picture('people');
  await page.goto('/admin/users?q=nguyen');
  await page.getByTestId('person').first().getByRole('link').first().click();
  await expect(page.getByTestId('person-name')).toBeVisible();
  await picture('person');
  for (const name of ['audit', 'roles', 'settings', 'messages', 'health']) {
    await page.goto(`/admin/${name}`);
    await picture(name);
  }
});
