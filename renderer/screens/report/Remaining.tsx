import { useTranslation } from 'react-i18next';
import type { Output } from '../../../main/contract/methods.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { count } from '../../i18n/format.ts';
import { useLeft, useNavigate } from '../../state/hooks.ts';
import type { Screen } from '../../state/route.ts';
import css from './Report.module.css';

type Summary = Output<'report.summary'>;

interface Line {
  id: 'needYou' | 'interrupted' | 'open' | 'owed' | 'manual';
  left: number;
  screen: Screen;
}

/** What is still to be done before this site is finished, and where. */
export function Remaining({ summary: { counts, manual, owed } }: { summary: Summary }) {
  const { t } = useTranslation('report');
  const navigate = useNavigate();
  const { interrupted } = useLeft();
  const all: Line[] = [
    { id: 'interrupted', left: interrupted, screen: 'run' },
    { id: 'needYou', left: counts['needs attention'], screen: 'rooms' },
    { id: 'open', left: counts['not started'] + counts.ready, screen: 'rooms' },
    { id: 'owed', left: owed, screen: 'sync' },
    { id: 'manual', left: manual, screen: 'sync' },
  ];
  const lines = all.filter(({ left }) => left > 0);
  return (
    <Card title={t('remaining.title')}>
      {lines.length === 0 ? (
        <p>{t('remaining.none')}</p>
      ) : (
        <ul className={css.remaining}>
          {lines.map(({ id, left, screen }) => (
            <li key={id} className={css.left}>
              <span>{t(`remaining.${id}`, { count: left, formatted: count(left) })}</span>
              <Button onClick={() => navigate(screen)}>
                {t(`remaining.to.${screen === 'run' ? 'run' : screen === 'sync' ? 'sync' : 'rooms'}`)}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
