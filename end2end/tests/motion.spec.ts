import { expect, test } from '../support/fixtures.ts';

for (const [reducedMotion, moves] of [
  ['no-preference', true],
  ['reduce', false],
] as const) {
  test.describe(`From page to page, where motion is "${reducedMotion}" @script`, () => {
    test.use({ contextOptions: { reducedMotion } });

    test(moves ? 'the one turns into the other' : 'nothing moves', async ({ page }) => {
      await page.addInitScript(() =>
        addEventListener('pagereveal', (event) => {
          const { viewTransition } = event as Event & { viewTransition?: unknown };
          document.documentElement.setAttribute('data-moved', String(Boolean(viewTransition)));
        }),
      );
      await page.goto('/sign-in');
      await expect(page.locator('html')).toHaveAttribute('data-moved', 'false');
      await page.getByTestId('recover-link').click();
      await expect(page).toHaveURL(/\/recover$/);
      await expect(page.locator('html')).toHaveAttribute('data-moved', String(moves));
    });
  });
}
