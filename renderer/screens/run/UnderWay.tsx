import { useTranslation } from 'react-i18next';
import { Card } from '../../design/Card.tsx';
import { useNow } from '../../design/Elapsed.tsx';
import { count, wholeDuration } from '../../i18n/format.ts';
import { stepTitle } from '../../i18n/words.ts';
import type { Tile } from './follow.ts';
import css from './UnderWay.module.css';

/** With more rooms under way than these, the rest is counted. */
const MOST_LINES = 16;

/** Rooms that are worked on now, each with its step and since when. */
export function UnderWay({ tiles, onChoose }: { tiles: readonly Tile[]; onChoose(roomId: number): void }) {
  const { t } = useTranslation('run');
  const working = tiles.filter(({ status }) => status === 'working');
  const more = working.length - MOST_LINES;
  return (
    <Card title={t('underWay.title', { formatted: count(working.length) })} flush>
      {working.length === 0 ? (
        <p className={css.none}>{t('underWay.none')}</p>
      ) : (
        <table className={css.table}>
          <thead className={css.head}>
            <tr>
              <th scope="col">{t('underWay.room')}</th>
              <th scope="col">{t('underWay.step')}</th>
              <th scope="col">{t('underWay.since')}</th>
            </tr>
          </thead>
          <tbody>
            {working.slice(0, MOST_LINES).map((tile) => (
              <Line key={tile.roomId} tile={tile} onChoose={onChoose} />
            ))}
          </tbody>
        </table>
      )}
      {more > 0 && <p className={css.none}>{t('underWay.more', { count: more, formatted: count(more) })}</p>}
    </Card>
  );
}

function Line({ tile: { roomId, name, step }, onChoose }: { tile: Tile; onChoose(roomId: number): void }) {
  const { t } = useTranslation('run');
  return (
    <tr className={css.line}>
      <td className={css.room}>
        <button type="button" className={css.link} onClick={() => onChoose(roomId)} title={name} dir="auto">
          {name}
        </button>
      </td>
      <td className={css.step} title={step?.words || undefined}>
        {step ? stepTitle(step.step, step.title) : t('underWay.begins')}
        {step?.status === 'waiting' && <span className={css.soft}> {t('underWay.waits')}</span>}
      </td>
      <td className={css.since}>{step && <Since at={step.since} />}</td>
    </tr>
  );
}

/** Under a heading that says so, the bare duration is enough. */
function Since({ at }: { at: number }) {
  return wholeDuration(useNow() - at);
}
