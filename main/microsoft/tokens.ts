/** What the rest of the app knows of signing in to Microsoft 365. */

/** Gives access tokens for Graph. */
export interface Tokens {
  /**
   * @param scopes short names such as `Place.Read.All`
   * @param options.claims what a claims challenge of Graph asks for (the value of `claims`, decoded)
   * Throws coded OtjErrors: M365_SIGN_IN_NEEDED, M365_CONSENT_NEEDED, M365_UNREACHABLE and others.
   */
  token(scopes: readonly string[], options?: { claims?: string; signal?: AbortSignal }): Promise<string>;
}
