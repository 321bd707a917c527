import { randomBytes, randomInt } from 'node:crypto';
import { type APIRequestContext, type Cookie, type Page, expect, request } from '@playwright/test';
import { Authenticator } from './authenticator.ts';
import type { House } from './house.ts';
import type { Inbox } from './inbox.ts';
import { hasScript, ready } from './page.ts';
import { spoken, words } from './words.ts';

export type Who = { name: string; email: string; password: string; phone: string };

/** Somebody with an address of their own, at one browser. */
export class Person {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  /** The subject, once there is an account. */
  private id = '';
  /** The number of their telephone. */
  readonly phone: string;

  constructor(
    readonly page: Page,
    readonly inbox: Inbox,
    who: Partial<Who> = {},
  ) {
    this.name = who.name ?? 'Ada Lovelace';
    this.email = who.email ?? `ada.${randomBytes(6).toString('hex')}@example.com`;
    this.password = who.password ?? 'seven lanterns under the quiet bridge';
    this.phone = who.phone ?? `+447400${randomInt(100_000, 1_000_000)}`;
  }

  /** The same person at another browser. */
  at(page: Page): Person {
    return new Person(page, this.inbox, this);
  }

  /** Their page in the console. */
  get inConsole(): string {
    expect(this.id, 'the account').not.toBe('');
    return `/admin/users/${this.id}`;
  }

  /** Opens the form, and types what it asks for. */
  async fillSignUp(typed: Partial<Who> = {}): Promise<void> {
    await this.page.goto('/sign-up');
    await ready(this.page);
    await this.page.getByTestId('name-input').fill(typed.name ?? this.name);
    await this.page.getByTestId('email-input').fill(typed.email ?? this.email);
    await this.page.getByTestId('password-input').fill(typed.password ?? this.password);
  }

  /** Signs up, as far as "check your mail". */
  async signUp(): Promise<void> {
    await this.fillSignUp();
    await this.page.getByTestId('sign-up-button').click();
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText(words('check-mail-title'));
    await expect(this.page).toHaveURL(/\/sign-up\/verify(\?|$)/);
  }

  /** The link in the newest message to this person. */
  async linkInMail(count = 1): Promise<string> {
    const message = await this.inbox.latest(this.email, words('mail-sign-up-verify-subject'), count);
    const link = message.links.find((link) => link.includes('/sign-up/verify?token='));
    expect(link, 'the link in the mail').toBeDefined();
    return link!;
  }

  /** The code in the newest message to this person. */
  async codeInMail(count = 1): Promise<string> {
    const message = await this.inbox.latest(this.email, words('mail-sign-up-verify-subject'), count);
    expect(message.code, 'the code in the mail').toMatch(/^\d{6}$/);
    return message.code!;
  }

  /** Types a code on "check your mail". */
  async typeCode(code: string): Promise<void> {
    await ready(this.page);
    await this.page.getByTestId('code-input').fill(code);
    await this.page.getByTestId('verify-button').click();
  }

  /** Opens the link in the mail, in this browser. With JavaScript, nothing more is to do. */
  async openLink(link: string, script: boolean): Promise<void> {
    await this.page.goto(link);
    if (!script) await this.page.getByTestId('verify-button').click();
  }

  /** Makes an account by what the forms of sign-up send, and ends in it. To fill them in is for the tests of sign-up. */
  async join(): Promise<void> {
    await this.makeAccount(this.page.request);
    await this.page.goto('/account');
    await this.expectSignedIn();
  }

  /** The same from somewhere else: this browser knows nothing of it. */
  async joinElsewhere(): Promise<void> {
    const elsewhere = await request.newContext({ baseURL: this.inbox.house.url });
    await this.makeAccount(elsewhere);
    await elsewhere.dispose();
  }

  private async makeAccount(from: APIRequestContext): Promise<void> {
    const { name, email, password } = this;
    await this.send(from, '/api/sign-up', { name, email, password });
    await this.send(from, '/api/sign-up-verify', { code: await this.codeInMail() });
    this.id = (await (await from.get('/api/v1/session')).json()).person.id;
  }

  /** What a form would send without script; it must lead on. */
  private async send(from: APIRequestContext, address: string, form: Record<string, string>): Promise<void> {
    const answer = await from.post(address, {
      form,
      maxRedirects: 0,
      headers: { accept: 'text/html', 'accept-language': spoken(), origin: this.inbox.house.url },
    });
    expect(answer.status(), `${address}: ${await answer.text()}`).toBe(303);
  }

  /** Sets a new server up: its first administrator, with a password. */
  async setUp(house: House): Promise<void> {
    await this.page.goto(house.setUpLink);
    await ready(this.page);
    await this.page.getByTestId('name-input').fill(this.name);
    await this.page.getByTestId('email-input').fill(this.email);
    await this.page.getByTestId('password-input').fill(this.password);
    await this.page.getByTestId('setup-button').click();
    await this.expectSignedIn();
  }

