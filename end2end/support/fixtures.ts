import { type Browser, type Page, test as base, expect } from '@playwright/test';
import { House, type Settings } from './house.ts';
import { Inbox } from './inbox.ts';
import { hasScript } from './page.ts';
import { Person } from './person.ts';
import { Watch } from './watch.ts';
import { speak } from './words.ts';

export { expect };

export type Options = {
  /** Settings for a server that one test has for itself; without them, it shares the one of its worker. */
  ownHouse: Settings | undefined;
};

type Fixtures = {
  /** The server. */
  house: House;
  /** What it sent. */
  inbox: Inbox;
  /** Somebody new, at the test's own browser. */
  person: Person;
  /** A page in a browser that has never been here; `at`, in a process of its own. */
  anotherBrowser: (at?: Browser) => Promise<Page>;
  /** Whether JavaScript is on. */
  script: boolean;
  /** Lines that a test wants in the log of the server, where they would tell of a defect. */
  troubles: { expect(line: RegExp): void; expected: RegExp[] };
  /** What must not happen in a browser, and whether it did. */
  watch: Watch;
  /** The language of the pages: that of the browser. */
  language: void;
};

export const test = base.extend<Fixtures & Options, { sharedHouse: House }>({
  ownHouse: [undefined, { option: true }],

  sharedHouse: [
    async ({}, use) => {
      const house = await House.open();
      await use(house);
      await house.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  troubles: async ({}, use) => {
    const expected: RegExp[] = [];
    await use({ expected, expect: (line) => void expected.push(line) });
  },

  house: async ({ ownHouse, sharedHouse, troubles }, use, testInfo) => {
    const house = ownHouse ? await House.open(ownHouse) : sharedHouse;
    const begin = house.log.length;
    await use(house);
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('log of the server', { body: house.log.slice(begin), contentType: 'text/plain' });
    }
    const lines = house.troubles(begin).filter((line) => !troubles.expected.some((expected) => expected.test(line)));
    expect(lines, 'errors in the log of the server').toEqual([]);
    if (house !== sharedHouse) await house.close();
  },

  baseURL: async ({ house }, use) => use(house.url),

  watch: async ({ house }, use) => {
    const watch = new Watch(house.url);
    await use(watch);
    expect(watch.problems, 'problems in the browser').toEqual([]);
  },

  context: async ({ context, watch }, use) => {
    await watch.over(context);
    await use(context);
  },

  anotherBrowser: async ({ browser, watch }, use) => {
    const opened: { close(): Promise<void> }[] = [];
    await use(async (at = browser) => {
      const context = await at.newContext();
      opened.push(context);
      await watch.over(context);
      return context.newPage();
    });
    for (const context of opened) await context.close();
  },

  inbox: async ({ house }, use) => use(new Inbox(house)),

  person: async ({ page, inbox }, use) => use(new Person(page, inbox)),

  script: async ({}, use) => use(hasScript()),

  language: [
    async ({ locale }, use) => {
      speak(locale ?? 'en');
      await use();
      speak('en');
    },
    { auto: true },
  ],
});
