import { expect, test } from '../support/fixtures.ts';
import { expectAccessible, expectSound, hasScript, ready, tabTo } from '../support/page.ts';
import { Person } from '../support/person.ts';
import { words } from '../support/words.ts';

const an = { name: 'Nguyễn Thị Hồng An', password: 'bảy con rái cá dưới cầu' };

test.describe('In a browser that asks for Vietnamese', () => {
  test.use({ locale: 'vi-VN' });

  test('somebody signs up, signs out and comes back, all in Vietnamese', async ({ page, inbox }) => {
    const person = new Person(page, inbox, an);
    await page.goto('/sign-up');
    await expectSound(page);
    await expectAccessible(page);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Tạo tài khoản');
    await person.signUp();
    await expectAccessible(page);
    const mail = await inbox.latest(person.email);
    expect(mail.subject).toBe('Xác nhận địa chỉ của bạn');
    expect(mail.html).toContain('<html lang="vi"');
    await person.typeCode(await person.codeInMail());
    await person.expectSignedIn();
    await expectSound(page);
    await expectAccessible(page);
    await expect(page.locator('dd time').first()).toContainText(/tháng \d{1,2}/);
    await person.signOut();
    await person.trySignIn({ password: 'không phải mật khẩu này' });
    await expect(page.getByTestId('form-error')).toHaveText(words('refusal-sign-in-mismatch'));
    await person.signIn();
  });
});

test.describe('The choice of a language', () => {
  test('stands at the door, works at once, and is kept', async ({ page }) => {
    await page.goto('/sign-up?next=/account');
    await ready(page);
    const other = page.getByTestId('language-vi');
    await expect(other).toHaveAccessibleName('Tiếng Việt');
    await expect(other).toHaveAttribute('lang', 'vi');
    await tabTo(page, other);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/sign-up\?next=\/account$/);
    await expect(page.locator('html')).toHaveAttribute('lang', 'vi');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('sign-up-heading', {}, 'vi'));
    await expectAccessible(page);
    await page.goto('/sign-in');
    await expect(page.locator('html')).toHaveAttribute('lang', 'vi');
    await page.getByTestId('language-en').click();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  });

  test('is not offered to somebody who is signed in', async ({ page, person }) => {
    await person.join();
    await page.goto('/sign-out');
    await expect(page.getByTestId('sign-out-button')).toBeVisible();
    await expect(page.getByTestId('language-vi')).toHaveCount(0);
  });
});

// One language a page, written as in the reader's region.
const dates = [
  { locale: 'en-GB', written: /^\d{1,2} [A-Z][a-z]+ \d{4}/ },
  { locale: 'en-US', written: /^[A-Z][a-z]+ \d{1,2}, \d{4}/ },
  { locale: 'de-DE', written: /^[A-Z][a-z]+ \d{1,2}, \d{4}/ },
  { locale: 'vi-VN', written: /\d{1,2} tháng \d{1,2}, \d{4}$/ },
];
for (const { locale, written } of dates) {
  test.describe(`A date for ${locale}`, { tag: '@any-width' }, () => {
    test.use({ locale, timezoneId: 'Asia/Ho_Chi_Minh' });

    test('follows the page in its words, and the reader in its order', async ({ page, person }) => {
      await person.join();
      const time = page.locator('dd time').first();
      await expect(time).toHaveAttribute('datetime', /^\d{4}-\d{2}-\d{2}T.*\+00:00$/);
      if (hasScript()) {
        await expect(time).toHaveText(written);
        await expect(time).not.toContainText('UTC');
      } else {
        await expect(time).toContainText('UTC');
      }
    });
  });
}