  /** Makes an account with an app by what the forms send, and is given a role by whoever runs the server. Signed in with both. */
  async joinStaff(house: House, role = 'administrator'): Promise<Authenticator> {
    const from = this.page.request;
    await this.makeAccount(from);
    await this.send(from, '/api/add-authenticator', {});
    const page = await (await from.get('/account/security/authenticator')).text();
    const [, key] = /data-testid="totp-key"[^>]*>([^<]+)</.exec(page)!;
    const app = new Authenticator(key);
    await this.send(from, '/api/confirm-authenticator', { code: app.code() });
    await house.operator('user', 'role', this.email, '--give', role);
    return app;
  }

  /** Adds an authenticator app: ends on the page of the recovery codes. */
  async addApp(): Promise<Authenticator> {
    await this.page.goto('/account/security');
    await this.page.getByTestId('add-authenticator-button').click();
    const app = new Authenticator(await this.page.getByTestId('totp-key').innerText());
    await ready(this.page);
    await this.page.getByTestId('code-input').fill(app.code());
    await this.page.getByTestId('confirm-authenticator-button').click();
    await expect(this.page.getByTestId('recovery-codes')).toBeVisible();
    return app;
  }

  /** Asks for a code to the number of the telephone: ends where it is typed. */
  async beginPhone(): Promise<void> {
    await this.page.goto('/account/security/phone');
    await ready(this.page);
    await this.page.getByTestId('phone-input').fill(this.phone);
    await this.page.getByTestId('add-phone-button').click();
    await expect(this.page.getByTestId('phone-sent')).toBeVisible();
    await ready(this.page);
  }

  /** The code in the newest text message to this person. */
  async codeOnPhone(count = 1): Promise<string> {
    const message = await this.inbox.latest(this.phone, undefined, count);
    expect(message.channel).toBe('sms');
    expect(message.code, 'the code in the message').toMatch(/^\d{6}$/);
    return message.code!;
  }

  /** Adds the telephone: ends on the page of the recovery codes. */
  async addPhone(): Promise<void> {
    await this.beginPhone();
    await this.page.getByTestId('code-input').fill(await this.codeOnPhone());
    await this.page.getByTestId('confirm-phone-button').click();
    await expect(this.page.getByTestId('recovery-codes')).toBeVisible();
  }

  /** Adds a passkey, on the device that the browser has; where it leads is for the test to say. */
  async addPasskey(): Promise<void> {
    await this.page.goto('/account/security/passkey');
    await ready(this.page);
    await this.page.getByTestId('passkey-button').click();
    await expect(this.page).not.toHaveURL(/\/account\/security\/passkey/);
  }

  /** Signs in as far as the second step. */
  async reachChallenge(): Promise<void> {
    await this.trySignIn();
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText(words('challenge-title'));
    await ready(this.page);
  }

  /** Fills the sign-in form that is open. */
  async fillSignIn(typed: { email?: string; password?: string; remember?: boolean } = {}): Promise<void> {
    await ready(this.page);
    await this.page.getByTestId('email-input').fill(typed.email ?? this.email);
    await this.page.getByTestId('password-input').fill(typed.password ?? this.password);
    if (typed.remember !== undefined) {
      await this.page.getByRole('checkbox', { name: words('sign-in-remember') }).setChecked(typed.remember);
    }
  }

  /** Sends the sign-in form; where it leads is for the test to say. */
  async trySignIn(typed: { email?: string; password?: string; remember?: boolean; at?: string } = {}): Promise<void> {
    await this.page.goto(typed.at ?? '/sign-in');
    await this.fillSignIn(typed);
    await this.page.getByTestId('sign-in-button').click();
  }

  async signIn(typed: { remember?: boolean } = {}): Promise<void> {
    await this.trySignIn(typed);
    await this.expectSignedIn();
  }

  /** Asks for a new password. */
  async askForReset(): Promise<void> {
    await this.page.goto('/forgot-password');
    await ready(this.page);
    await this.page.getByTestId('email-input').fill(this.email);
    await this.page.getByTestId('forgot-password-button').click();
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText(words('forgot-sent-title'));
  }

  /** The link to choose a new password, in the newest message to this person. */
  async resetLinkInMail(count = 1): Promise<string> {
    const message = await this.inbox.latest(this.email, words('mail-password-reset-subject'), count);
    const link = message.links.find((link) => link.includes('/reset-password?token='));
    expect(link, 'the link in the mail').toBeDefined();
    return link!;
  }

  /** Asks for the delayed way back. */
  async askForRecovery(): Promise<void> {
    await this.page.goto('/recover');
    await ready(this.page);
    await this.page.getByTestId('email-input').fill(this.email);
    await this.page.getByTestId('recover-button').click();
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText(words('recover-sent-title'));
  }

