import { type Locator, type Page, expect, test } from '@playwright/test';
import axe from 'axe-core';
import { spoken } from './words.ts';

/** Whether the browsers of this project run JavaScript. */
export function hasScript(): boolean {
  return test.info().project.use.javaScriptEnabled !== false;
}

/** Waits until script has taken the forms over, where there is script: before that they work as if there were none. */
export async function ready(page: Page): Promise<void> {
  if (hasScript()) await expect(page.locator(':is(.live-form, .ceremony):not([data-live])')).toHaveCount(0);
}

/** A field that was refused: told under it, tied to it, and marked for screen readers. */
export async function expectRefused(page: Page, field: string, why: string): Promise<void> {
  const [input, error] = [page.getByTestId(`${field}-input`), page.getByTestId(`${field}-error`)];
  await expect(error).toBeVisible();
  await expect(error).toHaveText(why);
  await expect(input).toHaveAttribute('aria-invalid', 'true');
  await expect(input).toHaveAccessibleDescription(new RegExp(escape(why)));
}

/** A field without a complaint. */
export async function expectAccepted(page: Page, field: string): Promise<void> {
  await expect(page.getByTestId(`${field}-error`)).toBeHidden();
  await expect(page.getByTestId(`${field}-input`)).not.toHaveAttribute('aria-invalid', 'true');
}

/** A text that matches itself in a regular expression. */
export function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Goes to a control the way that somebody without a mouse does. */
export async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let stop = 0; stop < 25; stop++) {
    await page.keyboard.press('Tab');
    if (await control.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`25 times Tab did not lead to ${control}`);
}

/** Waits until whatever moves has come to rest: even without motion, a colour takes a frame to change. */
async function settled(page: Page): Promise<void> {
  const moving = () =>
    page.evaluate(() => {
      const ends = (animation: Animation) => animation.effect?.getComputedTiming().endTime !== Infinity;
      return document.getAnimations().filter((animation) => animation.playState === 'running' && ends(animation))
        .length;
    });
  await expect.poll(moving, { message: 'animations that still run' }).toBe(0);
}

/** Nothing that axe knows of is wrong, wide and on a phone, in light and in dark; `except`: rules that don't apply. */
export async function expectAccessible(page: Page, except: string[] = []): Promise<void> {
  // Axe needs script itself, if only to wait. The page's own has not run, and does not run now. A session of the
  // browser's tools can only take back what it has switched off itself.
  const tools = await page.context().newCDPSession(page);
  await tools.send('Emulation.setScriptExecutionDisabled', { value: true });
  await tools.send('Emulation.setScriptExecutionDisabled', { value: false });
  const before = page.viewportSize()!;
  // No page has frames, so that axe is needed in one place, and once.
  expect(page.frames(), 'frames').toHaveLength(1);
  await page.evaluate(axe.source);
  const rules = Object.fromEntries(except.map((id) => [id, { enabled: false }]));
  // From light to dark nothing changes but colours: there, only the rules about them are asked again.
  const colours = ['color-contrast', 'link-in-text-block'].filter((id) => !except.includes(id));
  for (const [width, colorScheme, only] of [
    [before.width, 'light', []],
    [before.width, 'dark', colours],
    [375, 'dark', []],
  ] as const) {
    await page.setViewportSize({ width, height: before.height });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await settled(page);
    const told = await page.evaluate(async ({ rules, only }) => {
      const some = only.length > 0 ? { runOnly: [...only] } : { rules };
      const { violations } = await axe.run({ ...some, resultTypes: ['violations'] });
      return violations.flatMap(({ id, help, nodes }) =>
        nodes.map((node) => `${id} (${help}): ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`),
      );
    }, { rules, only });
    expect(told, `axe, ${width} px, ${colorScheme}, ${page.url()}`).toEqual([]);
  }
  await page.setViewportSize(before);
  await tools.send('Emulation.setScriptExecutionDisabled', { value: !hasScript() });
  await tools.detach();
}

/** No page leaves anything in the browser but its cookies. */
export async function expectNothingStored(page: Page): Promise<void> {
  const stored = await page.evaluate(async () => ({
    localStorage: { ...localStorage },
    sessionStorage: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
  expect(stored).toEqual({ localStorage: {}, sessionStorage: {}, databases: [], caches: [], workers: 0 });
}

/** The bones that every page has: a language, a title, one main part, one heading for it, labels that lead somewhere. */
export async function expectSound(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('lang', spoken());
  await expect(page.locator('html')).toHaveAttribute('dir', 'ltr');
  await expect(page).toHaveTitle(/^.+ · Latchstring$/);
  await expect(page.locator('main#main')).toHaveCount(1);
  await expect(page.getByRole('main')).toHaveCount(1);
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  const ids = await page.locator('[id]').evaluateAll((elements) => elements.map((element) => element.id));
  expect(
    ids.filter((id, at) => ids.indexOf(id) !== at),
    'ids that stand twice',
  ).toEqual([]);
  // Every form works without script.
  for (const form of await page.locator('form').all()) {
    await expect(form).toHaveAttribute('action', /^\//);
    await expect(form).toHaveAttribute('method', /^(post|get)$/i);
  }
  await expect(page.locator('[style], style:not([nonce]), script:not([nonce]):not([src])')).toHaveCount(0);
}

/** Nothing has to be scrolled sideways on any screen, also where people read from right to left. */
export async function expectFits(page: Page, widths = [320, 375, 768, 1280, 3840]): Promise<void> {
  const before = page.viewportSize()!;
  for (const width of widths) {
    // A low window: what is beyond its side does not depend on its height, and drawing it does.
    await page.setViewportSize({ width, height: 240 });
    for (const direction of ['ltr', 'rtl']) {
      await page.evaluate((direction) => (document.documentElement.dir = direction), direction);
      await settled(page);
      const beyond = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth - clientWidth;
      });
      expect(beyond, `px beyond a screen of ${width} px, ${direction}, ${page.url()}`).toBeLessThanOrEqual(0);
    }
  }
  await page.evaluate(() => (document.documentElement.dir = 'ltr'));
  await page.setViewportSize(before);
}
