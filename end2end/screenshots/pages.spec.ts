import path from 'node:path';
import { test } from '../support/fixtures.ts';
import { closedStates, factorOwedStates, passkeyOnlyStates } from '../support/factor-states.ts';
import { Person } from '../support/person.ts';
import { type States, firstStates, states } from '../support/states.ts';

const folder = path.resolve(import.meta.dirname, '../screenshots-out');

// Each picture has a server of its own, so that Ada is always new there.
const houses: { kind: string; all: States; settings: Record<string, string> }[] = [
  { kind: '', all: { ...states, ...firstStates }, settings: {} },
  { kind: ', only passkeys', all: passkeyOnlyStates, settings: { LATCHSTRING_SECOND_FACTOR: 'passkey_only' } },
  {
    kind: '',
    all: factorOwedStates,
    settings: { LATCHSTRING_SECOND_FACTOR: 'required', LATCHSTRING_SECOND_FACTOR_GRACE_DAYS: '0' },
  },
  { kind: '', all: closedStates, settings: { LATCHSTRING_SIGN_UP: 'closed' } },
];

for (const { kind, all, settings } of houses) {
  test.describe(() => {
    test.use({ ownHouse: settings });
    for (const [name, reach] of Object.entries(all)) {
      test(`picture: ${name}${kind}`, async ({ page, inbox, house, anotherBrowser }, { project }) => {
        const person = new Person(page, inbox, { email: 'ada@example.com' });
        const shown = await reach({ page, person, house, anotherBrowser });
        await shown.screenshot({
          path: path.join(folder, `${`${name}${kind}`.replace(/\W+/g, '-')}.${project.name}.png`),
          fullPage: true,
        });
      });
    }
  });
}
