import { type Page, expect } from '@playwright/test';
import type { House } from './house.ts';
import { hasScript, ready } from './page.ts';
import { Inbox } from './inbox.ts';
import { claimsStates } from './claims-states.ts';
import { consolePersonStates } from './console-person-states.ts';
import { consoleStates } from './console-states.ts';
import { auditStates } from './audit-states.ts';
import { factorStates } from './factor-states.ts';
import { invitationStates } from './invitation-states.ts';
import { Person } from './person.ts';
import { importStates } from './import-states.ts';
import { LONG_AGO, oldLinkStates } from './old-link-states.ts';
import { settingsStates } from './settings-states.ts';
import { viewingStates } from './viewing-states.ts';
import { watchStates } from './watch-states.ts';
import { words } from './words.ts';

type World = { page: Page; person: Person; house: House; anotherBrowser: () => Promise<Page> };

/** Pages in states: the name of each, and the way to it, which yields the page. */
export type States = Record<string, (world: World) => Promise<Page>>;

/** Every page in every state that has a look of its own. */
export const states: States = {
  ...factorStates,
  ...consoleStates,
  ...claimsStates,
  ...consolePersonStates,
  ...invitationStates,
  ...importStates,
  ...auditStates,
  ...viewingStates,
  ...oldLinkStates,
  'sign-in': async ({ page }) => {
    await page.goto('/sign-in');
    await ready(page);
    return page;
  },
  'sign-in, refused': async ({ page, person }) => {
    await person.trySignIn({ password: 'not the password at all' });
    await expect(page.getByTestId('form-error')).toBeVisible();
    return page;
  },
  'sign-in, with a mistake in a field': async ({ page, person }) => {
    await person.trySignIn({ email: 'ada@example' });
    await expect(page.getByTestId('email-error')).toBeVisible();
    return page;
  },
  'sign-in, for somebody who wanted another page': async ({ page }) => {
    await page.goto('/account');
    await expect(page.getByText(words('sign-in-notice-next'))).toBeVisible();
    return page;
  },
  'sign-in, after signing out': async ({ page, person }) => {
    await person.join();
    await person.signOut();
    return page;
  },
  'sign-in, for somebody who is signed in': async ({ page, person }) => {
    await person.join();
    await page.goto('/sign-in');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('sign-in-already-title'));
    return page;
  },
  'sign-up': async ({ page }) => {
    await page.goto('/sign-up');
    await ready(page);
    return page;
  },
  'sign-up, with three mistakes': async ({ page, person }) => {
    await person.fillSignUp({ name: '***', email: 'ada@example', password: 'passwordpassword' });
    await page.getByTestId('sign-up-button').click();
    await expect(page.getByTestId('password-error')).toBeVisible();
    return page;
  },
  'check your mail': async ({ page, person }) => {
    await person.signUp();
    return page;
  },
  'check your mail, with all of it unfolded': async ({ page, person }) => {
    await person.signUp();
    for (const summary of await page.locator('main summary').all()) await summary.click();
    return page;
  },
  'check your mail, after a wrong code': async ({ page, person }) => {
    await person.signUp();
    await person.typeCode((await person.codeInMail()) === '123456' ? '654321' : '123456');
    await expect(page.getByTestId('code-error')).toBeVisible();
    return page;
  },
  'check your mail, in a browser that did not sign up': async ({ page }) => {
    await page.goto('/sign-up/verify');
    await expect(page.getByTestId('code-input')).toBeVisible();
    return page;
  },
  'the link in the mail': async ({ page, person }) => {
    await person.signUp();
    const link = await person.linkInMail();
    // With script the page sends itself off: here its request never ends.
    if (hasScript()) await page.route('**/api/sign-up-verify', () => {});
    await page.goto(link);
    await expect(page.getByTestId('verify-button')).toBeVisible();
    return page;
  },
  'the link in the mail, in another browser': async ({ person, anotherBrowser }) => {
    await person.signUp();
    const other = await anotherBrowser();
    await other.goto(await person.linkInMail());
    await expect(other.getByTestId('password-input')).toBeVisible();
    return other;
  },
  'the link in the mail, in another browser, refused': async ({ person, anotherBrowser }) => {
    await person.signUp();
    const other = await anotherBrowser();
    await other.goto(await person.linkInMail());
    await ready(other);
    await other.getByTestId('password-input').fill('short');
    await other.getByTestId('verify-button').click();
    await expect(other.getByTestId('password-error')).toBeVisible();
    return other;
  },
  'the link in the mail, used': async ({ person, anotherBrowser }) => {
    await person.signUp();
    const link = await person.linkInMail();
    await person.openLink(link, hasScript());
    await person.expectSignedIn();
    const other = await anotherBrowser();
    await other.goto(link);
    await expect(other.getByRole('heading', { level: 1 })).toHaveText(words('verify-used-title'));
    return other;
  },
  'the link in the mail, cut short': async ({ page }) => {
    await page.goto('/sign-up/verify?token=AAAA');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('verify-invalid-title'));
    return page;
  },
  'forgot the password': async ({ page }) => {
    await page.goto('/forgot-password');
    await ready(page);
    return page;
  },
  'forgot the password, with a mistake': async ({ page }) => {
    await page.goto('/forgot-password');
    await ready(page);
    await page.getByTestId('email-input').fill('ada@example');
    await page.getByTestId('forgot-password-button').click();
    await expect(page.getByTestId('email-error')).toBeVisible();
    return page;
  },
  'forgot the password, link sent': async ({ page, person }) => {
    await person.askForReset();
    for (const summary of await page.locator('main summary').all()) await summary.click();
    return page;
  },
  'choose a new password': async ({ page, person }) => {
    await person.join();
    await person.askForReset();
    await page.goto(await person.resetLinkInMail());
    await ready(page);
    await expect(page.getByTestId('reset-password-button')).toBeVisible();
    return page;
  },
  'choose a new password, refused': async ({ page, person }) => {
    await person.join();
    await person.askForReset();
    await page.goto(await person.resetLinkInMail());
    await ready(page);
    await page.getByTestId('password-input').fill('short');
    await page.getByTestId('reset-password-button').click();
    await expect(page.getByTestId('password-error')).toBeVisible();
    return page;
  },
  'choose a new password, link cut short': async ({ page }) => {
    await page.goto('/reset-password?token=AAAA');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('reset-invalid-title'));
    return page;
  },
  'the slow way back': async ({ page }) => {
    await page.goto('/recover');
    await ready(page);
    await expect(page.getByTestId('recover-button')).toBeVisible();
    return page;
  },
  'the slow way back, asked for': async ({ page, person }) => {
    await person.askForRecovery();
    await expect(page.getByTestId('check-mail')).toBeVisible();
    return page;
  },
  'the slow way back, at its end': async ({ page, person, house }) => {
    await person.join();
    await person.signOut();
    await person.askForRecovery();
    await person.recoveryLinkInMail('mail-recovery-asked-subject', '/recover/cancel');
    await house.operator('user', 'recover', person.email, '--reason', 'a call');
    await page.goto(await person.recoveryLinkInMail('mail-recovery-ready-subject', '/recover/finish'));
    await ready(page);
    await expect(page.getByTestId('recover-finish-button')).toBeVisible();
    return page;
  },
  'the slow way back, to be stopped': async ({ page, person }) => {
    await person.join();
    await person.askForRecovery();
    await page.goto(await person.recoveryLinkInMail('mail-recovery-asked-subject', '/recover/cancel'));
    await expect(page.getByTestId('recover-cancel-button')).toBeVisible();
    return page;
  },
  'the slow way back, link cut short': async ({ page }) => {
    await page.goto('/recover/finish?token=AAAA');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('recover-invalid-title'));
    return page;
  },
  'account, while somebody waits for the way back': async ({ page, person }) => {
    await person.join();
    await person.askForRecovery();
    await person.recoveryLinkInMail('mail-recovery-asked-subject', '/recover/cancel');
    await page.goto('/account');
    await expect(page.getByTestId('recovery-note')).toBeVisible();
    return page;
  },
  'security, closed for changes': async ({ page, person, anotherBrowser }) => {
    await person.join();
    const other = person.at(await anotherBrowser());
    await other.signIn();
    await page.goto(await person.alarmLinkInMail());
    await ready(page);
    await page.getByTestId('not-me-button').click();
    await expect(page.getByTestId('alarm-done')).toBeVisible();
    await person.signIn();
    await page.goto('/account/security');
    await ready(page);
    await page.getByTestId('current-password-input').fill(person.password);
    await page.getByTestId('password-input').fill('three owls beside a yellow ladder');
    await page.getByTestId('change-password-button').click();
    await expect(page.getByTestId('form-error')).toBeVisible();
    return page;
  },
  account: async ({ page, person }) => {
    await person.join();
    return page;
  },
  'account, after a refused sign-in': async ({ page, person, anotherBrowser }) => {
    await person.join();
    const stranger = person.at(await anotherBrowser());
    await stranger.trySignIn({ password: 'not the password at all' });
    await expect(stranger.page.getByTestId('form-error')).toBeVisible();
    await page.goto('/account');
    await expect(page.getByTestId('attention')).toBeVisible();
    return page;
  },
  'account, with the menu of accounts': async ({ page, person, house }) => {
    const other = new Person(page, new Inbox(house), { name: 'Grace Hopper' });
    await other.join();
    await other.signOut();
    await person.join();
    await other.addAccount();
    await other.openMenu();
    await expect(page.getByTestId('switch-button')).toBeVisible();
    return page;
  },
  'sign-in, to add an account': async ({ page, person }) => {
    await person.join();
    await page.goto('/sign-in?add=1');
    await ready(page);
    await expect(page.getByTestId('stays')).toBeVisible();
    return page;
  },
  'sign-in, with an account that waits': async ({ page, person, house }) => {
    const other = new Person(page, new Inbox(house), { name: 'Grace Hopper' });
    await other.join();
    await other.signOut();
    await person.join();
    await other.addAccount();
    await other.signOut();
    await expect(page.getByTestId('continue-as-button')).toBeVisible();
    return page;
  },
  devices: async ({ page, person, anotherBrowser }) => {
    await person.join();
    await person.at(await anotherBrowser()).signIn({ remember: true });
    await page.goto('/account/sessions');
    await expect(page.getByTestId('other-device')).toBeVisible();
    return page;
  },
  'devices, only this one': async ({ page, person }) => {
    await person.join();
    await page.goto('/account/sessions');
    await expect(page.getByTestId('alone')).toBeVisible();
    return page;
  },
  activity: async ({ page, person, anotherBrowser }) => {
    await person.join();
    const stranger = person.at(await anotherBrowser());
    await stranger.trySignIn({ password: 'not the password at all' });
    await expect(stranger.page.getByTestId('form-error')).toBeVisible();
    await page.goto('/account/activity');
    await expect(page.getByTestId('not-me-link').first()).toBeVisible();
    return page;
  },
  'activity, this was not me': async ({ page, person }) => {
    await person.join();
    await page.goto('/account/not-me');
    await expect(page.getByTestId('alarmed-button')).toBeVisible();
    return page;
  },
  'not me': async ({ page, person, anotherBrowser }) => {
    await person.join();
    await person.at(await anotherBrowser()).signIn();
    await page.goto(await person.alarmLinkInMail());
    await ready(page);
    await expect(page.getByTestId('not-me-button')).toBeVisible();
    return page;
  },
  'not me, done': async ({ page }) => {
    await page.goto('/not-me?done=1');
    await expect(page.getByTestId('alarm-done')).toBeVisible();
    return page;
  },
  'not me, link cut short': async ({ page }) => {
    await page.goto('/not-me?token=AAAA');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('not-me-invalid-title'));
    return page;
  },
  'your data': async ({ page, person }) => {
    await person.join();
    await page.goto('/account/data');
    await ready(page);
    await expect(page.getByTestId('export-button')).toBeVisible();
    return page;
  },
  'your data, a copy is ready': async ({ page, person }) => {
    await person.join();
    await person.askForData();
    await expect(page.getByTestId('export-download-link')).toBeVisible();
    return page;
  },
  'your data, with another address typed': async ({ page, person }) => {
    await person.join();
    await person.tryDelete('somebody.else@example.com');
    await expect(page.getByTestId('email-error')).toBeVisible();
    return page;
  },
  'sign-in, after deleting the account': async ({ page, person }) => {
    await person.join();
    await person.tryDelete();
    await expect(page.getByText(words('sign-in-notice-leaving'))).toBeVisible();
    return page;
  },
  'an account that will be erased': async ({ page, person }) => {
    await person.join();
    await person.tryDelete();
    await expect(page.getByText(words('sign-in-notice-leaving'))).toBeVisible();
    await person.trySignIn();
    await expect(page.getByTestId('keep-button')).toBeVisible();
    return page;
  },
  'an account that is kept': async ({ page, person }) => {
    await person.join();
    await person.tryDelete();
    await expect(page.getByText(words('sign-in-notice-leaving'))).toBeVisible();
    await page.goto(await person.keepLinkInMail());
    await ready(page);
    await page.getByTestId('keep-button').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('keep-kept-title'));
    return page;
  },
  'keep the account, link cut short': async ({ page }) => {
    await page.goto('/keep-account?token=AAAA');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('keep-invalid-title'));
    return page;
  },
  'sign-out': async ({ page, person }) => {
    await person.join();
    await page.goto('/sign-out');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('sign-out-title'));
    return page;
  },
  'sign-out, when nobody is signed in': async ({ page }) => {
    await page.goto('/sign-out');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('sign-out-nobody-title'));
    return page;
  },
  'a page that is not there': async ({ page }) => {
    await page.goto('/no/such/page');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('error-404-title'));
    return page;
  },
  'caught messages': async ({ page, person }) => {
    await person.signUp();
    await person.linkInMail();
    await page.goto('/dev/inbox');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('dev-inbox-heading'));
    await expect(page.locator('main')).toContainText(person.email);
    return page;
  },
  'caught messages, one of them open': async ({ page, person }) => {
    await person.signUp();
    const { id } = await person.inbox.latest(person.email);
    await page.goto('/dev/inbox');
    await page.locator(`a[href$="?id=${id}"]`).click();
    await expect(page.locator('main')).toContainText(await person.codeInMail());
    return page;
  },
  profile: async ({ page, person }) => {
    await person.join();
    await page.goto('/account/profile');
    await ready(page);
    return page;
  },
  'profile, while another address waits': async ({ page, person }) => {
    await person.join();
    await person.askForAddress(`new.${person.email}`);
    return page;
  },
  'profile, with a mistake': async ({ page, person }) => {
    await person.join();
    await page.goto('/account/profile');
    await ready(page);
    await page.getByTestId('name-input').fill('***');
    await page.getByTestId('save-profile-button').click();
    await expect(page.getByTestId('name-error')).toBeVisible();
    return page;
  },
  'change the address': async ({ page, person }) => {
    await person.join();
    await page.goto('/account/email');
    await ready(page);
    return page;
  },
  'link to a new address': async ({ page, person, anotherBrowser }) => {
    await person.join();
    await person.askForAddress(`new.${person.email}`);
    const phone = await anotherBrowser();
    await phone.goto(await person.addressLinkInMail(`new.${person.email}`));
    await expect(phone.getByTestId('confirm-email-button')).toBeVisible();
    await page.close();
    return phone;
  },
  'new address, confirmed': async ({ page, person }) => {
    await person.join();
    await person.moveTo(`new.${person.email}`);
    return page;
  },
  'way back to the old address': async ({ page, person }) => {
    await person.join();
    await page.goto(await person.moveTo(`new.${person.email}`));
    await expect(page.getByTestId('undo-email-button')).toBeVisible();
    return page;
  },
  'old address, taken back': async ({ page, person }) => {
    await person.join();
    await page.goto(await person.moveTo(`new.${person.email}`));
    await ready(page);
    await page.getByTestId('undo-email-button').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('undo-email-done-title'));
    return page;
  },
  'way back, used': async ({ page, person }) => {
    await person.join();
    const link = await person.moveTo(`new.${person.email}`);
    await page.goto(link);
    await ready(page);
    await page.getByTestId('undo-email-button').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('undo-email-done-title'));
    await page.goto(link);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('change-email-used-title'));
    return page;
  },
  'link to a new address, cut': async ({ page }) => {
    await page.goto('/confirm-email?token=cut');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('change-email-invalid-title'));
    return page;
  },
  'close the account for now': async ({ page, person }) => {
    await person.join();
    await page.goto('/account/close');
    await ready(page);
    return page;
  },
  'account, opened again': async ({ page, person }) => {
    await person.join();
    await page.goto('/account/close');
    await ready(page);
    await page.getByTestId('close-account-button').click();
    await expect(page.getByText(words('sign-in-notice-closed'))).toBeVisible();
    await person.trySignIn();
    await expect(page.getByTestId('notice')).toBeVisible();
    return page;
  },
  'adding an authenticator app': async ({ page, person }) => {
    await person.join();
    await page.goto('/account/security');
    await page.getByTestId('add-authenticator-button').click();
    await expect(page.getByTestId('totp-key')).toBeVisible();
    await ready(page);
    return page;
  },
  'recovery codes': async ({ page, person }) => {
    await person.join();
    await person.addApp();
    return page;
  },
  'security, with a second step and a remembered browser': async ({ page, person }) => {
    await person.join();
    const app = await person.addApp();
    await page.getByTestId('codes-kept-button').click();
    await person.signOut();
    await person.reachChallenge();
    await page.getByTestId('code-input').fill(app.code());
    await page.getByTestId('trust-input').check();
    await page.getByTestId('challenge-button').click();
    await person.expectSignedIn();
    await page.goto('/account/security');
    await expect(page.getByTestId('trusted-device')).toBeVisible();
    return page;
  },
  'adding a passkey': async ({ page, person }) => {
    await person.join();
    await page.goto('/account/security/passkey');
    await ready(page);
    return page;
  },
};

