import type { CDPSession, Page } from '@playwright/test';

/** What a virtual authenticator can do. */
export type Can = {
  /** Verifies its holder (finger, face, code); else it is a security key that wants a touch only. */
  verifies?: boolean;
  /** Keeps passkeys, so that they are found without being asked for by name. */
  keeps?: boolean;
};

/** A device that keeps passkeys, as Chromium plays it (WebAuthn level 3 §11). */
export class PasskeyDevice {
  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
    private readonly id: string,
  ) {}

  static async at(page: Page, { verifies = true, keeps = true }: Can = {}): Promise<PasskeyDevice> {
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable', { enableUI: false });
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: verifies ? 'internal' : 'usb',
        hasResidentKey: keeps,
        hasUserVerification: verifies,
        isUserVerified: verifies,
        automaticPresenceSimulation: true,
      },
    });
    return new PasskeyDevice(page, session, authenticatorId);
  }

  /** How many passkeys it keeps. */
  async count(): Promise<number> {
    const { credentials } = await this.session.send('WebAuthn.getCredentials', { authenticatorId: this.id });
    return credentials.length;
  }

  /** The holder is recognised from now on, or not. */
  async recognise(holder: boolean): Promise<void> {
    await this.session.send('WebAuthn.setUserVerified', { authenticatorId: this.id, isUserVerified: holder });
  }

  /** Touches the device and presses the button. The field that waits may be quicker: the same touch answers it. */
  async signIn(): Promise<void> {
    await this.touch(true);
    await Promise.race([this.page.getByTestId('passkey-button').click(), this.page.waitForURL(/\/account/)]);
  }

  /** Nobody touches it any more once it has made a passkey. */
  touchOnlyOnce(): void {
    this.session.once('WebAuthn.credentialAdded', () => void this.touch(false));
  }

  /** Whether somebody touches it when it blinks. */
  async touch(enabled: boolean): Promise<void> {
    await this.session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: this.id, enabled });
  }
}
