import { expect, test } from '../support/fixtures.ts';
import { ready, tabTo } from '../support/page.ts';
import { words } from '../support/words.ts';

test.describe('With the keyboard alone', () => {
  test('somebody signs up and confirms the address', async ({ person, page }) => {
    await page.goto('/sign-up');
    await ready(page);
    await tabTo(page, page.getByTestId('name-input'));
    await page.keyboard.type(person.name);
    await tabTo(page, page.getByTestId('email-input'));
    await page.keyboard.type(person.email);
    await tabTo(page, page.getByTestId('password-input'));
    await page.keyboard.type(person.password);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('check-mail-title'));

    await ready(page);
    await tabTo(page, page.getByTestId('code-input'));
    await page.keyboard.type(await person.codeInMail());
    await page.keyboard.press('Enter');
    await person.expectSignedIn();
  });

  test('somebody signs in with the button, and out again', async ({ person, page }) => {
    await person.join();
    await person.signOut();
    await page.goto('/sign-in');
    await ready(page);
    await tabTo(page, page.getByTestId('email-input'));
    await page.keyboard.type(person.email);
    await tabTo(page, page.getByTestId('password-input'));
    await page.keyboard.type(person.password);
    const remember = page.getByRole('checkbox', { name: words('sign-in-remember') });
    await tabTo(page, remember);
    const before = await remember.isChecked();
    await page.keyboard.press('Space');
    await expect(remember).toBeChecked({ checked: !before });
    await tabTo(page, page.getByTestId('sign-in-button'));
    await page.keyboard.press('Enter');
    await person.expectSignedIn();

    await tabTo(page, page.getByTestId('account-menu'));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByTestId('sign-out-button'));
    await page.keyboard.press('Enter');
    await person.expectSignedOut();
  });

  for (const path of ['/sign-in', '/sign-up']) {
    test(`the first stop on ${path} leads past the head of the page`, async ({ page }) => {
      await page.goto(path);
      await page.keyboard.press('Tab');
      const skip = page.locator('a[href="#main"]');
      await expect(skip).toBeFocused();
      await expect(skip).toBeInViewport();
      await page.keyboard.press('Enter');
      await expect(page.locator('main')).toBeFocused();
    });
  }

  test('every stop on the sign-in page can be seen', async ({ page }) => {
    await page.goto('/sign-in');
    await ready(page);
    await page.keyboard.press('Tab');
    const seen = new Set<string>();
    for (let stop = 0; stop < 15; stop++) {
      const focus = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
        const drawn = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
        return { at: element === document.body ? '' : element.outerHTML.slice(0, 120), drawn };
      });
      if (focus.at === '' || seen.has(focus.at)) break;
      seen.add(focus.at);
      expect(focus.drawn, `the focus on ${focus.at}`).toBe(true);
      await page.keyboard.press('Tab');
    }
    expect(seen.size).toBeGreaterThan(4);
  });
});
