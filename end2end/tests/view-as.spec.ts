import { expect, test } from '../support/fixtures.ts';
import { ready } from '../support/page.ts';
import { Person } from '../support/person.ts';
import { words } from '../support/words.ts';

const REASON = 'Called about a missing button';

test.describe('Looking at an account as its owner sees it', () => {
  test('an operator says why, sees the pages, can change nothing, and comes back', async ({
    page,
    person,
    house,
    inbox,
    anotherBrowser,
  }) => {
    await person.joinStaff(house);
    const kim = new Person(await anotherBrowser(), person.inbox, { name: 'Kim Lee' });
    await kim.join();
    const theirs = kim.inConsole;
    await page.goto(theirs);
    await page.getByTestId('view-link').click();
    await ready(page);
    await expect(page.getByTestId('will-do').getByRole('listitem')).toHaveCount(4);
    await page.getByTestId('view-button').click();
    await expect(page.getByTestId('reason-error')).toHaveText(words('refusal-required'));
    await page.getByTestId('reason-input').fill(REASON);
    await page.getByTestId('view-button').click();

    const line = page.getByTestId('viewing-line');
    await expect(page).toHaveURL(/\/account$/);
    await expect(line).toContainText('Kim Lee');
    await expect(line).toContainText(REASON);
    await expect(page.getByTestId('account-email')).toHaveText(kim.email);
    await page.getByRole('navigation').getByRole('link', { name: words('account-nav-profile') }).click();
    await expect(page.getByTestId('name-input')).toHaveValue('Kim Lee');
    await expect(page.getByTestId('name-input')).toBeDisabled();
    await expect(page.getByTestId('save-profile-button')).toBeDisabled();
    await expect(line).toBeVisible();
    for (const path of ['/admin', '/account/data', '/account/security/recovery-codes', '/dev/inbox']) {
      await page.goto(path);
      await expect(page.getByTestId('viewing-shut')).toBeVisible();
    }
    await page.getByTestId('viewing-on-link').click();
    await expect(line).toBeVisible();
    // With the keyboard alone.
    await page.getByTestId('stop-viewing-button').focus();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('notice')).toHaveText(words('person-done-viewed'));
    await expect(page).toHaveURL(new RegExp(`${theirs}\\?done=viewed$`));
    await page.goto('/account');
    await expect(page.getByTestId('account-email')).toHaveText(person.email);
    await expect(line).toBeHidden();

    // The person is told, and sees who it was.
    const mail = await inbox.latest(kim.email, words('mail-viewed-subject'));
    expect(mail.text).toContain(REASON);
    await kim.page.goto('/account/activity');
    const seen = kim.page.getByTestId('happening').filter({ hasText: words('event-view-began') });
    await expect(seen).toContainText(person.name);
    await expect(seen).toContainText(REASON);
    await kim.page.goto('/account');
    await kim.expectSignedIn();
  });

  test('a lock of the account ends it at once, and nothing of either account shows until the operator is back', async ({
    page,
    person,
    house,
    anotherBrowser,
  }) => {
    await person.joinStaff(house);
    const kim = new Person(await anotherBrowser(), person.inbox, { name: 'Kim Lee' });
    await kim.join();
    await page.goto(`${kim.inConsole}/view`);
    await ready(page);
    await page.getByTestId('reason-input').fill(REASON);
    await page.getByTestId('view-button').click();
    await expect(page.getByTestId('viewing-line')).toBeVisible();
    await house.operator('user', 'lock', kim.email);
    await page.getByRole('navigation').getByRole('link', { name: words('account-nav-security') }).click();
    await expect(page.getByTestId('viewing-over')).toBeVisible();
    await page.goto('/admin');
    await expect(page.getByTestId('viewing-over')).toBeVisible();
    await page.getByTestId('stop-viewing-button').click();
    await expect(page).toHaveURL(/\/account$/);
    await expect(page.getByTestId('account-email')).toHaveText(person.email);
  });
});
