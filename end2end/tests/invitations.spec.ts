import { expect, test } from '../support/fixtures.ts';
import { invitationTo, invite } from '../support/invitation-states.ts';
import { ready, tabTo } from '../support/page.ts';
import { Person } from '../support/person.ts';
import { words } from '../support/words.ts';

test.describe('An invitation', () => {
  test('is written by the keyboard alone, accepted in another browser, and shows in the list', async ({
    page,
    person,
    house,
    anotherBrowser,
  }) => {
    await person.joinStaff(house);
    const email = `guest.${person.email}`;
    await page.goto('/admin/invitations');
    await page.getByTestId('invite-link').press('Enter');
    await ready(page);
    const list = page.getByTestId('emails-input');
    await list.focus();
    await page.keyboard.type(email);
    await tabTo(page, page.locator('#role-auditor'));
    await page.keyboard.press('Space');
    await tabTo(page, page.getByTestId('invite-button'));
    await page.keyboard.press('Enter');
    const report = page.getByTestId('invitation-report');
    await expect(report.getByRole('row', { name: email })).toContainText(words('invitations-outcome-invited'));

    const guest = new Person(await anotherBrowser(), person.inbox, { name: 'Kim Lee', email });
    await guest.page.goto(await invitationTo(person, email));
    await ready(guest.page);
    await expect(guest.page.getByTestId('invited-by')).toContainText(person.name);
    await expect(guest.page.getByTestId('invited-address')).toHaveText(email);
    await expect(guest.page.getByTestId('invited-roles')).toContainText(words('role-auditor-name'));
    await guest.page.getByTestId('name-input').fill(guest.name);
    await guest.page.getByTestId('password-input').fill(guest.password);
    await guest.page.getByTestId('accept-button').click();
    await guest.expectSignedIn();
    await page.goto(`/admin/invitations?to=${encodeURIComponent(email)}`);
    const row = page.getByTestId('invitation');
    await expect(row).toHaveAttribute('data-state', 'accepted');
    await expect(row.getByTestId('resend-invitation-button')).toHaveCount(0);
  });

  test('leads into a plain account at once, and works once', async ({ page, person, house, anotherBrowser }) => {
    await person.joinStaff(house);
    const email = `guest.${person.email}`;
    await invite(page, [email]);
    const link = await invitationTo(person, email);
    const guest = new Person(await anotherBrowser(), person.inbox, { name: 'Kim Lee', email });
    await guest.page.goto(link);
    await ready(guest.page);
    await guest.page.getByTestId('name-input').fill(guest.name);
    await guest.page.getByTestId('password-input').fill(guest.password);
    await guest.page.getByTestId('accept-button').click();
    await guest.expectSignedIn();
    const other = await anotherBrowser();
    await other.goto(link);
    await expect(other.getByTestId('link-state')).toHaveText(words('invitation-used-text'));
  });

  test('is sent again, and then revoked: only the newest link works, and at last none', async ({
    page,
    person,
    house,
    anotherBrowser,
  }) => {
    await person.joinStaff(house);
    const email = `guest.${person.email}`;
    await invite(page, [email]);
    const first = await invitationTo(person, email);
    const mine = `/admin/invitations?to=${encodeURIComponent(email)}`;
    await page.goto(mine);
    await page.getByTestId('resend-invitation-button').click();
    await expect(page.getByTestId('notice')).toHaveText(words('invitations-done-again'));
    const second = await invitationTo(person, email, 2);
    const guest = await anotherBrowser();
    await guest.goto(first);
    await expect(guest.getByRole('heading', { level: 1 })).toHaveText(words('invitation-invalid-title'));
    await guest.goto(second);
    await expect(guest.getByTestId('accept-button')).toBeVisible();
    await page.goto(mine);
    await page.getByTestId('revoke-invitation-button').click();
    await expect(page.getByTestId('notice')).toHaveText(words('invitations-done-revoked'));
    await guest.goto(second);
    await expect(guest.getByRole('heading', { level: 1 })).toHaveText(words('invitation-revoked-title'));
  });

  test('to an account is accepted by who signs in to it', async ({ page, person, house, anotherBrowser }) => {
    await person.joinStaff(house);
    const kim = new Person(await anotherBrowser(), person.inbox, { name: 'Kim Lee', email: `kim.${person.email}` });
    await kim.join();
    await invite(page, [kim.email], 'auditor');
    const link = await invitationTo(person, kim.email);
    const elsewhere = kim.at(await anotherBrowser());
    await elsewhere.page.goto(link);
    await elsewhere.page.getByTestId('invitation-sign-in').click();
    await ready(elsewhere.page);
    await elsewhere.page.getByTestId('email-input').fill(kim.email);
    await elsewhere.page.getByTestId('password-input').fill(kim.password);
    await elsewhere.page.getByTestId('sign-in-button').click();
    await expect(elsewhere.page).toHaveURL(/\/invitation$/);
    await ready(elsewhere.page);
    await elsewhere.page.getByTestId('take-up-button').click();
    await expect(elsewhere.page.getByRole('heading', { level: 1 })).toHaveText(words('invitation-done-title'));
  });
});
