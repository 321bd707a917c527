import { readFileSync } from 'node:fs';
import { expect, test } from '../support/fixtures.ts';
import { expectRefused, ready } from '../support/page.ts';
import { words } from '../support/words.ts';

test.describe('Your data', () => {
  test('a person downloads a copy of it', async ({ person, page, script, inbox }) => {
    await person.join();
    await page.getByRole('link', { name: words('account-nav-data') }).click();
    await ready(page);
    await page.getByTestId('export-button').click();
    const mail = await inbox.latest(person.email, words('mail-export-ready-subject'));
    expect(mail.links.some((link) => link.endsWith('/account/data'))).toBe(true);
    // With script the page finds out by itself.
    if (!script) await page.goto('/account/data');
    const link = page.getByTestId('export-download-link');
    await expect(link).toBeVisible();
    const downloading = page.waitForEvent('download');
    await link.click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('my-data.zip');
    expect(readFileSync(await download.path()).subarray(0, 2).toString()).toBe('PK');
  });

  test('while it is made there is a bar, and a link that asks again', async ({ person, page, script, watch }) => {
    // This answer is the test's own.
    watch.expect(/\/account\/data\/progress: /);
    await person.join();
    // The page as it is while the job runs, whatever the job does meanwhile.
    let waiting = true;
    await page.route('**/account/data/progress', async (route) => {
      await route.fulfill({ json: { done: 5, total: 8, ready: !waiting } });
    });
    await page.goto('/account/data');
    await ready(page);
    await page.getByTestId('export-button').click();
    const [bar, done] = [page.getByTestId('export-progress'), page.getByTestId('export-download-link')];
    await expect(bar.or(done)).toBeVisible();
    if (await bar.isVisible()) {
      await expect(bar).toHaveAccessibleName(words('data-export-progress'));
      if (script) {
        await expect(bar).toHaveAttribute('value', '5');
        waiting = false;
      } else {
        await expect(async () => {
          const again = page.getByTestId('export-check-link');
          if (await again.isVisible()) await again.click({ timeout: 500 });
          await expect(done).toBeVisible({ timeout: 500 });
        }).toPass();
      }
    }
    await expect(done).toBeVisible();
  });
});

test.describe('Deleting the account', () => {
  test('asks for the address, signs out, and can be undone by signing in', async ({ person, page, anotherBrowser }) => {
    await person.join();
    const elsewhere = person.at(await anotherBrowser());
    await elsewhere.signIn();

    await person.tryDelete('somebody.else@example.com');
    await expectRefused(page, 'email', words('refusal-email-not-yours'));
    await person.tryDelete();
    await expect(page.getByText(words('sign-in-notice-leaving'))).toBeVisible();
    expect(await person.sessionCookie()).toBeUndefined();
    await elsewhere.page.goto('/account');
    await expect(elsewhere.page).toHaveURL(/\/sign-in/);

    await person.trySignIn();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('keep-title'));
    await page.goto('/account/security');
    await expect(page).toHaveURL(/\/keep-account$/);
    await ready(page);
    await page.getByTestId('keep-button').click();
    await expect(page.getByText(words('account-kept'))).toBeVisible();
    await page.goto('/account');
    await person.expectSignedIn();
  });

  test('can be undone by the link in the mail, which signs nobody in', async ({ person, page }) => {
    await person.join();
    await person.tryDelete();
    await expect(page.getByText(words('sign-in-notice-leaving'))).toBeVisible();
    await page.goto(await person.keepLinkInMail());
    await ready(page);
    await page.getByTestId('keep-button').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('keep-kept-title'));
    expect(await person.sessionCookie()).toBeUndefined();
    await page.getByTestId('sign-in-link').click();
    await person.signIn();
  });
});
