/** Which language and which national manner of writing numbers and times. Pure. */
import type { Preferences } from '../../main/contract/app.ts';

export type Language = Exclude<Preferences['language'], 'system'>;
export const LANGUAGES: readonly Language[] = ['en', 'de', 'nb'];

/** @param wished languages of this computer, best first */
export function languageOf(chosen: Preferences['language'], wished: readonly string[]): Language {
  if (chosen !== 'system') return chosen;
  for (const tag of wished) {
    const start = tag.toLowerCase().split('-')[0] ?? '';
    // Norwegian has two written forms and an old common tag; Bokmål is the one there is.
    const language = start === 'no' || start === 'nn' ? 'nb' : start;
    const known = LANGUAGES.find((one) => one === language);
    if (known) return known;
  }
  return 'en';
}

/** The locale for numbers and times: the region of this computer where it fits the language. */
export function localeOf(language: Language, wished: readonly string[]): string {
  return (
    wished.find((tag) => tag.toLowerCase().startsWith(`${language}-`)) ??
    { en: 'en-GB', de: 'de-DE', nb: 'nb-NO' }[language]
  );
}
