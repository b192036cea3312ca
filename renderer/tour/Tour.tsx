import { Compass } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../design/Button.tsx';
import { Icon } from '../design/Icon.tsx';
import { useCommands, useShortcut } from '../frame/shortcuts.ts';
import { count } from '../i18n/format.ts';
import { useApp, useJob, useRoute, useSite } from '../state/hooks.ts';
import { stepAfter, stepAt, TOUR_OVER, TOUR_STEPS, type TourStep } from './steps.ts';
import css from './Tour.module.css';
import { endTour, goTo, startTour, useTourStore } from './tourState.ts';

/**
 * A hint below the screen that it is about. It blocks nothing and covers nothing; whoever goes elsewhere by himself
 * finds the hint of that screen there.
 */
export function Tour() {
  const { t } = useTranslation('tour');
  const offered = useMemo(() => [{ id: 'tour.start', label: t('start'), run: startTour }], [t]);
  useCommands(offered);
  useShortcut('g h', t('start'), startTour, { global: true });
  const { screen, roomId } = useRoute();
  const asked = useTourStore((store) => store.asked);
  const isOver = useApp()?.preferences.hintsRead.includes(TOUR_OVER) ?? true;
  const practice = useSite()?.practice ?? false;
  const step = stepAt(screen, roomId);
  if (step === null || !(asked || (practice && !isOver))) return null;
  return <Hint key={step} step={step} />;
}

function Hint({ step }: { step: TourStep }) {
  const { t } = useTranslation('tour');
  const next = stepAfter(step);
  const result = useJob('practice')?.result;
  const passphrase = result?.kind === 'practice' ? result.passphrase : null;
  return (
    <aside className={css.hint} aria-label={t('name')}>
      {/* Not at the end of the line, where notices come up. */}
      <div className={css.head}>
        <Icon icon={Compass} />
        <strong>{t(`step.${step}.title`)}</strong>
        <span className={css.soft}>
          {t('place', { at: count(TOUR_STEPS.indexOf(step) + 1), of: count(TOUR_STEPS.length) })}
        </span>
        {next && <Button onClick={() => void goTo(next)}>{t(`next.${next}`)}</Button>}
        <Button look={next ? 'quiet' : 'plain'} onClick={() => void endTour()}>
          {t('end')}
        </Button>
      </div>
      <p className={css.text}>
        {t(`step.${step}.text`)}{' '}
        {step === 'checks' && passphrase !== null && (
          <span className={css.soft}>{t('passphrase', { passphrase })}</span>
        )}
        {next === null && <span className={css.soft}>{t('endMeans')}</span>}
      </p>
    </aside>
  );
}
