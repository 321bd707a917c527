import { createHmac } from 'node:crypto';

/** Somebody's authenticator app (RFC 6238: SHA-1, six digits, 30 seconds), written from the RFC and not from the server. */
export class Authenticator {
  private readonly secret: Buffer;
  private last = 0;

  /** The key as a page shows it, in base32. */
  constructor(key: string) {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    const bits = [...key.replaceAll(/\s/g, '')].map((c) => letters.indexOf(c).toString(2).padStart(5, '0')).join('');
    this.secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  }

  /** A code that works and was not given before: of this half minute or of the next, which servers take too. */
  code(): string {
    const now = Math.floor(Date.now() / 30_000);
    this.last = Math.max(now, this.last + 1);
    return this.at(this.last);
  }

  /** A code of this half minute that is wrong. */
  wrong(): string {
    const now = Math.floor(Date.now() / 30_000);
    const right = [now - 1, now, now + 1, now + 2].map((step) => this.at(step));
    return ['123456', '234567', '345678', '456789', '567890'].find((code) => !right.includes(code))!;
  }

  private at(step: number): string {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const mac = createHmac('sha1', this.secret).update(counter).digest();
    const offset = mac[19]! & 15;
    return ((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).toString().padStart(6, '0');
  }
}
