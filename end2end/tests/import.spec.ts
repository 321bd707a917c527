import { bring, file, OLD_PASSWORD } from '../support/import-states.ts';
import { expect, test } from '../support/fixtures.ts';
import { ready } from '../support/page.ts';
import { Person } from '../support/person.ts';
import { words } from '../support/words.ts';

test.describe('Bringing in people from a file', () => {
  test('a file is tried, its people are made while a bar moves, and one gets in with the old password', async ({
    page,
    person,
    house,
    anotherBrowser,
    script,
  }) => {
    await person.joinStaff(house);
    await page.goto('/admin/users');
    await ready(page);
    await page.getByTestId('import-link').click();
    await expect(page.getByTestId('upload-button')).toBeVisible();
    await bring(page, file(person.email, 250));
    await expect(page.getByTestId('stat-made')).toContainText('250');
    await expect(page.getByTestId('stat-skipped')).toContainText('1');
    await expect(page.getByTestId('stat-refused')).toContainText('2');
    await expect(page.getByTestId('ignored')).toContainText('shoe size');
    await expect(page.getByTestId('import-row')).toHaveCount(2);
    await page.getByTestId('begin-button').click();
    if (script) {
      // By itself: the page is shown anew when the job is done.
      await expect(page.getByTestId('import-over')).toBeVisible({ timeout: 30_000 });
    } else {
      await expect(async () => {
        await page.reload();
        await expect(page.getByTestId('import-over')).toBeVisible({ timeout: 500 });
      }).toPass({ timeout: 30_000 });
    }
    await expect(page.getByTestId('import-over')).toHaveText('Done: 250 people were made.');
    const download = page.waitForEvent('download');
    await page.getByTestId('report-link').click();
    expect((await download).suggestedFilename()).toBe('import-report.csv');

    const kim = new Person(await anotherBrowser(), person.inbox, { name: 'Kim 7', email: `kim7.${person.email}`, password: OLD_PASSWORD });
    await kim.signIn();
    // The same file once more: everybody is there.
    await bring(page, file(person.email, 250));
    await expect(page.getByTestId('stat-skipped')).toContainText('251');
    await expect(page.getByTestId('begin-button')).toBeHidden();
    await page.getByTestId('discard-button').click();
    await expect(page.getByTestId('notice')).toHaveText(words('import-done-discarded'));
  });
});
