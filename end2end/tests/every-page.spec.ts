import { randomBytes } from 'node:crypto';
import { expect, test } from '../support/fixtures.ts';
import { expectAccessible, expectFits, expectSound } from '../support/page.ts';
import { Person } from '../support/person.ts';
import { closedStates, factorOwedStates, passkeyOnlyStates } from '../support/factor-states.ts';
import { firstStates, states } from '../support/states.ts';

// What holds for every page in every state: see the titles. With script in English, without in Vietnamese: the markup is the same.
const kinds = [
  { kind: 'of a server in use', all: states, use: {} },
  { kind: 'of a new server', all: firstStates, use: { ownHouse: {} } },
  {
    kind: 'where only passkeys let in',
    all: passkeyOnlyStates,
    use: { ownHouse: { LATCHSTRING_SECOND_FACTOR: 'passkey_only' } },
  },
  {
    kind: 'where everybody needs a second factor',
    all: factorOwedStates,
    use: { ownHouse: { LATCHSTRING_SECOND_FACTOR: 'required', LATCHSTRING_SECOND_FACTOR_GRACE_DAYS: '0' } },
  },
  {
    kind: 'where nobody may sign up',
    all: closedStates,
    use: { ownHouse: { LATCHSTRING_SIGN_UP: 'closed' } },
  },
];
for (const { kind, all, use } of kinds) {
  test.describe(`Every page ${kind}`, () => {
    test.use({
      ...use,
      locale: async ({ javaScriptEnabled }, give) => give(javaScriptEnabled === false ? 'vi-VN' : 'en-GB'),
    });
    for (const [name, reach] of Object.entries(all)) {
      test(`is sound, open to everybody, and fits from 320 px to 4K: ${name} @any-width`, async ({
        page,
        inbox,
        house,
        anotherBrowser,
      }) => {
        const person = new Person(page, inbox, {
          name: 'Grace Brewster Murray Hopper-Featherstonehaugh',
          email: `grace.brewster.murray.hopper.${randomBytes(6).toString('hex')}@mail.navy-department.example.com`,
        });
        const shown = await reach({ page, person, house, anotherBrowser });
        await expectSound(shown);
        await expectAccessible(shown);
        await expectFits(shown);
        expect(new URL(shown.url()).origin).toBe(house.url);
      });
    }
  });
}
