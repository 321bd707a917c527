import { expect, test } from '../support/fixtures.ts';
import { ready } from '../support/page.ts';
import { openSettings } from '../support/settings-states.ts';
import { words } from '../support/words.ts';

test.describe('Settings', () => {
  test.use({ ownHouse: {} });

  test('what is chosen holds at once, and is undone with one click', async ({ page, person, house, anotherBrowser }) => {
    await openSettings(person, house);
    await page.getByTestId('sign-up-input').selectOption('closed');
    await page.getByTestId('save-sign-up-button').click();
    await expect(page.getByText(words('settings-done-saved'))).toBeVisible();
    await expect(page.getByTestId('setting-changes')).toContainText(person.name);

    const stranger = await anotherBrowser();
    await stranger.goto('/sign-up');
    await expect(stranger.getByRole('heading', { level: 1 })).toHaveText(words('sign-up-closed-title'));

    await page.getByTestId('undo-sign-up').click();
    await expect(page.getByText(words('settings-done-undone'))).toBeVisible();
    await expect(page.getByTestId('sign-up-input')).toHaveValue('open');
    await stranger.goto('/sign-up');
    await expect(stranger.getByTestId('sign-up-button')).toBeVisible();
  });

  test('a colour that nobody could read on is refused with one that works, by day and by night', async ({
    page,
    person,
    house,
  }) => {
    await openSettings(person, house);
    const button = page.getByTestId('save-branding-button');
    await page.getByTestId('accent-color-input').fill('#ffd400');
    await button.click();
    const error = page.getByTestId('accent-color-error');
    await expect(error).toContainText(/#[0-9a-f]{6}/);
    const [nearest] = /#[0-9a-f]{6}/.exec((await error.textContent())!)!;

    await page.getByTestId('accent-color-input').fill(nearest);
    await button.click();
    await expect(page.getByText(words('settings-done-saved'))).toBeVisible();
    await ready(page);
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(nearest.slice(at, at + 2), 16));
    await expect(button).toHaveCSS('background-color', `rgb(${red}, ${green}, ${blue})`);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect(button).not.toHaveCSS('background-color', `rgb(${red}, ${green}, ${blue})`);
  });

  test('the new name stands on the next page', async ({ page, person, house }) => {
    await openSettings(person, house);
    await page.getByTestId('product-name-input').fill('Example Accounts');
    await page.getByTestId('save-branding-button').click();
    await expect(page).toHaveTitle(`${words('settings-title')} · Example Accounts`);
  });
});
