import { expect, test } from '../support/fixtures.ts';
import { ready } from '../support/page.ts';
import { words } from '../support/words.ts';

test.describe('Codes by text message', () => {
  test('a telephone is added after its risk was told, and a code on it lets in', async ({ person, page, inbox }) => {
    await person.join();
    await page.goto('/account/security');
    await page.getByTestId('add-phone-link').click();
    await expect(page.getByTestId('phone-risk')).toContainText(words('phone-risk'));
    await ready(page);
    const field = page.getByTestId('phone-input');
    await expect(field).toHaveAttribute('type', 'tel');
    await expect(field).toHaveAttribute('autocomplete', 'tel');
    await field.fill('020 7946 0958');
    await page.getByTestId('add-phone-button').click();
    await expect(page.getByTestId('phone-error')).toBeVisible();
    await expect(field).toHaveValue('020 7946 0958');

    await person.addPhone();
    const [message] = await inbox.all(person.phone);
    expect(message!.text.split('\n').at(-1)).toMatch(/^@\S+ #\d{6}$/);
    await page.getByTestId('codes-kept-button').click();
    await page.goto('/account/security');
    await expect(page.getByTestId('sms-state')).toContainText(`•••• ${person.phone.slice(-2)}`);

    await person.signOut();
    await person.reachChallenge();
    await expect(page.getByTestId('challenge-text')).toContainText(`•••• ${person.phone.slice(-2)}`);
    await page.getByTestId('send-code-button').click();
    const code = page.getByTestId('code-input');
    await expect(code).toHaveAttribute('autocomplete', 'one-time-code');
    await ready(page);
    await code.fill(await person.codeOnPhone(2));
    await page.getByTestId('challenge-button').click();
    await person.expectSignedIn();
  });

  test('a wrong code says so, and another number can be used', async ({ person, page }) => {
    await person.join();
    await person.beginPhone();
    const right = await person.codeOnPhone();
    await page.getByTestId('code-input').fill(right === '123456' ? '654321' : '123456');
    await page.getByTestId('confirm-phone-button').click();
    await expect(page.getByTestId('code-error')).toBeVisible();
    await page.getByText(words('factor-sent-nothing')).click();
    await page.getByTestId('other-phone-link').click();
    await expect(page.getByTestId('phone-input')).toBeVisible();
  });
});
