import { defineConfig } from '@playwright/test';
import type { Options } from './support/fixtures.ts';
import { browser } from './support/browser.ts';

// Pictures for people to look at, in screenshots-out/: `npm run screenshots`. No part of `npm test`.
export default defineConfig<Options>({
  testDir: 'screenshots',
  outputDir: 'test-results',
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['./support/closing-line.ts']],
  use: { ...browser, contextOptions: { reducedMotion: 'reduce' } },
  projects: [
    { name: 'light', use: { colorScheme: 'light' } },
    { name: 'dark', use: { colorScheme: 'dark' } },
    { name: 'phone', use: { colorScheme: 'light', viewport: { width: 375, height: 812 }, deviceScaleFactor: 2 } },
  ],
});
