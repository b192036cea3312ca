/** The texts of the window in the chosen language. English is there at once; the others are loaded when chosen. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Preferences } from '../../main/contract/app.ts';
import { writeAs } from './format.ts';
import { type Language, languageOf, localeOf } from './languages.ts';
import { ENGLISH } from './resources.ts';

type Texts = { default: Record<string, unknown> };

const OTHERS = import.meta.glob<Texts>(['../locales/*/*.json', '!../locales/en/*.json']);

/** Must have ended before anything is shown. */
export async function startTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: ENGLISH },
    defaultNS: 'common',
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
}

/** Changes the language of everything that is shown. What is not translated stays English. */
export async function chooseLanguage(chosen: Preferences['language']): Promise<void> {
  const language = languageOf(chosen, navigator.languages);
  await load(language);
  writeAs(localeOf(language, navigator.languages));
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

async function load(language: Language): Promise<void> {
  const wanted = Object.entries(OTHERS).filter(([path]) => path.includes(`/${language}/`));
  await Promise.all(
    wanted.map(async ([path, read]) => {
      const namespace = path.split('/').at(-1)?.replace('.json', '') ?? '';
      if (i18next.hasResourceBundle(language, namespace)) return;
      i18next.addResourceBundle(language, namespace, (await read()).default);
    }),
  );
}
