/** What the rest of the app knows of signing in to Microsoft 365. */

export interface TokenWish {
  claims?: string;
  fresh?: boolean;
  signal?: AbortSignal;
}

/** Gives access tokens for Graph. */
export interface Tokens {
  /**
   * @param scopes short names such as `Place.Read.All`
   * @param options.claims what a claims challenge of Graph asks for (the value of `claims`, decoded)
   * @param options.fresh none that was kept: what was given last is not taken any more
   * Throws coded OtjErrors: M365_SIGN_IN_NEEDED, M365_CONSENT_NEEDED, M365_UNREACHABLE and others.
   */
  token(scopes: readonly string[], options?: TokenWish): Promise<string>;
}
