import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../design/Button.tsx';
import { count } from '../../../i18n/format.ts';
import css from './DiffView.module.css';
import { type Line, pretty, shownLine } from './lines.ts';
import { Scroller } from './Scroller.tsx';

const PAGE = 400;

/** One text of a device with numbered lines. */
export function TextView({ name, text }: { name: string; text: string }) {
  const { t } = useTranslation('room');
  const lines = useMemo(() => numbered(text), [text]);
  const [most, setMost] = useState(PAGE);
  return (
    <div className={css.diff}>
      <Scroller label={t('diff.textOf', { name })}>
        <table className={css.table}>
          <tbody>
            {lines.slice(0, most).map((line) => (
              <tr key={line.number}>
                <td className={css.number}>{line.number}</td>
                <td className={css.text}>
                  <bdi>{shownLine(line.text)}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      {lines.length > most && (
        <Button look="quiet" onClick={() => setMost(most + PAGE)}>
          {t('diff.more', { count: lines.length - most, formatted: count(lines.length - most) })}
        </Button>
      )}
    </div>
  );
}

function numbered(text: string): Line[] {
  const lines = pretty(text).replace(/\n$/, '').split('\n');
  return lines.map((line, at) => ({ number: at + 1, text: line }));
}
