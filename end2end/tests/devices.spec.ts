import { expect, test } from '../support/fixtures.ts';
import { ready } from '../support/page.ts';
import { Person } from '../support/person.ts';
import { words } from '../support/words.ts';

test.describe('Devices', () => {
  test('another device is signed out from here', async ({ person, page, anotherBrowser }) => {
    await person.join();
    const other = person.at(await anotherBrowser());
    await other.signIn();
    await page.goto('/account/sessions');
    await expect(page.getByTestId('this-device')).toContainText(words('devices-this'));
    await page.getByTestId('end-session-button').click();
    await expect(page.getByTestId('notice')).toHaveText(words('devices-ended'));
    await expect(page.getByTestId('alone')).toBeVisible();
    await other.page.goto('/account');
    await expect(other.page).toHaveURL(/\/sign-in/);
    await page.goto('/account');
    await person.expectSignedIn();
  });

  test('all other devices are signed out at once', async ({ person, page, anotherBrowser }) => {
    await person.join();
    const others = [person.at(await anotherBrowser()), person.at(await anotherBrowser())];
    for (const other of others) await other.signIn();
    await page.goto('/account/sessions');
    await expect(page.getByTestId('other-device')).toHaveCount(2);
    await page.getByTestId('end-others-button').click();
    await expect(page.getByTestId('notice')).toHaveText(words('devices-others-done'));
    for (const other of others) {
      await other.page.goto('/account');
      await expect(other.page).toHaveURL(/\/sign-in/);
    }
  });
});

test.describe('This was not me', () => {
  test('the link in the mail closes the account, and the next mail opens it', async ({
    person,
    page,
    anotherBrowser,
  }) => {
    await person.join();
    const stranger = person.at(await anotherBrowser());
    await stranger.signIn();
    await page.goto(await person.alarmLinkInMail());
    await ready(page);
    await page.getByTestId('not-me-button').click();
    await expect(page.getByTestId('alarm-done')).toBeVisible();
    expect(await person.sessionCookie(), 'the session cookie').toBeUndefined();
    await stranger.page.goto('/account');
    await expect(stranger.page).toHaveURL(/\/sign-in/);
    await page.goto(await person.resetLinkInMail());
    await ready(page);
    await expect(page.getByTestId('reset-password-button')).toBeVisible();
  });

  test('the page of the activity leads to a new password', async ({ person, page, anotherBrowser }) => {
    await person.join();
    const stranger = person.at(await anotherBrowser());
    await stranger.signIn();
    await page.goto('/account/activity');
    await page.getByTestId('not-me-link').first().click();
    await page.getByTestId('alarmed-button').click();
    await expect(page.getByTestId('notice')).toHaveText(words('alarmed-done'));
    await expect(page.getByTestId('change-password-button')).toBeVisible();
    await stranger.page.goto('/account');
    await expect(stranger.page).toHaveURL(/\/sign-in/);
  });
});

test.describe('Several accounts in one browser', () => {
  test('they take turns, and each is signed out by itself', async ({ person, page, inbox }) => {
    const grace = new Person(page, inbox, { name: 'Grace Hopper' });
    await grace.join();
    await grace.signOut();
    await person.join();
    await person.openMenu();
    await page.getByTestId('add-account-link').click();
    await grace.fillSignIn();
    await page.getByTestId('sign-in-button').click();
    await grace.expectSignedIn();

    await grace.openMenu();
    await page.getByTestId('switch-button').click();
    await person.expectSignedIn();
    await person.signOut();
    await page.getByTestId('continue-as-button').click();
    await grace.expectSignedIn();
    await grace.signOut();
    await expect(page.getByTestId('continue-as-button')).toHaveCount(0);
  });

  test('one button signs all of them out', async ({ person, page, inbox }) => {
    const grace = new Person(page, inbox, { name: 'Grace Hopper' });
    await grace.join();
    await grace.signOut();
    await person.join();
    await grace.addAccount();
    await grace.openMenu();
    await page.getByTestId('sign-out-all-button').click();
    await expect(page.getByText(words('sign-in-notice-signed-out-all'))).toBeVisible();
    await expect(page.getByTestId('continue-as-button')).toHaveCount(0);
  });
});
