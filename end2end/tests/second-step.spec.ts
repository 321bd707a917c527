import { expect, test } from '../support/fixtures.ts';
import { ready } from '../support/page.ts';
import { words } from '../support/words.ts';

test.describe('A second step', () => {
  test('an app is added, asked for, and a wrong code says so', async ({ person, page }) => {
    await person.join();
    const app = await person.addApp();
    const codes = await page.getByTestId('recovery-code').allInnerTexts();
    expect(codes).toHaveLength(10);
    await page.getByTestId('codes-kept-button').click();
    await expect(page.getByTestId('notice')).toHaveText(words('codes-done'));

    await person.signOut();
    await person.reachChallenge();
    await page.getByTestId('code-input').fill(app.wrong());
    await page.getByTestId('challenge-button').click();
    await expect(page.getByTestId('code-error')).toBeVisible();
    await ready(page);
    await page.getByTestId('code-input').fill(app.code());
    await page.getByTestId('challenge-button').click();
    await person.expectSignedIn();

    // The telephone is lost.
    await person.signOut();
    await person.reachChallenge();
    await page.getByTestId('way-recovery').click();
    await ready(page);
    await page.getByTestId('code-input').fill(codes[0]!);
    await page.getByTestId('challenge-button').click();
    await person.expectSignedIn();
  });

  test('a code by mail lets in, and a remembered browser is not asked again', async ({ person, page, inbox }) => {
    await person.join();
    await page.goto('/account/security');
    await page.getByTestId('add-mail-codes-button').click();
    await expect(page.getByTestId('recovery-codes')).toBeVisible();
    await person.signOut();
    await person.reachChallenge();
    const { code } = await inbox.latest(person.email, words('mail-factor-code-subject'), 1);
    await page.getByTestId('code-input').fill(code!);
    await page.getByTestId('trust-input').check();
    await page.getByTestId('challenge-button').click();
    await person.expectSignedIn();
    await person.signOut();
    await person.signIn();

    // What matters is asked for all the same.
    await page.goto('/account/data');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('confirm-title'));
    await expect(page.getByTestId('send-code-button')).toBeVisible();
  });

  test('the codes are kept as a file', async ({ person, page }) => {
    await person.join();
    await person.addApp();
    const codes = await page.getByTestId('recovery-code').allInnerTexts();
    const download = page.waitForEvent('download');
    await page.getByTestId('download-codes-button').click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('recovery-codes.txt');
    const text = await (await file.createReadStream()).toArray();
    for (const code of codes) expect(Buffer.concat(text).toString()).toContain(code);
  });

  test('the codes go to the clipboard, and to the printer @script', async ({ person, page, house }) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: house.url });
    await page.addInitScript(() => {
      window.print = () => document.documentElement.setAttribute('data-printed', '');
    });
    await person.join();
    await person.addApp();
    const codes = await page.getByTestId('recovery-code').allInnerTexts();
    expect(codes).toHaveLength(10);
    await page.getByRole('button', { name: words('codes-copy') }).click();
    await expect(page.getByRole('button', { name: words('copied') })).toBeVisible();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied.split(/\r?\n/).filter((line) => codes.includes(line.trim()))).toHaveLength(10);

    await page.getByRole('button', { name: words('codes-print') }).click();
    await expect(page.locator('html')).toHaveAttribute('data-printed', '');
    await page.emulateMedia({ media: 'print' });
    for (const code of await page.getByTestId('recovery-code').all()) await expect(code).toBeVisible();
    await expect(page.getByTestId('codes-kept-button')).toBeHidden();
  });

  test('who goes back to the beginning is asked again', async ({ person, page }) => {
    await person.join();
    await person.addApp();
    await person.signOut();
    await person.reachChallenge();
    await page.goto('/account');
    await expect(page).toHaveURL(/\/sign-in\?/);
    await page.goto('/sign-in/challenge');
    await page.getByTestId('cancel-button').click();
    await expect(page).toHaveURL(/\/sign-in$/);
    await page.goto('/sign-in/challenge');
    await expect(page.getByTestId('notice')).toHaveText(words('sign-in-notice-over'));
  });
});
