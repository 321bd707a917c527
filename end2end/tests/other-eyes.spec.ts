import { type Page, expect, test } from '../support/fixtures.ts';
import { expectFits, ready } from '../support/page.ts';
import { states } from '../support/states.ts';

// The pages with the most different parts: fields and buttons in them, notes, six digits, lists, tables of facts.
const faces = ['sign-in, refused', 'sign-up, with three mistakes', 'check your mail', 'account', 'caught messages'];

/** Where an element is, on the screen. */
async function box(page: Page, selector: string) {
  const found = await page.locator(selector).first().boundingBox();
  expect(found, selector).not.toBeNull();
  return { ...found!, right: found!.x + found!.width, centre: found!.x + found!.width / 2 };
}

// No language of ours is written from right to left yet. The pages are told so here, in the browser.
test.describe('From right to left', { tag: '@any-width' }, () => {
  const turn = (page: Page) => page.evaluate(() => void (document.documentElement.dir = 'rtl'));

  test('the door stands at the right, and text begins there', async ({ page }) => {
    await page.goto('/sign-in?next=/account');
    await ready(page);
    expect((await box(page, '.door')).x).toBe(0);
    await turn(page);
    const [door, main] = [await box(page, '.door'), await box(page, 'main')];
    expect(door.right).toBe(page.viewportSize()!.width);
    expect(main.right).toBeLessThanOrEqual(door.x);
    const label = await page.locator('label[for=email]').evaluate((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return range.getBoundingClientRect().right;
    });
    const field = await box(page, '#email');
    expect(Math.abs(label - field.right)).toBeLessThan(2);
    // The mark of a note and the box of a choice are where a line begins.
    expect((await box(page, '.check input')).x).toBeGreaterThan((await box(page, '.check span')).centre);
    const note = await page.locator('.note').evaluate((element) => getComputedStyle(element).borderRightWidth);
    expect(note).toBe('3px');
  });

  test('the button within a field stands at its end, and what is typed keeps clear of it @script', async ({ page }) => {
    await page.goto('/sign-in');
    await ready(page);
    await expect(page.getByTestId('show-password')).toBeVisible();
    const field = await box(page, '#password');
    expect((await box(page, '.reveal .btn')).centre).toBeGreaterThan(field.centre);
    await turn(page);
    const button = await box(page, '.reveal .btn');
    expect(button.centre).toBeLessThan(field.centre);
    const room = await page.locator('#password').evaluate((input) => parseFloat(getComputedStyle(input).paddingLeft));
    expect(field.x + room).toBeGreaterThanOrEqual(button.right);
  });

  test('a code, an address and a command still run from left to right', async ({ page, person, anotherBrowser }) => {
    await person.signUp();
    await turn(page);
    await expect(page.getByTestId('code-input')).toHaveCSS('direction', 'ltr');
    const other = await anotherBrowser();
    await other.goto('/setup');
    await turn(other);
    await expect(other.locator('.copy code')).toHaveCSS('direction', 'ltr');
  });
});

test.describe('At 200 %', { tag: '@any-width' }, () => {
  for (const name of faces) {
    test(`nothing is cut off, zoomed as a whole or in its letters alone: ${name}`, async ({
      page,
      person,
      house,
      anotherBrowser,
    }) => {
      await states[name]({ page, person, house, anotherBrowser });
      const whole = async () => {
        const cut = await page
          .locator('.btn:visible, label:visible, h1, h2, .pill:visible, dd:visible, p:visible')
          .evaluateAll((elements) =>
            elements
              .filter((element) => {
                const text = document.createRange();
                text.selectNodeContents(element);
                const [inner, outer] = [text.getBoundingClientRect(), element.getBoundingClientRect()];
                return inner.width > 0 && (inner.right > outer.right + 1 || inner.left < outer.left - 1);
              })
              .map((element) => `${element.tagName} ${element.textContent}`),
          );
        expect(cut).toEqual([]);
        // Six digits are seen whole; a long address may be scrolled in its field.
        for (const code of await page.locator('.input.code').all()) {
          await code.fill('123456');
          expect(await code.evaluate((input) => input.scrollWidth - input.clientWidth)).toBeLessThanOrEqual(0);
        }
      };
      // A zoom of 200 % is half the screen, as far as a page can tell.
      await page.setViewportSize({ width: 640, height: 400 });
      await expectFits(page, [640]);
      await whole();
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.evaluate(() => void (document.documentElement.style.fontSize = '200%'));
      await expectFits(page, [640, 1280]);
      await whole();
    });
  }
});

test.describe('In forced colours', { tag: '@any-width' }, () => {
  test.beforeEach(({ page }) => page.emulateMedia({ forcedColors: 'active' }));

  test('every control has an edge, and the focus a ring', async ({ page }) => {
    await page.goto('/sign-up');
    await ready(page);
    for (const control of await page.locator('.btn:visible, .input:visible').all()) {
      const { style, width, edge, ground } = await control.evaluate((element) => {
        const { borderTopStyle, borderTopWidth, borderTopColor, backgroundColor } = getComputedStyle(element);
        return {
          style: borderTopStyle,
          width: parseFloat(borderTopWidth),
          edge: borderTopColor,
          ground: backgroundColor,
        };
      });
      expect(style).toBe('solid');
      expect(width).toBeGreaterThanOrEqual(1);
      expect(edge).not.toBe(ground);
    }
    await page.getByTestId('name-input').focus();
    await expect(page.getByTestId('name-input')).toHaveCSS('outline-style', 'solid');
  });

  test('a ticked box differs from an empty one', async ({ page }) => {
    await page.goto('/sign-in');
    const mark = () =>
      page.getByTestId('remember-input').evaluate((input) => {
        const { content, borderRightWidth, borderRightColor } = getComputedStyle(input, '::before');
        return content === 'none' ? undefined : { borderRightWidth, borderRightColor };
      });
    await page.getByTestId('remember-input').setChecked(false);
    expect(await mark()).toBeUndefined();
    await page.getByTestId('remember-input').setChecked(true);
    const ground = await page.getByTestId('remember-input').evaluate((e) => getComputedStyle(e).backgroundColor);
    expect((await mark())?.borderRightWidth).toBe('2px');
    expect((await mark())?.borderRightColor).not.toBe(ground);
  });

  test('the meter of a new password fills its bars @script', async ({ page }) => {
    await page.goto('/sign-up');
    await ready(page);
    await page.getByTestId('password-input').fill('seven grey');
    const bars = page.getByTestId('password-strength').locator('i');
    const colours = await bars.evaluateAll((all) => all.map((bar) => getComputedStyle(bar).backgroundColor));
    expect(colours[0]).toBe(colours[1]);
    expect(colours[1]).not.toBe(colours[2]);
  });

  test('a refusal has a sign and a thicker edge, not a colour alone', async ({ page, person }) => {
    await person.trySignIn({ email: 'ada@example' });
    const input = page.getByTestId('email-input');
    await expect(input).toHaveAttribute('aria-invalid', 'true');
    await expect(input).toHaveCSS('border-top-width', '3px');
    const sign = await page.getByTestId('email-error').evaluate((e) => getComputedStyle(e, '::before').content);
    expect(sign).toContain('!');
  });
});
