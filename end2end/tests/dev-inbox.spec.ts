import { expect, test } from '../support/fixtures.ts';
import { expectAccessible, expectFits } from '../support/page.ts';
import { Person } from '../support/person.ts';
import { words } from '../support/words.ts';

test.describe('Dev inbox', () => {
  test('a message has all that other programs rely on', async ({ person, inbox, house }) => {
    await person.signUp();
    const message = await inbox.latest(person.email);
    expect(Object.keys(message).sort()).toEqual([
      'channel',
      'code',
      'created_at',
      'html',
      'id',
      'links',
      'subject',
      'text',
      'to',
    ]);
    expect(message).toMatchObject({ channel: 'email', to: person.email });
    expect(Math.abs(Date.parse(message.created_at) - Date.now())).toBeLessThan(120_000);

    const one = await fetch(`${house.url}/dev/inbox.json?limit=1`);
    expect(one.headers.get('content-type')).toContain('application/json');
    expect(await one.json()).toHaveLength(1);
  });

  test('messages come newest first, and by address', async ({ person, inbox }) => {
    await person.join();
    await inbox.latest(person.email, words('mail-welcome-subject'));
    const subjects = (await inbox.all(person.email.toUpperCase())).map((message) => message.subject);
    expect(subjects).toEqual([words('mail-welcome-subject'), words('mail-sign-up-verify-subject')]);
    expect(await inbox.all(`nobody.${person.email}`)).toEqual([]);
  });

  test('somebody who tries the sign-up finds the mail on a page, and its link leads on', async ({
    person,
    page,
    script,
  }) => {
    await person.signUp();
    const { id, links } = await person.inbox.latest(person.email);
    await page.goto('/dev/inbox');
    await page.locator(`a[href$="?id=${id}"]`).click();
    await expect(page.locator('main')).toContainText(words('mail-sign-up-verify-not-you'));
    await page.locator(`a[href="${links[0]}"]`).click();
    if (!script) await page.getByTestId('verify-button').click();
    await person.expectSignedIn();
  });

  test('mail with hostile words in it does no harm on the page', async ({ page, inbox }) => {
    const odd = new Person(page, inbox, { name: '<script>document.title = "caught"</script> A' });
    await odd.signUp();
    const { id } = await inbox.latest(odd.email);
    await page.goto('/dev/inbox');
    await page.locator(`a[href$="?id=${id}"]`).click();
    await expect(page.locator('main')).toContainText(odd.email);
    await expect(page).toHaveTitle(`${words('dev-inbox-title')} · Latchstring`);
  });

  test('a mail can be seen as it looks, and nothing in it runs', async ({ page, person, inbox }) => {
    await person.signUp();
    const { id, subject } = await inbox.latest(person.email);
    await page.goto(`/dev/inbox?id=${id}`);
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.url().endsWith('/html')),
      page.getByRole('link', { name: words('dev-inbox-html') }).click(),
    ]);
    await expect(page).toHaveTitle(subject);
    await expect(page.locator('body')).toContainText(words('mail-sign-up-verify-not-you'));
    expect(answer.headers()['content-security-policy']).toContain('sandbox');
  });

  test('a mail is open to everybody and fits a small screen', async ({ page, person, inbox }) => {
    await person.join();
    await inbox.latest(person.email, words('mail-welcome-subject'));
    for (const mail of await inbox.all(person.email)) {
      await page.goto('about:blank');
      await page.setContent(mail.html);
      // A mail stands inside the page of a mail program, which has the landmarks.
      await expectAccessible(page, ['landmark-one-main', 'region', 'page-has-heading-one']);
      await expectFits(page);
    }
  });
});
