import { expect, test } from '../support/fixtures.ts';
import { expectAccepted, expectRefused, ready } from '../support/page.ts';
import { Person } from '../support/person.ts';
import { words } from '../support/words.ts';

test.describe('Sign-up', () => {
  test('the link in the mail, opened in the same browser, leads to the account', async ({ page, person, script }) => {
    await person.signUp();
    await expect(page.locator('main')).toContainText(person.email);
    await person.openLink(await person.linkInMail(), script);
    await person.expectSignedIn();
    await expect(page.locator('main')).toContainText(person.email);
    await person.expectOneAccount();
  });

  test('the code in the mail, typed where the sign-up began, leads to the account', async ({ person }) => {
    await person.signUp();
    await person.typeCode(await person.codeInMail());
    await person.expectSignedIn();
    await person.expectOneAccount();
  });

  test('a code may be typed with a space in the middle', async ({ page, person }) => {
    await person.signUp();
    const code = await person.codeInMail();
    await ready(page);
    await page.getByTestId('code-input').pressSequentially(`${code.slice(0, 3)} ${code.slice(3)}`);
    await page.getByTestId('verify-button').click();
    await person.expectSignedIn();
  });

  test('the mail says first why it came and last what to do if it was somebody else', async ({
    person,
    inbox,
    house,
  }) => {
    await person.signUp();
    const mail = await inbox.latest(person.email);
    const host = new URL(house.url).host;
    expect(mail.subject).toBe(words('mail-sign-up-verify-subject'));
    expect(mail.channel).toBe('email');
    const [why, notYou] = [
      mail.text.search(/Somebody, probably you/),
      mail.text.indexOf(words('mail-sign-up-verify-not-you')),
    ];
    expect(why).toBeGreaterThan(-1);
    expect(notYou).toBeGreaterThan(why);
    expect(mail.text).toContain(person.name);
    expect(mail.text).toContain(mail.code);
    expect(mail.html).toContain(mail.code);
    expect(mail.links[0]).toContain(`http://${host}/sign-up/verify?token=`);
  });

  test('the link, opened in another browser, asks for the password and then leads to the account', async ({
    person,
    anotherBrowser,
  }) => {
    await person.signUp();
    const page = await anotherBrowser();
    const elsewhere = person.at(page);
    await page.goto(await person.linkInMail());
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('verify-elsewhere-heading'));
    await expect(page.getByTestId('password-input')).toHaveValue('');
    await ready(page);
    await page.getByTestId('password-input').fill(person.password);
    await page.getByTestId('verify-button').click();
    await elsewhere.expectSignedIn();
    await elsewhere.signOut();
    await elsewhere.signIn();
  });

  test('whoever signed up with the address of somebody else cannot come in with the password they chose', async ({
    person,
    anotherBrowser,
  }) => {
    // The person at the first browser is the attacker; the owner of the mailbox opens the link.
    await person.signUp();
    const page = await anotherBrowser();
    const owner = person.at(page);
    await page.goto(await person.linkInMail());
    await ready(page);
    await page.getByTestId('password-input').fill('three owls beside a yellow ladder');
    await page.getByTestId('verify-button').click();
    await owner.expectSignedIn();

    await person.trySignIn();
    await expect(person.page.getByTestId('form-error')).toContainText("don't match");
    expect(await person.sessionCookie()).toBeUndefined();
  });

  test('a password that is too weak is refused on the link in another browser, and the link still works', async ({
    person,
    anotherBrowser,
  }) => {
    await person.signUp();
    const page = await anotherBrowser();
    await page.goto(await person.linkInMail());
    await ready(page);
    await page.getByTestId('password-input').fill('short');
    await page.getByTestId('verify-button').click();
    await expectRefused(page, 'password', words('refusal-password-too-short', { min: '15' }));
    await expect(page.getByTestId('password-input')).toBeFocused();
    await page.getByTestId('password-input').fill(person.password);
    await page.getByTestId('verify-button').click();
    await person.at(page).expectSignedIn();
  });

  test('a link that did its work says so and leads to sign-in', async ({ person, anotherBrowser, script }) => {
    await person.signUp();
    const link = await person.linkInMail();
    await person.openLink(link, script);
    await person.expectSignedIn();

    const page = await anotherBrowser();
    await page.goto(link);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('verify-used-title'));
    await expect(page.getByTestId('verify-button')).toHaveCount(0);
    await page.getByRole('link', { name: words('verify-used-button') }).click();
    await expect(page.getByTestId('sign-in-button')).toBeVisible();
    await person.expectOneAccount();
  });

  test('looking at the link uses nothing up: mail scanners open links too', async ({
    person,
    anotherBrowser,
    script,
  }) => {
    await person.signUp();
    const link = await person.linkInMail();
    const scanner = await anotherBrowser();
    for (let visit = 0; visit < 2; visit++) {
      await scanner.goto(link);
      await expect(scanner.getByTestId('verify-button')).toBeVisible();
    }
    await person.openLink(link, script);
    await person.expectSignedIn();
  });

  test('a link that was cut short says so and leads to the code', async ({ page, person }) => {
    await person.signUp();
    const link = await person.linkInMail();
    await page.goto(link.slice(0, -5));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('verify-invalid-title'));
    await page.getByRole('link', { name: words('verify-invalid-button') }).click();
    await person.typeCode(await person.codeInMail());
    await person.expectSignedIn();
  });

  test('in a browser that did not sign up, a code is not called wrong: the page says what to do instead', async ({
    person,
    anotherBrowser,
  }) => {
    await person.signUp();
    const code = await person.codeInMail();
    const page = await anotherBrowser();
    await page.goto('/sign-up/verify');
    await ready(page);
    await page.getByTestId('email-input').fill(person.email);
    await page.getByTestId('code-input').fill(code);
    await page.getByTestId('verify-button').click();
    await expectRefused(page, 'code', words('refusal-code-elsewhere'));
    await expect(page.getByText(words('check-mail-sent-somewhere'))).toBeVisible();
    await expect(page.getByTestId('email-input')).toHaveValue(person.email);
  });

  test('a wrong code keeps the page and names the field, and the right one still works', async ({ page, person }) => {
    await person.signUp();
    const code = await person.codeInMail();
    await person.typeCode(code === '123456' ? '654321' : '123456');
    await expectRefused(page, 'code', words('refusal-code-invalid'));
    await expect(page.getByTestId('code-input')).toBeFocused();
    await expect(page).toHaveURL(/\/sign-up\/verify/);
    await expect(page.locator('main')).toContainText(person.email);

    await person.typeCode(code);
    await person.expectSignedIn();
  });

  test('an address that has an account gets the very same page, and only its owner is told', async ({
    person,
    anotherBrowser,
    inbox,
  }) => {
    await person.join();
    const [known, unknown] = [person.at(await anotherBrowser()), person.at(await anotherBrowser())];
    const stranger = { email: `somebody.${person.email}` };

    await known.signUp();
    await unknown.fillSignUp(stranger);
    await unknown.page.getByTestId('sign-up-button').click();
    await expect(unknown.page.getByRole('heading', { level: 1 })).toHaveText(words('check-mail-title'));

    const page = async (of: typeof known, email: string) => ({
      url: of.page.url().replace(encodeURIComponent(email), '…'),
      title: await of.page.title(),
      text: (await of.page.locator('body').innerText()).replaceAll(email, '…'),
      cookies: (await of.page.context().cookies()).map(({ name, value }) => `${name} ${value.length}`).sort(),
    });
    const [one, other] = [await page(known, person.email), await page(unknown, stranger.email)];
    // Sealed cookies carry the address, so their lengths differ as the addresses do.
    expect({ ...one, cookies: one.cookies.length }).toEqual({ ...other, cookies: other.cookies.length });

    const mail = await inbox.latest(person.email, words('mail-sign-up-known-subject'));
    expect(mail.text).toContain(words('mail-sign-up-known-text'));
    expect(mail.code).toBeNull();
    expect(mail.links.filter((link) => link.includes('token='))).toEqual([]);
    await person.expectOneAccount();
  });

  test('every link in every mail leads to a page', async ({ person, anotherBrowser, inbox, house }) => {
    await person.join();
    await person.at(await anotherBrowser()).signUp();
    await inbox.latest(person.email, words('mail-sign-up-known-subject'));
    await inbox.latest(person.email, words('mail-welcome-subject'));
    const links = new Set((await inbox.all(person.email)).flatMap((message) => message.links));
    expect(links.size).toBeGreaterThan(2);
    for (const link of links) {
      expect(new URL(link).origin).toBe(house.url);
      expect((await fetch(link)).status, link).toBe(200);
    }
  });

  test('three mistakes are shown at once, each under its field, and nothing typed is lost', async ({
    page,
    person,
    script,
  }) => {
    await person.fillSignUp({ name: '***', email: 'ada@example', password: 'passwordpassword' });
    await page.getByTestId('sign-up-button').click();

    await expectRefused(page, 'name', words('refusal-name-invalid'));
    await expectRefused(page, 'email', words('refusal-email-invalid'));
    await expectRefused(page, 'password', words('refusal-password-common'));
    const summary = page.getByTestId('form-error');
    await expect(summary).toBeVisible();
    await expect(summary).toContainText('3 things need another look.');
    await expect(page.getByTestId('name-input')).toBeFocused();

    await expect(page).toHaveURL(/\/sign-up(\?|$)/);
    await expect(page.getByTestId('name-input')).toHaveValue('***');
    await expect(page.getByTestId('email-input')).toHaveValue('ada@example');
    // A password never comes back from the server; with script, it has not left the page.
    await expect(page.getByTestId('password-input')).toHaveValue(script ? 'passwordpassword' : '');
  });

  test('sent empty, the form says what each field wants', async ({ page }) => {
    await page.goto('/sign-up');
    await ready(page);
    await page.getByTestId('sign-up-button').click();
    await expectRefused(page, 'name', words('refusal-required-name'));
    await expectRefused(page, 'email', words('refusal-required-email'));
    await expectRefused(page, 'password', words('refusal-required-password'));
    await expect(page.getByTestId('name-input')).toBeFocused();
  });

  test('the lines of the summary lead to the fields', async ({ page, person }) => {
    await person.fillSignUp({ name: '***', email: 'ada@example', password: 'passwordpassword' });
    await page.getByTestId('sign-up-button').click();
    const lines = page.getByTestId('form-error').getByRole('link');
    await expect(lines).toHaveCount(3);
    await lines.nth(2).click();
    await expect(page.getByTestId('password-input')).toBeFocused();
  });

  test('once the mistakes are mended, the complaints are gone and the sign-up goes on', async ({ page, person }) => {
    await person.fillSignUp({ email: 'ada@example' });
    await page.getByTestId('sign-up-button').click();
    await expectRefused(page, 'email', words('refusal-email-invalid'));
    await expectAccepted(page, 'name');
    await expect(page.getByTestId('email-input')).toBeFocused();
    await page.getByTestId('email-input').fill(person.email);
    await page.getByTestId('password-input').fill(person.password);
    await page.getByTestId('sign-up-button').click();
    await person.typeCode(await person.codeInMail());
    await person.expectSignedIn();
  });

  test('an address never shows up in the address bar', async ({ page, person }) => {
    await person.fillSignUp({ password: 'passwordpassword' });
    await page.getByTestId('sign-up-button').click();
    await expectRefused(page, 'password', words('refusal-password-common'));
    expect(decodeURIComponent(page.url())).not.toContain(person.email);
    await person.signUp();
    expect(decodeURIComponent(page.url())).not.toContain(person.email);
  });

  test('asked again, the server sends a new code, and the old one no longer works', async ({ page, person }) => {
    await person.signUp();
    const old = await person.codeInMail();
    await ready(page);
    const more = page.locator('details', { has: page.getByTestId('resend-button') });
    if ((await more.count()) > 0) await more.locator('summary').click();
    await page.getByTestId('resend-button').click();
    await expect(page.getByText(words('check-mail-resent'))).toBeVisible();
    const fresh = await person.codeInMail(2);
    if (old !== fresh) {
      await person.typeCode(old);
      await expectRefused(page, 'code', words('refusal-code-invalid'));
    }
    await person.typeCode(fresh);
    await person.expectSignedIn();
  });

  test('two quick clicks make one account', async ({ page, person, inbox, script }) => {
    await person.fillSignUp();
    await page.getByTestId('sign-up-button').dblclick();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('check-mail-title'));
    await person.codeInMail();
    if (script) expect(await inbox.all(person.email)).toHaveLength(1);

    await person.typeCode(await person.codeInMail());
    await person.expectSignedIn();
    await person.expectOneAccount();
  });

  test('two quick clicks on the code make one account too', async ({ page, person, script }) => {
    await person.signUp();
    const code = await person.codeInMail();
    await ready(page);
    await page.getByTestId('code-input').fill(code);
    await page.getByTestId('verify-button').dblclick();
    if (script) {
      await person.expectSignedIn();
    } else {
      // The browser sends the form twice and shows the second answer: which came first is up to the network.
      const [inside, late] = [page.getByTestId('welcome-message'), page.getByText(words('refusal-link-used'))];
      await expect(inside.or(late).first()).toBeVisible();
      await page.context().clearCookies();
      await person.signIn();
    }
    await person.expectOneAccount();
  });

  test('the same form sent from two tabs makes one account', async ({ page, person, script }) => {
    const tab = person.at(await page.context().newPage());
    // A browser lets the script of a tab that nobody looks at wait, for ten seconds at times.
    await page.bringToFront();
    await person.fillSignUp();
    await tab.page.bringToFront();
    await tab.fillSignUp();
    for (const { page } of [person, tab]) {
      await page.bringToFront();
      await page.getByTestId('sign-up-button').click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('check-mail-title'));
    }
    const subject = words('mail-sign-up-verify-subject');
    await person.inbox.latest(person.email, subject, 2);
    const [newer, older] = (await person.inbox.all(person.email)).map((message) => message.links[0]);

    await tab.openLink(newer, script);
    await tab.expectSignedIn();
    // The other link is of no more use, whatever is typed.
    await page.goto(older);
    const password = page.getByTestId('password-input');
    if (await password.isVisible()) {
      await ready(page);
      await password.fill(person.password);
      await page.getByTestId('verify-button').click();
      await expect(
        page
          .getByText(words('refusal-link-used'))
          .or(page.getByText(words('verify-used-title')))
          .first(),
      ).toBeVisible();
    } else {
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('verify-used-title'));
    }
    await person.expectOneAccount();
  });

  test('a name is shown as it was typed, whatever it looks like', async ({ page, inbox }) => {
    const odd = new Person(page, inbox, { name: '<img src=x onerror=alert(1)> & "Ada"' });
    await odd.join();
    const mail = await inbox.latest(odd.email, words('mail-sign-up-verify-subject'));
    expect(mail.html).not.toContain('<img src=x');
  });

  test('the page that somebody came for survives the whole sign-up', async ({ page, person }) => {
    await page.goto('/account?x=1');
    await page.getByRole('link', { name: words('sign-in-create-account') }).click();
    await expect(page).toHaveURL('/sign-up?next=%2Faccount%3Fx%3D1');
    await ready(page);
    await page.getByTestId('name-input').fill(person.name);
    await page.getByTestId('email-input').fill(person.email);
    await page.getByTestId('password-input').fill(person.password);
    await page.getByTestId('sign-up-button').click();
    await person.typeCode(await person.codeInMail());
    await person.expectSignedIn();
    expect(new URL(page.url()).search).toBe('?x=1');
  });

  test('somebody who is signed in already is told so', async ({ page, person }) => {
    await person.join();
    await page.goto('/sign-up');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('sign-in-already-title'));
    await expect(page.getByTestId('sign-up-button')).toHaveCount(0);
    await page.getByRole('link', { name: words('sign-in-already-continue', { name: person.name }) }).click();
    await person.expectSignedIn();
  });
});
