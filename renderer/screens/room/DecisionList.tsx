import { useTranslation } from 'react-i18next';
import type { RoomDetail } from '../../../main/contract/rooms.ts';
import { Button } from '../../design/Button.tsx';
import { useAction } from '../../design/useAction.ts';
import { type Decision, decisionsOf, takenBack } from './decisions.ts';
import { visible } from './diff/lines.ts';
import css from './Room.module.css';
import { Title } from './Title.tsx';
import type { Deeds } from './useDeeds.ts';

/** What was decided about a room where the program could not tell; each decision can be taken back. */
export function DecisionList({ detail, deeds }: { detail: RoomDetail; deeds: Deeds }) {
  const { t } = useTranslation('room');
  const working = useAction();
  const decisions = decisionsOf(detail);
  if (decisions.length === 0) return null;
  return (
    <section className={css.section} aria-label={t('decisions.title')}>
      <Title>{t('decisions.title')}</Title>
      <ul className={css.decisions}>
        {decisions.map((decision) => (
          <li key={JSON.stringify(decision)} className={css.decision}>
            <span className={css.decided} dir="auto">
              <Words decision={decision} />
            </span>
            <Button
              look="quiet"
              disabled={working.since !== null}
              onClick={() => working.run(() => deeds.decide(takenBack(detail, decision)))}
            >
              {t('decisions.takeBack')}
            </Button>
          </li>
        ))}
      </ul>
      <p className={css.soft}>{t('decisions.means')}</p>
    </section>
  );
}

function Words({ decision }: { decision: Decision }) {
  const { t } = useTranslation('room');
  switch (decision.of) {
    case 'legacy':
      return t('decisions.legacy');
    case 'accepted':
      return t(`decisions.accepted.${decision.what}`);
    case 'take':
    case 'leave':
      return t(`decisions.${decision.of}`, { name: visible(decision.name) });
  }
}
