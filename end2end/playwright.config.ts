import { defineConfig } from '@playwright/test';
import type { Options } from './support/fixtures.ts';
import { browser } from './support/browser.ts';

// Every test runs against the real binary: support/house.ts starts one per worker.
// `@script` marks what only JavaScript can do, `@no-script` what is only there without it.
export default defineConfig<Options>({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: true,
  // A second try in continuous integration, where one machine does everything at once; the first one is named as flaky, and is a
  // defect to mend.
  retries: process.env.CI ? 1 : 0,
  workers: 2,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['./support/closing-line.ts']],
  // Motion is drawn frame by frame, by the cores that the tests run on: whoever looks at motion asks for it.
  use: { ...browser, contextOptions: { reducedMotion: 'reduce' } },
  projects: [
    { name: 'js', grepInvert: /@no-script/ },
    { name: 'no-js', grepInvert: /@script/, use: { javaScriptEnabled: false } },
    {
      name: 'phone',
      grepInvert: /@no-script|@any-width/,
      use: { viewport: { width: 375, height: 812 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
    },
  ],
});
