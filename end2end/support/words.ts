import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './house.ts';

// The message catalog, so that a sentence may change in one place without a test to follow. One-line messages with
// plain variables only: all that the tests ask for.
const locales = path.join(root, 'domain/locales');
const catalogs = new Map(
  readdirSync(locales).map((language) => {
    const folder = path.join(locales, language);
    const messages = readdirSync(folder).flatMap((file) => [
      ...readFileSync(path.join(folder, file), 'utf8').matchAll(/^([a-z][\w-]*) = (.+)$/gm),
    ]);
    return [language, new Map(messages.map(([, id, text]) => [id, text.trim()]))];
  }),
);

let language = 'en';

/** The language of the pages of this test, from the locale of its browser: a fixture says so before each test. */
export function speak(locale: string): void {
  const [wanted] = locale.split('-');
  language = catalogs.has(wanted) ? wanted : 'en';
}

/** The language in which `words` answers. */
export function spoken(): string {
  return language;
}

/** The wording of a message, in the language of this test or in another one. */
export function words(id: string, values: Record<string, string> = {}, tag = language): string {
  const text = catalogs.get(tag)?.get(id);
  if (text === undefined) throw new Error(`no message is called ${id} in ${tag}`);
  return text.replace(/\{ \$([\w-]+) \}/g, (_, name: string) => {
    if (!(name in values)) throw new Error(`${id} needs ${name}`);
    return values[name];
  });
}
