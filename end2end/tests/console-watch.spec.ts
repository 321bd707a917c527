import { expect, test } from '../support/fixtures.ts';
import { takeOver } from '../support/watch-states.ts';
import { words } from '../support/words.ts';

// Each test has a server of its own, whose first administrator looks around.
test.use({ ownHouse: {} });

test.describe('Watching over the house', () => {
  test('the dashboard has figures for three periods, and every number in a table', async ({ page, person, house }) => {
    await takeOver(person, house);
    await page.goto('/admin');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('dashboard-title'));
    await expect(page.getByTestId('stat-sign-ins')).toContainText('1');
    for (const [period, bars] of [['7d', 7], ['30d', 30], ['24h', 24]] as const) {
      await page.getByTestId(`period-${period}`).click();
      await expect(page).toHaveURL(new RegExp(`period=${period}$`));
      const chart = page.getByTestId('chart-sign-ins');
      await expect(chart.locator('.bar')).toHaveCount(bars);
      await expect(chart.getByRole('img')).toHaveAccessibleName(new RegExp(words('dashboard-chart-sign-ins')));
      await page.getByTestId('table-sign-ins-summary').click();
      await expect(chart.getByRole('row')).toHaveCount(bars + 1);
    }
  });

  test('a message that was sent is found by its address', async ({ page, person, house, inbox }) => {
    await takeOver(person, house);
    await inbox.latest(person.email, words('mail-set-up-done-subject', { host: new URL(house.url).host }));
    await page.goto('/admin/messages');
    await page.getByTestId('to-input').fill(person.email.toUpperCase());
    await page.getByTestId('state-input').selectOption('sent');
    await page.getByTestId('filter-button').click();
    await expect(page.getByTestId('message').first()).toContainText(person.email);
    await page.getByTestId('to-input').fill('nobody@example.com');
    await page.getByTestId('filter-button').click();
    await expect(page.getByTestId('no-messages')).toBeVisible();
  });

  test('jobs and health say how the house is doing', async ({ page, person, house }) => {
    await takeOver(person, house);
    await page.goto('/admin/jobs');
    await expect(page.getByTestId('no-dead')).toBeVisible();
    await expect(page.getByTestId('recurring')).toContainText(words('job-look-after-figures'));
    await page.goto('/admin/health');
    await expect(page.getByTestId('server')).toHaveCount(1);
    await page.getByTestId('look-again').click();
    await expect(page.getByTestId('health-summary')).toBeVisible();
  });
});
