import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../bridge/bridge.ts';
import { Checkbox } from '../../design/Checkbox.tsx';
import { notifyProblem } from '../../design/toasts.ts';
import { count, moment } from '../../i18n/format.ts';
import { useStore } from '../../state/store.ts';
import css from './Discover.module.css';
import { useDraft } from './draft.ts';

/** Listens for devices that announce themselves, as long as this is on the screen and wished. */
export function Listen() {
  const { t } = useTranslation('discover');
  const wished = useDraft(({ listens }) => listens);
  const listening = useStore((store) => store.listening);
  useEffect(() => {
    if (!wished) return;
    void call('discover.listen', { on: true }).catch(notifyProblem);
    return () => void call('discover.listen', { on: false }).catch(() => undefined);
  }, [wished]);
  const troubles = listening?.troubles ?? [];
  return (
    <div className={css.listen}>
      <Checkbox
        checked={wished}
        onChange={(listens) => useDraft.setState({ listens })}
        label={t('listen.label')}
        hint={t('listen.hint')}
      />
      {wished && listening?.on && (
        <p className={css.soft} role="status">
          {t('listen.on', {
            interfaces: listening.interfaces.join(', ') || t('listen.nowhere'),
            heard: count(listening.heard),
            recorded: count(listening.recorded),
          })}
        </p>
      )}
      {wished && troubles.length > 0 && (
        <details>
          <summary>{t('listen.troubles', { count: troubles.length, formatted: count(troubles.length) })}</summary>
          <ul className={css.troubles}>
            {troubles.toReversed().map(({ at, words }) => (
              <li key={`${at} ${words}`}>
                {moment(at)} <span className={css.words}>{words}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
