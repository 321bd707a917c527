import path from 'node:path';
import { test } from '../support/fixtures.ts';
import { firstStates, states } from '../support/states.ts';

const folder = path.resolve(import.meta.dirname, '../screenshots-out');

for (const [all, use] of [
  [states, {}],
  [firstStates, { ownHouse: {} }],
] as const) {
  test.describe(() => {
    test.use(use);
    for (const [name, reach] of Object.entries(all)) {
      test(name, async ({ page, person, house, anotherBrowser }, { project }) => {
        const shown = await reach({ page, person, house, anotherBrowser });
        const file = name.replace(/\W+/g, '-');
        await shown.screenshot({ path: path.join(folder, `${file}.${project.name}.png`), fullPage: true });
      });
    }
  });
}
