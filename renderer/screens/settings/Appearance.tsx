import { useTranslation } from 'react-i18next';
import type { Preferences } from '../../../main/contract/app.ts';
import { call } from '../../bridge/bridge.ts';
import { Select } from '../../design/Select.tsx';
import { notifyProblem } from '../../design/toasts.ts';
import { LANGUAGES } from '../../i18n/languages.ts';
import { fetchState } from '../../state/connect.ts';
import { useApp } from '../../state/hooks.ts';

const THEMES = ['systemTheme', 'light', 'dark'] as const;

/** Language and theme of this computer; a choice holds at once. */
export function Appearance({ compact = false }: { compact?: boolean }) {
  const { t } = useTranslation('settings');
  const preferences = useApp()?.preferences;
  if (!preferences) return null;
  const choose = (change: Partial<Preferences>) =>
    void call('app.preferences', change).then(fetchState).catch(notifyProblem);
  return (
    <>
      <Select<Preferences['language']>
        label={t('appearance.language')}
        compact={compact}
        hint={t('appearance.languageMeans')}
        value={preferences.language}
        choices={(['systemLanguage', ...LANGUAGES] as const).map((key) => ({
          value: key === 'systemLanguage' ? 'system' : key,
          label: t(`appearance.${key}`),
        }))}
        onChange={(language) => choose({ language })}
      />
      <Select<Preferences['theme']>
        label={t('appearance.theme')}
        compact={compact}
        hint={t('appearance.themeMeans')}
        value={preferences.theme}
        choices={THEMES.map((key) => ({
          value: key === 'systemTheme' ? 'system' : key,
          label: t(`appearance.${key}`),
        }))}
        onChange={(theme) => choose({ theme })}
      />
    </>
  );
}
