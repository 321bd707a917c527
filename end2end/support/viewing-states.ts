import { type Page, expect } from '@playwright/test';
import type { House } from './house.ts';
import { ready } from './page.ts';
import { Person } from './person.ts';
import type { States } from './states.ts';

type World = { page: Page; person: Person; house: House; anotherBrowser: () => Promise<Page> };

/** Why somebody looks: as long as a line may be that says something. */
const REASON = 'She called about a button that she can not find on the page with her second steps.';

/** Opens the page that asks before somebody looks at an account, as an administrator. */
async function atTheDoor({ page, person, house }: World): Promise<Page> {
  await person.joinStaff(house);
  const other = new Person(page, person.inbox, { email: `v.${person.email}`, name: person.name });
  await other.joinElsewhere();
  await page.goto(`${other.inConsole}/view`);
  await ready(page);
  return page;
}

/** Looks at somebody's account as they see it. */
export async function looking(world: World): Promise<Page> {
  const page = await atTheDoor(world);
  await page.getByTestId('reason-input').fill(REASON);
  await page.getByTestId('view-button').click();
  await expect(page.getByTestId('viewing-line')).toBeVisible();
  return page;
}

/** The pages of somebody whom an operator looks at. */
export const viewingStates: States = {
  'view as, asked for, with a mistake': async (world) => {
    const page = await atTheDoor(world);
    await page.getByTestId('view-button').click();
    await expect(page.getByTestId('reason-error')).toBeVisible();
    return page;
  },
  'view as, the overview': async (world) => looking(world),
  'view as, the profile': async (world) => {
    const page = await looking(world);
    await page.goto('/account/profile');
    await expect(page.getByTestId('viewing-line')).toBeVisible();
    await expect(page.getByTestId('save-profile-button')).toBeDisabled();
    await ready(page);
    return page;
  },
  'view as, security': async (world) => {
    const page = await looking(world);
    await page.goto('/account/security');
    await expect(page.getByTestId('viewing-line')).toBeVisible();
    await ready(page);
    return page;
  },
  'view as, what stays shut': async (world) => {
    const page = await looking(world);
    await page.goto('/account/data');
    await expect(page.getByTestId('viewing-shut')).toBeVisible();
    return page;
  },
  'view as, over': async (world) => {
    const page = await looking(world);
    await world.house.operator('user', 'lock', `v.${world.person.email}`);
    await page.goto('/account');
    await expect(page.getByTestId('viewing-over')).toBeVisible();
    return page;
  },
  'activity, after somebody looked': async (world) => {
    const { person, house, anotherBrowser, page } = world;
    await person.join();
    const staff = new Person(await anotherBrowser(), person.inbox, { email: `s.${person.email}`, name: person.name });
    await staff.joinStaff(house);
    await staff.page.goto(`${person.inConsole}/view`);
    await ready(staff.page);
    await staff.page.getByTestId('reason-input').fill(REASON);
    await staff.page.getByTestId('view-button').click();
    await expect(staff.page.getByTestId('viewing-line')).toBeVisible();
    await page.goto('/account/activity');
    await expect(page.getByText(REASON)).toBeVisible();
    return page;
  },
};
