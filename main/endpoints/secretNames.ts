/** Words by which programs, documents and settings name what nobody may read. One list for all who look for them. */

/** Alternatives of a pattern, to be read in any case. */
export const SECRET_WORDS =
  '(?:passw(?:or)?d|passphrase|passcode|secret|token|api[-_]?key|private[-_]?key|credential|authorization|' +
  'activation[-_]?code|session[-_]?id|cookie)';
