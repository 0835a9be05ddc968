/**
 * Everything that hangs on APP_SECRET. While the secret is being rotated, what the old one made is still understood and
 * everything new is made with the new one.
 */
export interface Secrets {
  /**
   * Encrypts a text for storage.
   * @param context what it is and whose (`tokens:<portal id>`); it cannot be opened under another one
   */
  seal(plain: string, context: string): string;
  /** @throws Error when it was sealed under another secret or context, or was changed */
  open(sealed: string, context: string): string;
  /**
   * A keyed fingerprint (HMAC-SHA256, base64url, 43 characters) of the parts.
   * @param purpose keeps fingerprints of different uses apart
   */
  mac(purpose: string, ...parts: readonly string[]): string;
  /** Compares in constant time, against the old secret too. */
  isMac(given: string, purpose: string, ...parts: readonly string[]): boolean;
}
