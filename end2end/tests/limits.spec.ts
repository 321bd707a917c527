import { expect, test } from '../support/fixtures.ts';
import { Person } from '../support/person.ts';
import { words } from '../support/words.ts';

// Each test has a server whose limits are on, and all of them count for its one address.
test.use({ ownHouse: { LATCHSTRING_RATE_LIMITS: 'on' } });

test.describe('Limits', () => {
  test('the eleventh sign-in within a minute has to wait, and nothing typed is lost', async ({
    page,
    person,
    house,
  }) => {
    for (let attempt = 0; attempt < 10; attempt++) {
      const answer = await page.request.post('/api/sign-in', {
        headers: { accept: 'application/json', origin: house.url },
        form: { email: `nobody${attempt}@example.com`, password: 'not the password at all' },
        maxRedirects: 0,
      });
      expect(answer.status()).toBe(422);
    }
    await person.trySignIn();
    await expect(page.getByTestId('form-error')).toContainText('There were too many attempts. Wait ');
    await expect(page.getByTestId('email-input')).toHaveValue(person.email);

    const answer = await page.request.post('/api/sign-in', {
      headers: { accept: 'application/json', origin: house.url },
      form: { email: 'nobody@example.com', password: 'not the password at all' },
      maxRedirects: 0,
    });
    expect(answer.status()).toBe(429);
    expect(Number(answer.headers()['retry-after'])).toBeGreaterThan(0);
    expect(Number(answer.headers()['retry-after'])).toBeLessThanOrEqual(60);
  });

  test('the fourth sign-up within five minutes has to wait, and nothing typed is lost', async ({ page, inbox }) => {
    for (let attempt = 0; attempt < 3; attempt++) await new Person(page, inbox).signUp();
    const fourth = new Person(page, inbox);
    await fourth.fillSignUp();
    await page.getByTestId('sign-up-button').click();
    await expect(page.getByTestId('form-error')).toContainText('There were too many attempts. Wait ');
    await expect(page.getByTestId('name-input')).toHaveValue(fourth.name);
    await expect(page.getByTestId('email-input')).toHaveValue(fourth.email);
    expect(await inbox.all(fourth.email)).toEqual([]);
  });

  test('after three wrong codes the next has to wait', async ({ page, person }) => {
    await person.signUp();
    const code = await person.codeInMail();
    for (const wrong of ['000001', '000002', '000003'].filter((wrong) => wrong !== code)) {
      await person.typeCode(wrong);
      await expect(page.getByTestId('code-error')).toHaveText(words('refusal-code-invalid'));
      await page.reload();
    }
    await person.typeCode(code);
    await expect(page.getByText(/There were too many attempts\. Wait /).filter({ visible: true })).toHaveCount(1);
    await expect(page).toHaveURL(/\/sign-up\/verify/);
  });

  test('the fourth wish for a new mail has to wait', async ({ page, person }) => {
    await person.signUp();
    const more = page.locator('details', { has: page.getByTestId('resend-button') });
    const resend = async () => {
      await page.goto('/sign-up/verify');
      if ((await more.count()) > 0) await more.locator('summary').click();
      await page.getByTestId('resend-button').click();
    };
    for (let wish = 0; wish < 3; wish++) {
      await resend();
      await expect(page.getByText(words('check-mail-resent'))).toBeVisible();
    }
    await resend();
    await expect(page.getByText(/There were too many attempts\. Wait /).filter({ visible: true })).toHaveCount(1);
  });
});
