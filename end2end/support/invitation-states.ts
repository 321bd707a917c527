import { type Page, expect } from '@playwright/test';
import type { House } from './house.ts';
import { ready } from './page.ts';
import { Person } from './person.ts';
import type { States } from './states.ts';
import { words } from './words.ts';

/** Types a list of addresses into the form that invites, and sends it: ends at what became of each. */
export async function invite(page: Page, list: string[], role?: string): Promise<void> {
  await page.goto('/admin/invitations/new');
  await ready(page);
  await page.getByTestId('emails-input').fill(list.join('\n'));
  if (role !== undefined) await page.locator(`#role-${role}`).check();
  await page.getByTestId('invite-button').click();
  await expect(page.getByTestId('invitation-report')).toBeVisible();
}

/** The link in the newest invitation to an address. */
export async function invitationTo(person: Person, email: string, count = 1): Promise<string> {
  const subject = words('mail-invitation-subject', { product: 'Latchstring' });
  const mail = await person.inbox.latest(email, subject, count);
  return mail.links.find((link) => link.includes('/invitation?token='))!;
}

/** Somebody with a role invites somebody else; the link, and the browser of who was invited. */
export async function invited(
  { person, house, anotherBrowser }: { person: Person; house: House; anotherBrowser: () => Promise<Page> },
  role?: string,
  join = false,
): Promise<{ link: string; guest: Person }> {
  await person.joinStaff(house);
  const guest = new Person(await anotherBrowser(), person.inbox, { email: `guest.${person.email}` });
  if (join) await guest.join();
  await invite(person.page, [guest.email], role);
  return { link: await invitationTo(person, guest.email), guest };
}

/** Invitations: in the console, and at the end of their links. */
export const invitationStates: States = {
  'console, invite people': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/invitations/new');
    await ready(page);
    return page;
  },
  'console, invite people, refused': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/invitations/new');
    await ready(page);
    await page.getByTestId('invite-button').click();
    await expect(page.getByTestId('emails-error')).toBeVisible();
    return page;
  },
  'console, what became of each address': async ({ page, person, house }) => {
    await person.joinStaff(house);
    const email = `guest.${person.email}`;
    await invite(page, [email, email, person.email, 'nobody', `two.${person.email}`], 'auditor');
    return page;
  },
  'console, invitations': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await invite(page, [`guest.${person.email}`, `two.${person.email}`], 'support');
    await page.getByTestId('revoke-invitation-button').first().click();
    await expect(page.getByTestId('notice')).toHaveText(words('invitations-done-revoked'));
    return page;
  },
  'console, invitations, none like that': async ({ page, person, house }) => {
    await person.joinStaff(house);
    await page.goto('/admin/invitations?to=nobody-at-all%40example.com&state=revoked');
    await expect(page.getByTestId('no-invitations')).toBeVisible();
    return page;
  },
  'an invitation': async (world) => {
    const { link, guest } = await invited(world, 'auditor');
    await guest.page.goto(link);
    await ready(guest.page);
    return guest.page;
  },
  'an invitation, with two mistakes': async (world) => {
    const { link, guest } = await invited(world);
    await guest.page.goto(link);
    await ready(guest.page);
    await guest.page.getByTestId('name-input').fill('***');
    await guest.page.getByTestId('password-input').fill('short');
    await guest.page.getByTestId('accept-button').click();
    await expect(guest.page.getByTestId('password-error')).toBeVisible();
    return guest.page;
  },
  'an invitation, in a browser that is signed in as somebody else': async (world) => {
    const { link } = await invited(world);
    await world.page.goto(link);
    await expect(world.page.getByTestId('replaces')).toBeVisible();
    return world.page;
  },
  'an invitation to an account, for its owner': async (world) => {
    const { link, guest } = await invited(world, 'support', true);
    await guest.page.goto(link);
    await expect(guest.page.getByTestId('take-up-button')).toBeVisible();
    return guest.page;
  },
  'an invitation to an account, before signing in': async (world) => {
    const { link } = await invited(world, undefined, true);
    const other = await world.anotherBrowser();
    await other.goto(link);
    await expect(other.getByTestId('invitation-sign-in')).toBeVisible();
    return other;
  },
  'an invitation to an account, for somebody else': async (world) => {
    const { link } = await invited(world, undefined, true);
    await world.page.goto(link);
    await expect(world.page.getByTestId('other-account')).toBeVisible();
    return world.page;
  },
  'an invitation, accepted': async (world) => {
    const { link, guest } = await invited(world, undefined, true);
    await guest.page.goto(link);
    await ready(guest.page);
    await guest.page.getByTestId('take-up-button').click();
    await expect(guest.page.getByRole('heading', { level: 1 })).toHaveText(words('invitation-done-title'));
    return guest.page;
  },
  'an invitation, revoked': async (world) => {
    const { link, guest } = await invited(world);
    await world.page.getByTestId('revoke-invitation-button').first().click();
    await expect(world.page.getByTestId('notice')).toBeVisible();
    await guest.page.goto(link);
    await expect(guest.page.getByRole('heading', { level: 1 })).toHaveText(words('invitation-revoked-title'));
    return guest.page;
  },
  'an invitation that is none': async ({ page }) => {
    await page.goto('/invitation?token=AAAA');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('invitation-invalid-title'));
    return page;
  },
};
