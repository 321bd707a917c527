import { expect, test } from '../support/fixtures.ts';
import { ready } from '../support/page.ts';
import { openSettings, uploadLogo } from '../support/settings-states.ts';
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

  test('a logo stands in the corner of every page until it is removed', async ({ page, person, house, anotherBrowser }) => {
    await openSettings(person, house);
    await uploadLogo(page, 320, 80);
    await expect(page.getByTestId('logo-now')).toBeVisible();

    const stranger = await anotherBrowser();
    await stranger.goto('/sign-in');
    const logo = stranger.locator('.mark img').first();
    await expect(logo).toHaveAttribute('alt', 'Latchstring');
    expect(await logo.evaluate((image: HTMLImageElement) => [image.complete, image.naturalWidth])).toEqual([true, 320]);

    await page.getByTestId('logo-input').setInputFiles({
      name: 'logo.png',
      mimeType: 'image/png',
      buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    });
    await page.getByTestId('upload-logo-button').click();
    await expect(page.getByTestId('logo-error')).toHaveText(words('refusal-picture-kind'));

    await page.getByTestId('remove-logo-button').click();
    await expect(page.getByTestId('no-logo')).toBeVisible();
    await stranger.goto('/sign-in');
    await expect(stranger.locator('.mark svg').first()).toBeVisible();
  });

  test('a language that is not ticked is no choice at the door', async ({ page, person, house, anotherBrowser }) => {
    await openSettings(person, house);
    await page.getByTestId('languages-vi-input').uncheck();
    await page.getByTestId('save-languages-button').click();
    await expect(page.getByText(words('settings-done-saved'))).toBeVisible();
    await expect(page.getByTestId('languages-vi-input')).not.toBeChecked();
    const stranger = await anotherBrowser();
    await stranger.goto('/sign-in');
    await expect(stranger.getByTestId('language-vi')).toHaveCount(0);

    await page.getByTestId('languages-en-input').uncheck();
    await page.getByTestId('save-languages-button').click();
    await expect(page.getByTestId('languages-error')).toHaveText(words('refusal-required-languages'));
  });

  test('whom a change reaches is told in numbers before it is saved', async ({ page, person, house }) => {
    await openSettings(person, house);
    await page.getByTestId('second-factor-input').selectOption('passkey_only');
    await page.getByTestId('save-sign-in-button').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('settings-check-title'));
    await expect(page.getByTestId('settings-reach')).toContainText('1');
    await page.getByTestId('sure-button').click();
    await expect(page.getByText(words('settings-done-saved'))).toBeVisible();
    await expect(page.getByTestId('second-factor-input')).toHaveValue('passkey_only');
  });

  test('no limit is switched off', async ({ page, person, house }) => {
    await openSettings(person, house);
    await page.getByTestId('limits-sign-in-input').fill('0');
    await page.getByTestId('save-attempts-button').click();
    await expect(page.getByTestId('limits-sign-in-error')).toContainText('5');
    await page.getByTestId('limits-sign-in-input').fill('50');
    await page.getByTestId('save-attempts-button').click();
    await expect(page.getByText(words('settings-done-saved'))).toBeVisible();
  });
});
