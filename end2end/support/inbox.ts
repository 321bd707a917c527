import { expect } from '@playwright/test';
import type { House } from './house.ts';

/** A message that the server would have sent, as /dev/inbox.json shows it. */
export type Message = {
  id: string;
  channel: 'email' | 'sms';
  to: string;
  subject: string;
  text: string;
  html: string;
  links: string[];
  code: string | null;
  created_at: string;
};

/** What the server sent, to anybody. */
export class Inbox {
  constructor(readonly house: House) {}

  /** All messages to an address, newest first. */
  async all(to: string): Promise<Message[]> {
    const answer = await fetch(`${this.house.url}/dev/inbox.json?to=${encodeURIComponent(to)}`);
    expect(answer.status, 'status of the dev inbox').toBe(200);
    return (await answer.json()) as Message[];
  }

  /** The newest message to an address, or the newest with this subject; waits until there are `count` of them. */
  async latest(to: string, subject?: string, count = 1): Promise<Message> {
    let found: Message[] = [];
    await expect
      .poll(
        async () => {
          found = (await this.all(to)).filter((message) => subject === undefined || message.subject === subject);
          return found.length;
        },
        { message: `messages to ${to}${subject === undefined ? '' : `: ${subject}`}`, intervals: [25, 50, 100, 100, 250] },
      )
      .toBeGreaterThanOrEqual(count);
    return found[0];
  }
}
