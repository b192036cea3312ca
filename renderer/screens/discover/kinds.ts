/** Words for kinds of device. */
import i18next from 'i18next';

/** @param kind as the services tell it; null = not recognised. One of a later version is told as it is. */
export function kindWord(kind: string | null): string {
  const key = `discover:kind.${kind ?? 'unknown'}`;
  if (!i18next.exists(key)) return kind ?? '';
  // The kind comes from data, so its key is no literal; that it exists was just seen.
  const word: unknown = i18next.t(key as 'discover:kind.unknown');
  return typeof word === 'string' ? word : '';
}
