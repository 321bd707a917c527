import type { BrowserContext } from '@playwright/test';

/** What every answer says, a page, a file or a refusal. `server/tests/integration/house/watch.rs` asks for the rest. */
const headers: Record<string, RegExp> = {
  'content-security-policy': /^(?=.*default-src 'none')(?=.*frame-ancestors 'none')/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^same-origin$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'x-frame-options': /^DENY$/,
  'x-request-id': /^[\da-f-]{36}$/,
};

/**
 * Notes what should never happen in a browser, on whatever page a test is: an error in the console, a script that
 * throws, a breach of the content security policy, a request to anybody else, a file that is not there, a 5xx, an answer
 * without the headers that keep its reader safe.
 */
export class Watch {
  private readonly seen: string[] = [];
  private readonly expected: RegExp[] = [];

  constructor(private readonly origin: string) {}

  /** For tests that cause a problem on purpose. */
  expect(problem: RegExp) {
    this.expected.push(problem);
  }

  get problems(): string[] {
    return this.seen.filter((problem) => !this.expected.some((expected) => expected.test(problem)));
  }

  async over(context: BrowserContext): Promise<void> {
    const note = (problem: string) => void this.seen.push(problem);
    context.on('console', (message) => {
      // Chromium's own lines about failed requests: the responses below are judged instead.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        note(`console: ${message.text()} (${message.page()?.url()})`);
      }
    });
    context.on('weberror', (thrown) => {
      const error = thrown.error();
      // Chromium gives up the animation between two pages when the second one comes late. No script of ours did it.
      if (/^Transition was (aborted|skipped)/.test(error.message)) return;
      note(`script: ${error.stack || error.message || JSON.stringify(error)} (${thrown.page()?.url()})`);
    });
    context.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (/^(https?|wss?):$/.test(protocol) && origin !== this.origin) note(`request to ${request.url()}`);
    });
    context.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? '';
      // A page that is left takes its requests with it. Scripts that are switched off are not loaded ahead, and
      // Chromium calls that "csp"; a true breach of the policy is told in the console.
      if (why !== 'net::ERR_ABORTED' && why !== 'csp') note(`${request.method()} ${request.url()}: ${why}`);
    });
    context.on('response', (response) => {
      const [status, request] = [response.status(), response.request()];
      // A page may be missing, and a form may be refused; a file may not be missing.
      const file = request.resourceType() !== 'document' && request.method() === 'GET';
      if (status >= 500 || (status >= 400 && file)) note(`${request.method()} ${request.url()}: status ${status}`);
      if (new URL(request.url()).origin !== this.origin) return;
      const has = response.headers();
      for (const [name, right] of Object.entries(headers)) {
        if (!right.test(has[name] ?? '')) note(`${request.method()} ${request.url()}: ${name}: ${has[name]}`);
      }
    });
    // With JavaScript off, Chromium's line in the console tells.
    await context.addInitScript(() =>
      document.addEventListener('securitypolicyviolation', (event) =>
        console.error(`content security policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
      ),
    );
  }
}