/** The states of a server that nobody has set up and nobody has used. */
export const firstStates: States = {
  ...settingsStates,
  ...watchStates,
  'set-up': async ({ page, house }) => {
    await page.goto(house.setUpLink);
    await ready(page);
    await expect(page.getByRole('heading', { name: words('set-up-checks-heading') })).toBeVisible();
    return page;
  },
  'set-up, with all checks unfolded': async ({ page, house }) => {
    await page.goto(house.setUpLink);
    for (const summary of await page.locator('main summary').all()) await summary.click();
    await expect(page.getByTestId('check-database')).toBeVisible();
    return page;
  },
  'set-up, with three mistakes': async ({ page, house }) => {
    await page.goto(house.setUpLink);
    await ready(page);
    await page.getByTestId('name-input').fill('***');
    await page.getByTestId('email-input').fill('ada@example');
    await page.getByTestId('password-input').fill('short');
    await page.getByTestId('setup-button').click();
    await expect(page.getByTestId('password-error')).toBeVisible();
    return page;
  },
  'set-up, with a wrong link': async ({ page }) => {
    await page.goto('/setup?token=AAAA');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('set-up-invalid-title'));
    return page;
  },
  'set-up, with a link that is too old': async ({ page, house }) => {
    await house.sql(`update setup_links set expires_at = '${LONG_AGO}'`);
    await page.goto(house.setUpLink);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('set-up-expired-title'));
    return page;
  },
  'set-up, without a link': async ({ page }) => {
    await page.goto('/setup');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('set-up-missing-title'));
    return page;
  },
  'set-up, when it is done': async ({ page, person, house, anotherBrowser }) => {
    await person.setUp(house);
    const other = await anotherBrowser();
    await other.goto('/setup');
    await expect(other.getByRole('heading', { level: 1 })).toHaveText(words('set-up-already-title'));
    return other;
  },
  'account of the administrator': async ({ page, person, house }) => {
    await person.setUp(house);
    return page;
  },
  'no messages caught yet': async ({ page }) => {
    await page.goto('/dev/inbox');
    await expect(page.locator('main')).toContainText(words('dev-inbox-empty-title'));
    return page;
  },
};
