import { useTranslation } from 'react-i18next';
import { Screen } from '../../design/Screen.tsx';

export function MatchScreen() {
  const { t } = useTranslation('frame');
  return <Screen title={t('phase.match')}>{null}</Screen>;
}
