import { useTranslation } from 'react-i18next';
import type { Told } from '../../../main/contract/device.ts';
import { CheckBadge } from '../../design/CheckBadge.tsx';
import { DataList } from '../../design/DataList.tsx';
import { visible } from './diff/lines.ts';
import css from './Room.module.css';
import { Title } from './Title.tsx';
import { toldInOrder, toldWords } from './told.ts';

/** What the device told of itself at the last visit; what wants a look comes first, with a sign and a word. */
export function ToldSection({ told }: { told: readonly Told[] }) {
  const { t } = useTranslation('room');
  return (
    <section className={css.section}>
      <Title>{t('told.title')}</Title>
      {told.length === 0 ? (
        <p className={css.soft}>{t('told.none')}</p>
      ) : (
        <DataList
          items={toldInOrder(told).map((one) => ({
            term: t(`told.key.${one.key}`),
            value: one.warn ? (
              <span className={css.told}>
                <bdi>{visible(toldWords(one))}</bdi>
                <CheckBadge status="warn" />
              </span>
            ) : (
              visible(toldWords(one))
            ),
          }))}
        />
      )}
    </section>
  );
}
