import { expect, test } from '../support/fixtures.ts';
import { ready } from '../support/page.ts';
import { Person } from '../support/person.ts';
import { words } from '../support/words.ts';

test.describe('One person in the console', () => {
  test('an account is made, and its holder chooses the password by the link in the mail', async ({
    page,
    person,
    house,
    inbox,
    anotherBrowser,
  }) => {
    await person.joinStaff(house);
    await page.goto('/admin/users/new');
    await ready(page);
    await page.getByTestId('name-input').fill('Kim Lee');
    const email = `new.${person.email}`;
    await page.getByTestId('email-input').fill(email);
    await page.getByTestId('create-button').click();
    await expect(page.getByTestId('notice')).toHaveText(words('person-done-made'));
    await expect(page.getByTestId('unproven-note')).toBeVisible();

    const subject = words('mail-account-made-subject', { host: new URL(house.url).host });
    const mail = await inbox.latest(email, subject);
    const kim = await anotherBrowser();
    await kim.goto(mail.links.find((link) => link.includes('token='))!);
    await ready(kim);
    await kim.getByTestId('password-input').fill(person.password);
    await kim.getByTestId('reset-password-button').click();
    await expect(kim.getByTestId('notice')).toBeVisible();
    await page.reload();
    await expect(page.getByTestId('unproven-note')).toBeHidden();
    await expect(page.getByTestId('person-state')).toHaveText(words('person-state-active'));
  });

  test('a lock signs its holder out at once, says why, and is taken back with one press', async ({
    page,
    person,
    house,
    anotherBrowser,
  }) => {
    await person.joinStaff(house);
    const kim = new Person(await anotherBrowser(), person.inbox, { name: 'Kim Lee' });
    await kim.join();
    await page.goto(kim.inConsole);
    await page.getByTestId('lock-link').click();
    await ready(page);
    await expect(page.getByTestId('will-do').getByRole('listitem')).toHaveCount(3);
    await page.getByTestId('lock-button').click();
    await expect(page.getByTestId('reason-error')).toHaveText(words('refusal-required'));
    await page.getByTestId('reason-input').fill('The laptop was stolen.');
    await page.getByTestId('hours-input').selectOption('24');
    await page.getByTestId('lock-button').click();
    await expect(page.getByTestId('locked-note')).toContainText('The laptop was stolen.');
    await kim.page.goto('/account');
    await expect(kim.page).toHaveURL(/\/sign-in/);
    await kim.trySignIn();
    await expect(kim.page.getByTestId('form-error')).toBeVisible();
    await page.getByTestId('unlock-button').click();
    await expect(page.getByTestId('locked-note')).toBeHidden();
    await kim.signIn();
    await kim.expectSignedIn();
  });

  test('a note is kept, a deletion wants the address typed, and is undone', async ({
    page,
    person,
    house,
    anotherBrowser,
  }) => {
    await person.joinStaff(house);
    const kim = new Person(await anotherBrowser(), person.inbox, { name: 'Kim Lee' });
    await kim.join();
    await page.goto(kim.inConsole);
    await ready(page);
    await page.getByTestId('note-input').fill('Called on Monday.\nWants to leave.');
    await page.getByTestId('add-note-button').click();
    await expect(page.getByTestId('note')).toContainText('Wants to leave.');
    await page.getByTestId('delete-link').click();
    await ready(page);
    await page.getByTestId('email-input').fill('somebody@example.com');
    await page.getByTestId('reason-input').fill('Left the company.');
    await page.getByTestId('delete-button').click();
    await expect(page.getByTestId('email-error')).toHaveText(words('refusal-email-not-yours'));
    await page.getByTestId('email-input').fill(kim.email);
    await page.getByTestId('reason-input').fill('Left the company.');
    await page.getByTestId('delete-button').click();
    await expect(page.getByTestId('leaving-note')).toBeVisible();
    await page.getByTestId('keep-button').click();
    await expect(page.getByTestId('notice')).toHaveText(words('person-done-kept'));
    await kim.signIn();
  });

  test('nobody does anything to themselves here', async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto(person.inConsole);
    await expect(page.getByTestId('why-not')).toContainText(words('person-own'));
    for (const deed of ['lock-link', 'delete-link', 'edit-link', 'end-sessions-button', 'add-note-button']) {
      await expect(page.getByTestId(deed)).toHaveCount(0);
    }
  });
});
