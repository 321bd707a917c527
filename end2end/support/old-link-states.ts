import { type Page, expect } from '@playwright/test';
import type { House } from './house.ts';
import { invited } from './invitation-states.ts';
import type { States } from './states.ts';
import { words } from './words.ts';

/** A moment at which every link had had its time. */
export const LONG_AGO = '2020-02-20T20:20:20+00:00';

/** Opens a link after its time: what it leads to says so. */
async function tooOld(page: Page, house: House, table: string, link: string, title: string): Promise<Page> {
  await house.sql(`update ${table} set expires_at = '${LONG_AGO}'`);
  await page.goto(link);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words(title));
  return page;
}

/** Where links lead that are too old. */
export const oldLinkStates: States = {
  'the link in the mail, too old': async ({ page, person, house }) => {
    await person.signUp();
    return tooOld(page, house, 'sign_ups', await person.linkInMail(), 'verify-expired-title');
  },
  'choose a new password, link too old': async ({ page, person, house }) => {
    await person.join();
    await person.askForReset();
    return tooOld(page, house, 'password_resets', await person.resetLinkInMail(), 'reset-expired-title');
  },
  'the slow way back, link too old': async ({ page, person, house }) => {
    await person.join();
    await person.signOut();
    await person.askForRecovery();
    await person.recoveryLinkInMail('mail-recovery-asked-subject', '/recover/cancel');
    await house.operator('user', 'recover', person.email, '--reason', 'a call');
    const link = await person.recoveryLinkInMail('mail-recovery-ready-subject', '/recover/finish');
    return tooOld(page, house, 'recoveries', link, 'recover-expired-title');
  },
  'another address, link too old': async ({ page, person, house }) => {
    const email = `new.${person.email}`;
    await person.join();
    await person.askForAddress(email);
    const link = await person.addressLinkInMail(email);
    return tooOld(page, house, 'email_changes', link, 'change-email-expired-title');
  },
  'invitation, too old': async ({ person, house, anotherBrowser }) => {
    const { link, guest } = await invited({ person, house, anotherBrowser });
    return tooOld(guest.page, house, 'invitations', link, 'invitation-expired-title');
  },
};