  /** The link in the newest message with this subject that opens this page. */
  async recoveryLinkInMail(subject: string, at: '/recover/cancel' | '/recover/finish'): Promise<string> {
    const message = await this.inbox.latest(this.email, words(subject));
    const link = message.links.find((link) => link.includes(`${at}?token=`));
    expect(link, 'the link in the mail').toBeDefined();
    return link!;
  }

  /** Unfolds the menu of accounts in the header. */
  async openMenu(): Promise<void> {
    await this.page.getByTestId('account-menu').click();
    await expect(this.page.getByTestId('add-account-link')).toBeVisible();
  }

  /** Signs in beside the account that is in use. */
  async addAccount(): Promise<void> {
    await this.page.goto('/sign-in?add=1');
    await this.fillSignIn();
    await this.page.getByTestId('sign-in-button').click();
    await this.expectSignedIn();
  }

  /** The link "this wasn't me" in the newest message with this subject. */
  async alarmLinkInMail(subject = words('mail-notice-new-device-subject')): Promise<string> {
    const message = await this.inbox.latest(this.email, subject);
    const link = message.links.find((link) => link.includes('/not-me?token='));
    expect(link, 'the link in the mail').toBeDefined();
    return link!;
  }

  /** Asks for a copy of the data, and waits until it is ready. */
  async askForData(): Promise<void> {
    await this.page.goto('/account/data');
    await ready(this.page);
    await this.page.getByTestId('export-button').click();
    await this.inbox.latest(this.email, words('mail-export-ready-subject'));
    // With JavaScript the page shows itself anew when the copy is there.
    if (!hasScript()) await this.page.goto('/account/data');
    await expect(this.page.getByTestId('export-download-link')).toBeVisible();
    await this.page.waitForLoadState();
    await ready(this.page);
  }

  /** Sends the form that deletes the account. */
  async tryDelete(typed: string = this.email): Promise<void> {
    await this.page.goto('/account/data');
    await ready(this.page);
    await this.page.getByTestId('email-input').fill(typed);
    await this.page.getByTestId('delete-account-button').click();
  }

  /** The link that keeps an account, in the newest message to this person. */
  async keepLinkInMail(): Promise<string> {
    const message = await this.inbox.latest(this.email, words('mail-erasure-asked-subject'));
    const link = message.links.find((link) => link.includes('/keep-account?token='));
    expect(link, 'the link in the mail').toBeDefined();
    return link!;
  }

  /** Asks for another address; the account must be open here. */
  async askForAddress(email: string): Promise<void> {
    await this.page.goto('/account/email');
    await ready(this.page);
    await this.page.getByTestId('email-input').fill(email);
    await this.page.getByTestId('change-email-button').click();
    await expect(this.page.getByText(words('profile-email-done'))).toBeVisible();
  }

  /** The link that confirms an address, in the newest message there. */
  async addressLinkInMail(email: string): Promise<string> {
    const message = await this.inbox.latest(email, words('mail-email-confirm-subject'));
    return message.links.find((link) => link.includes('/confirm-email?token='))!;
  }

  /** Moves the account to another address, and returns the way back. */
  async moveTo(email: string): Promise<string> {
    await this.askForAddress(email);
    await this.page.goto(await this.addressLinkInMail(email));
    await ready(this.page);
    await this.page.getByTestId('confirm-email-button').click();
    await expect(this.page.getByRole('heading', { level: 1 })).toHaveText(words('confirm-email-done-title'));
    const message = await this.inbox.latest(this.email, words('mail-email-changed-subject'));
    return message.links.find((link) => link.includes('/undo-email?token='))!;
  }

  async signOut(): Promise<void> {
    await this.page.goto('/account');
    await this.openMenu();
    await this.page.getByTestId('sign-out-button').click();
    await this.expectSignedOut();
  }

  async expectSignedIn(): Promise<void> {
    await expect(this.page).toHaveURL(/\/account(\?|$)/);
    await expect(this.page.getByTestId('welcome-message')).toHaveText(words('account-welcome', { name: this.name }));
    await expect(this.page.getByTestId('account-name')).toHaveText(this.name);
    await expect(this.page.getByTestId('account-email')).toHaveText(this.email);
  }

  /** On the page that follows signing out, and without a way back in. */
  async expectSignedOut(): Promise<void> {
    await expect(this.page.getByText(words('sign-in-notice-signed-out'))).toBeVisible();
    expect(await this.sessionCookie(), 'the session cookie').toBeUndefined();
  }

  /** The cookie that this browser is signed in by. */
  async sessionCookie(): Promise<Cookie | undefined> {
    return (await this.page.context().cookies()).find((cookie) => cookie.name === 'latchstring');
  }

  /** How many accounts were made with this address: each one is greeted by mail, once. */
  async expectOneAccount(): Promise<void> {
    await this.inbox.latest(this.email, words('mail-welcome-subject'));
    const welcomes = (await this.inbox.all(this.email)).filter(
      (message) => message.subject === words('mail-welcome-subject'),
    );
    expect(welcomes).toHaveLength(1);
  }
}
