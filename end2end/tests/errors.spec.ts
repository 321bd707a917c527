import { expect, test } from '../support/fixtures.ts';
import { expectAccessible, expectFits, expectSound } from '../support/page.ts';
import { words } from '../support/words.ts';

test.describe('Error pages', () => {
  test('a page that is not there says so, and shows a way on', async ({ page }) => {
    const answer = await page.goto('/no/such/page');
    expect(answer!.status()).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('error-404-title'));
    await expect(page.locator('main')).toContainText(words('error-404-text'));
    await page.locator('main').getByRole('link').first().click();
    await expect(page.getByTestId('sign-in-button')).toBeVisible();
  });

  test('a page that is not there looks the same to somebody who is signed in', async ({ page, person }) => {
    await person.join();
    const answer = await page.goto('/account/no-such-page');
    expect(answer!.status()).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('error-404-title'));
  });

  test('at a name that is not its own, the server says where it lives', async ({ page, house, watch }) => {
    watch.expect(/^request to http:\/\/127\.0\.0\.1/);
    const answer = await page.goto(house.url.replace('localhost', '127.0.0.1') + '/sign-in');
    expect(answer!.status()).toBe(421);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('error-421-title'));
    await expect(page.locator('main')).toContainText(house.url);
    await expect(page.getByTestId('sign-in-button')).toHaveCount(0);
    await expectSound(page);
    await expectAccessible(page);
    await expectFits(page);
  });

  test('a form that another site made is refused', async ({ page, house, person, watch }) => {
    watch.expect(/^request to http:\/\/other\.example\//);
    const action = `${house.url}/api/sign-in`;
    await page.route('http://other.example/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<form method=post action=${action}><input name=email value=${person.email}><button>Go</button></form>`,
      }),
    );
    await page.goto('http://other.example/');
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.url() === action),
      page.getByRole('button').click(),
    ]);
    expect(answer.status()).toBe(403);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('error-403-title'));
    await expectSound(page);
    await expectAccessible(page);
    await expectFits(page);
  });
});

test.describe('Too many requests', () => {
  test.use({ ownHouse: { LATCHSTRING_RATE_LIMITS: 'on' } });

  test('who sends forms without end is told how long to wait', async ({ page, house }) => {
    await page.goto('/sign-in');
    let status = 0;
    for (let sent = 0; sent < 200 && status !== 429; sent++) {
      const answer = await page.request.post('/sign-out', { headers: { origin: house.url }, maxRedirects: 0 });
      status = answer.status();
    }
    expect(status).toBe(429);
    await page.getByTestId('language-vi').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('error-429-title'));
    await expect(page.getByTestId('incident-id')).toHaveText(/\S{8,}/);
    await expectSound(page);
    await expectAccessible(page);
    await expectFits(page);
  });
});

test.describe('A server that cannot', () => {
  test.use({ ownHouse: {} });

  test('with a defect of its own, it says that nobody else is to blame, and by which number to ask', async ({
    page,
    person,
    house,
    watch,
    troubles,
  }) => {
    watch.expect(/: status 500$/);
    troubles.expect(/no such table|status=500/);
    await person.join();
    await house.sql('alter table recoveries rename to away');
    const answer = await page.goto('/account');
    expect(answer!.status()).toBe(500);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('error-500-title'));
    await expect(page.getByTestId('incident-id')).toHaveText(answer!.headers()['x-request-id']!);
    await expectSound(page);
    await expectAccessible(page);
    await expectFits(page);
    await house.sql('alter table away rename to recoveries');
    await page.getByTestId('again-link').click();
    await expect(page).toHaveURL(/\/account$/);
    await person.expectSignedIn();
  });

  test('without the place where sessions are kept, it lets nobody in and nobody go, and says when to try again', async ({
    page,
    person,
    house,
    watch,
    troubles,
  }) => {
    watch.expect(/: status 503$/);
    troubles.expect(/no such table|status=503/);
    await person.join();
    await house.sql('alter table sessions rename to away');
    const answer = await page.goto('/account');
    expect(answer!.status()).toBe(503);
    expect(Number(answer!.headers()['retry-after'])).toBeGreaterThan(0);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('error-503-title'));
    await expectSound(page);
    await expectAccessible(page);
    await expectFits(page);
    await house.sql('alter table away rename to sessions');
    await page.goto('/account');
    await person.expectSignedIn();
  });

  test('with a database that takes nothing, it says when to try again, and what was typed works then', async ({
    page,
    person,
    house,
    script,
    watch,
    troubles,
  }) => {
    watch.expect(/: status 503$/);
    troubles.expect(/a part of the server is away|status=503/);
    await person.join();
    await person.signOut();
    const letGo = await house.holdDatabase();
    try {
      await person.fillSignIn();
      const [answer] = await Promise.all([
        page.waitForResponse((response) => response.request().method() === 'POST', { timeout: 30_000 }),
        page.getByTestId('sign-in-button').click(),
      ]);
      // Without script the browser is led back to the form, which says the same.
      expect(answer.status()).toBe(script ? 503 : 303);
      await expect(page.getByTestId('form-error')).toContainText(words('refusal-unavailable'));
      await expect(page.getByTestId('email-input')).toHaveValue(person.email);
      await expectSound(page);
      await expectAccessible(page);
      await expectFits(page);
    } finally {
      await letGo();
    }
    await person.signIn();
  });
});
