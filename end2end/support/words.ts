import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './house.ts';

// The message catalog, so that a sentence may change in one place without a test to follow. One-line messages with
// plain variables only: all that the tests ask for.
const catalog = new Map<string, string>();
const folder = path.join(root, 'domain/locales/en');
for (const file of readdirSync(folder).filter((name) => name.endsWith('.ftl'))) {
  for (const [, id, text] of readFileSync(path.join(folder, file), 'utf8').matchAll(/^([a-z][\w-]*) = (.+)$/gm)) {
    catalog.set(id, text.trim());
  }
}

/** The English wording of a message. */
export function words(id: string, values: Record<string, string> = {}): string {
  const text = catalog.get(id);
  if (text === undefined) throw new Error(`no message is called ${id}`);
  return text.replace(/\{ \$([\w-]+) \}/g, (_, name: string) => {
    if (!(name in values)) throw new Error(`${id} needs ${name}`);
    return values[name];
  });
}
