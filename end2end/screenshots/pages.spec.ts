import path from 'node:path';
import { test } from '../support/fixtures.ts';
import { Person } from '../support/person.ts';
import { firstStates, states } from '../support/states.ts';

const folder = path.resolve(import.meta.dirname, '../screenshots-out');

// Each picture has a server of its own, so that Ada is always new there.
test.use({ ownHouse: {} });

for (const [name, reach] of Object.entries({ ...states, ...firstStates })) {
  test(`picture: ${name}`, async ({ page, inbox, house, anotherBrowser }, { project }) => {
    const person = new Person(page, inbox, { email: 'ada@example.com' });
    const shown = await reach({ page, person, house, anotherBrowser });
    await shown.screenshot({
      path: path.join(folder, `${name.replace(/\W+/g, '-')}.${project.name}.png`),
      fullPage: true,
    });
  });
}
