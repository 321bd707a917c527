import { expect, test } from '../support/fixtures.ts';
import { expectRefused, ready } from '../support/page.ts';
import { PasskeyDevice } from '../support/passkeys.ts';
import type { Person } from '../support/person.ts';
import { words } from '../support/words.ts';

// Each test has a server that nobody has set up.
test.use({ ownHouse: {} });

/** The first administrator is told by mail that the house is theirs: once. */
async function expectOneAdministrator(person: Person) {
  const subject = words('mail-set-up-done-subject', { host: new URL(person.page.url()).host });
  await person.inbox.latest(person.email, subject);
  expect((await person.inbox.all(person.email)).filter((message) => message.subject === subject)).toHaveLength(1);
}

async function fill(person: Person) {
  await ready(person.page);
  await person.page.getByTestId('name-input').fill(person.name);
  await person.page.getByTestId('email-input').fill(person.email);
  await person.page.getByTestId('password-input').fill(person.password);
}

test.describe('Set-up', () => {
  test('the link in the log leads through one form to the account of an administrator', async ({
    page,
    house,
    person,
  }) => {
    await page.goto(house.setUpLink);
    await expect(page).toHaveTitle(`${words('set-up-title')} · Latchstring`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('set-up-heading'));
    await fill(person);
    await page.getByTestId('setup-button').click();

    await person.expectSignedIn();
    await expect(page.getByText(words('account-administrator'))).toBeVisible();
    await expectOneAdministrator(person);
  });

  test('a passkey does without a password, and lets the administrator in @script', async ({ page, house, person }) => {
    const device = await PasskeyDevice.at(page);
    device.touchOnlyOnce();
    await page.goto(house.setUpLink);
    await ready(page);
    await page.getByTestId('name-input').fill(person.name);
    await page.getByTestId('email-input').fill(person.email);
    await page.getByTestId('passkey-button').click();
    await page.waitForURL(/\/sign-in\?ready=1/);
    expect(await device.count()).toBe(1);
    await ready(page);
    await device.signIn();
    await person.expectSignedIn();
    await expect(page.getByText(words('account-administrator'))).toBeVisible();
    await expectOneAdministrator(person);
  });

  test('without JavaScript there is the password, and a line about passkeys @no-script', async ({ page, house }) => {
    await page.goto(house.setUpLink);
    await expect(page.getByTestId('password-input')).toBeVisible();
    await expect(page.getByTestId('passkey-no-script')).toHaveText(words('passkey-no-script-short'));
    await expect(page.getByTestId('passkey-button')).toBeHidden();
  });

  test('the page says how the server is doing, and what would have to be mended', async ({ page, house }) => {
    await page.goto(house.setUpLink);
    await expect(page.getByRole('heading', { name: words('set-up-checks-heading') })).toBeVisible();
    for (const summary of await page.locator('main summary').all()) await summary.click();
    for (const check of [
      'database',
      'migrations',
      'cache',
      'mail',
      'clock',
      'key-file',
      'public-url',
      'cookie',
      'passkey',
      'worker',
    ]) {
      await expect(page.getByTestId(`check-${check}`)).toBeVisible();
      await expect(page.getByTestId(`check-${check}`)).toContainText(words(`check-${check}`));
    }
    await expect(page.getByTestId('check-database')).toContainText(words('check-state-ok'));
    await expect(page.getByTestId('check-database')).toContainText(words('check-database-ok'));
    await expect(page.getByTestId('check-mail')).toContainText(words('check-mail-caught'));
    await expect(page.getByTestId('check-public-url')).toContainText(words('check-public-url-ok', { url: house.url }));
    await expect(page.getByTestId('check-passkey')).toContainText(words('check-passkey-ok', { host: 'localhost' }));
  });

  test('the first administrator can sign out and in again', async ({ page, house, person }) => {
    await page.goto(house.setUpLink);
    await fill(person);
    await page.getByTestId('setup-button').click();
    await person.expectSignedIn();
    await person.signOut();
    await person.signIn();
  });

  test('the link, once used, says that the server is set up, and asks nothing more', async ({
    page,
    house,
    person,
    anotherBrowser,
  }) => {
    await page.goto(house.setUpLink);
    await fill(person);
    await page.getByTestId('setup-button').click();
    await person.expectSignedIn();

    const stranger = await anotherBrowser();
    await stranger.goto(house.setUpLink);
    await expect(stranger.getByRole('heading', { level: 1 })).toHaveText(words('set-up-already-title'));
    await expect(stranger.getByTestId('setup-button')).toHaveCount(0);
    await stranger.getByRole('link', { name: words('set-up-already-button') }).click();
    await expect(stranger.getByTestId('sign-in-button')).toBeVisible();

    // Neither does the page without its link, nor to the administrator.
    await stranger.goto('/setup');
    await expect(stranger.getByRole('heading', { level: 1 })).toHaveText(words('set-up-already-title'));
    await page.goto(house.setUpLink);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('set-up-already-title'));
  });

  test('a form that was left open is refused once somebody else was faster', async ({
    page,
    house,
    person,
    anotherBrowser,
  }) => {
    const slow = await anotherBrowser();
    await slow.goto(house.setUpLink);
    const late = person.at(slow);
    await fill(late);

    await page.goto(house.setUpLink);
    await fill(person);
    await page.getByTestId('setup-button').click();
    await person.expectSignedIn();

    await slow.getByTestId('setup-button').click();
    await expect(
      slow
        .getByText(words('refusal-already-set-up'))
        .or(slow.getByText(words('set-up-already-title')))
        .first(),
    ).toBeVisible();
    expect(await late.sessionCookie()).toBeUndefined();
    await expectOneAdministrator(person);
  });

  test('a wrong token is told what to do: print a fresh link', async ({ page }) => {
    await page.goto('/setup?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('set-up-invalid-title'));
    await expect(page.getByText('latchstring setup-link')).toBeVisible();
    await expect(page.getByTestId('setup-button')).toHaveCount(0);
  });

  test('a link without its token is told where to look', async ({ page }) => {
    await page.goto('/setup');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('set-up-missing-title'));
    await expect(page.getByText('latchstring setup-link')).toBeVisible();
  });

  test('three mistakes are shown at once, nothing typed is lost, and the link still works', async ({
    page,
    house,
    person,
    script,
  }) => {
    await page.goto(house.setUpLink);
    await ready(page);
    await page.getByTestId('name-input').fill('***');
    await page.getByTestId('email-input').fill('ada@example');
    await page.getByTestId('password-input').fill('short');
    await page.getByTestId('setup-button').click();

    await expectRefused(page, 'name', words('refusal-name-invalid'));
    await expectRefused(page, 'email', words('refusal-email-invalid'));
    await expectRefused(page, 'password', words('refusal-password-too-short', { min: '15' }));
    await expect(page.getByTestId('form-error')).toBeVisible();
    await expect(page.getByTestId('name-input')).toBeFocused();
    await expect(page.getByTestId('name-input')).toHaveValue('***');
    await expect(page.getByTestId('email-input')).toHaveValue('ada@example');
    // A password never comes back from the server; with script, it has not left the page.
    await expect(page.getByTestId('password-input')).toHaveValue(script ? 'short' : '');

    await fill(person);
    await page.getByTestId('setup-button').click();
    await person.expectSignedIn();
  });

  test('two quick clicks make one administrator', async ({ page, house, person, script }) => {
    await page.goto(house.setUpLink);
    await fill(person);
    await page.getByTestId('setup-button').dblclick();
    if (script) {
      await person.expectSignedIn();
    } else {
      // The browser sends the form twice and shows the second answer: which came first is up to the network.
      const [letIn, second] = [page.getByTestId('welcome-message'), page.getByText(words('set-up-already-title'))];
      await expect(
        letIn
          .or(second)
          .or(page.getByText(words('refusal-already-set-up')))
          .first(),
      ).toBeVisible();
      await page.context().clearCookies();
      await person.signIn();
    }
    await expectOneAdministrator(person);
  });
});
