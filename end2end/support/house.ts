import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

export const root = path.resolve(import.meta.dirname, '../..');

/** More settings for the server, by their names in the environment. */
export type Settings = Record<string, string>;

/** A running server with data of its own: the real binary, on a free port, in development. */
export class House {
  /** All that the server printed, without colours. */
  log = '';

  private constructor(
    readonly url: string,
    private readonly dataDir: string,
    private readonly server: ChildProcess,
    private readonly binary: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {
    const note = (chunk: Buffer) => (this.log += chunk.toString().replace(/\x1b\[[0-9;]*m/g, ''));
    server.stdout!.on('data', note);
    server.stderr!.on('data', note);
  }

  /** Starts a server, without an administrator and without rate limits unless `settings` say otherwise. */
  static async open(settings: Settings = {}): Promise<House> {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const dataDir = await mkdtemp(path.join(tmpdir(), 'latchstring-e2e-'));
    const binary = process.env.LATCHSTRING_BIN ?? path.join(root, 'target/debug/latchstring');
    // Nothing of the caller's settings reaches the server.
    const inherited = Object.entries(process.env).filter(([name]) => !/^(LATCHSTRING|LEPTOS)_/.test(name));
    const env = {
      ...Object.fromEntries(inherited),
      LATCHSTRING_LISTEN: `127.0.0.1:${port}`,
      LATCHSTRING_PUBLIC_URL: url,
      LATCHSTRING_DATA_DIR: dataDir,
      LATCHSTRING_RATE_LIMITS: 'off',
      ...settings,
    };
    const server = spawn(binary, ['serve'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env });
    const house = new House(url, dataDir, server, binary, env);
    // Should this process die without closing the house.
    const kill = () => void server.kill('SIGKILL');
    process.once('exit', kill);
    server.once('exit', () => process.off('exit', kill));
    let failed: Error | undefined;
    server.once('error', (error) => (failed = error));
    const deadline = Date.now() + 30_000;
    while (!(await house.isLive())) {
      const ended = failed?.message ?? (server.exitCode !== null ? `exit code ${server.exitCode}` : undefined);
      if (ended !== undefined || Date.now() > deadline) {
        await house.close();
        throw new Error(`${binary} did not start (${ended ?? 'no answer within 30 s'})\n${house.log}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return house;
  }

  /** The link that makes the first administrator, as the log has it. */
  get setUpLink(): string {
    const link = /https?:\/\/\S+\/setup\?token=[\w-]+/.exec(this.log)?.[0];
    if (!link) throw new Error(`no set-up link in the log:\n${this.log}`);
    return link;
  }

  /** Runs the command line as an operator does, beside the running server; what it prints. */
  async operator(...command: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(this.binary, command, { cwd: root, env: this.environment });
    return stdout;
  }

  /** Runs statements on the database past the server, for what only time or a defect would do to it. */
  async sql(statements: string): Promise<void> {
    await promisify(execFile)('sqlite3', ['-cmd', '.timeout 10000', this.databaseFile, statements]);
  }

  /** Holds the database as a writer that never ends, until the returned function is called. */
  async holdDatabase(): Promise<() => Promise<void>> {
    const writer = spawn('sqlite3', ['-cmd', '.timeout 10000', this.databaseFile], { stdio: ['pipe', 'pipe', 'inherit'] });
    const held = once(writer.stdout, 'data');
    writer.stdin.write("begin immediate;\nselect 'held';\n");
    await held;
    return async () => {
      const gone = once(writer, 'exit');
      writer.stdin.end();
      await gone;
    };
  }

  private get databaseFile(): string {
    return path.join(this.dataDir, 'latchstring.db');
  }

  /** Lines of the log that tell of a defect, from position `from` on. */
  troubles(from: number): string[] {
    return this.log
      .slice(from)
      .split('\n')
      .filter((line) => /\bERROR\b|panicked at/.test(line));
  }

  /** Stops the server and removes its data. */
  async close(): Promise<void> {
    const { server } = this;
    if (server.pid !== undefined && server.exitCode === null && server.signalCode === null) {
      const gone = once(server, 'exit');
      // As a person at the terminal does: after SIGTERM the server lets proxies go first, and waits for kept connections.
      server.kill('SIGINT');
      const late = setTimeout(() => server.kill('SIGKILL'), 15_000);
      await gone;
      clearTimeout(late);
    }
    await rm(this.dataDir, { recursive: true, force: true });
  }

  private async isLive(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/health/live`)).ok;
    } catch {
      return false;
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(address)));
    });
  });
}
