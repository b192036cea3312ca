import { useEffect } from 'react';
import { notifyProblem } from '../design/toasts.ts';
import { chooseLanguage } from '../i18n/i18n.ts';
import { useApp, useSite } from '../state/hooks.ts';

/** A name, the same in every language. */
const PRODUCT = 'OTJ Migrator';

/** Language and theme as somebody chose them, or as the computer has them; the site's name as title of the window. */
export function useAppearance(): void {
  const preferences = useApp()?.preferences;
  const language = preferences?.language;
  const theme = preferences?.theme;
  const siteName = useSite()?.settings.name;
  useEffect(() => {
    if (language) chooseLanguage(language).catch(notifyProblem);
  }, [language]);
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === 'light' || theme === 'dark') dataset.theme = theme;
    else delete dataset.theme;
  }, [theme]);
  useEffect(() => {
    // A name may come from anywhere and be of any length.
    document.title = siteName ? `${siteName.slice(0, 80)} – ${PRODUCT}` : PRODUCT;
  }, [siteName]);
}
