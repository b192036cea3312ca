import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JudgedMacro } from '../../../../main/contract/rooms.ts';
import { Button } from '../../../design/Button.tsx';
import { Tabs } from '../../../design/Tabs.tsx';
import { count, percent } from '../../../i18n/format.ts';
import { DiffView } from '../diff/DiffView.tsx';
import { visible } from '../diff/lines.ts';
import { MarkedText } from '../diff/MarkedText.tsx';
import room from '../Room.module.css';
import css from './Macros.module.css';
import { RulingBadge } from './RulingBadge.tsx';
import type { Ruling } from './rulings.ts';

export interface MacroViewProps {
  macro: JudgedMacro;
  ruling: Ruling;
  isBusy: boolean;
  /** null takes a decision back. */
  decide(as: 'take' | 'leave' | null): void;
}

/** One macro: why it was judged so, its text, and the decision where there is one to take. */
export function MacroView({ macro, ruling, isBusy, decide }: MacroViewProps) {
  const { t } = useTranslation('room');
  const { name, score, reasons, content } = macro;
  return (
    <section className={css.view} aria-label={name}>
      <div className={css.head}>
        <h3 className={css.heading} dir="auto" title={visible(name)}>
          {visible(name)}
        </h3>
        <RulingBadge ruling={ruling} />
      </div>
      {ruling === 'uncertain' && (
        <div className={room.actions}>
          <Button look="danger" disabled={isBusy} onClick={() => decide('take')}>
            {t('macro.take')}
          </Button>
          <Button disabled={isBusy} onClick={() => decide('leave')}>
            {t('macro.leave')}
          </Button>
        </div>
      )}
      {(ruling === 'take' || ruling === 'leave') && (
        <div className={room.actions}>
          <span>{t(`macro.decided.${ruling}`)}</span>
          <Button look="quiet" disabled={isBusy} onClick={() => decide(null)}>
            {t('decisions.takeBack')}
          </Button>
        </div>
      )}
      {reasons.length > 0 && (
        <div>
          <p className={room.soft}>
            {t('macro.reasons')} {t('macro.points', { points: count(score) })}
          </p>
          <ol className={css.reasons}>
            {reasons.map((reason) => (
              <li key={reason} dir="auto">
                {visible(reason)}
              </li>
            ))}
          </ol>
        </div>
      )}
      {content === '' ? <p className={room.soft}>{t('macro.notShown')}</p> : <Texts macro={macro} />}
    </section>
  );
}

/** Its text with the signs marked, or beside the OTJ macro that is most like it. */
function Texts({ macro }: { macro: JudgedMacro }) {
  const { t } = useTranslation('room');
  const [tab, setTab] = useState<'text' | 'like'>('text');
  const { name, like, reasons, content } = macro;
  const text = <MarkedText name={name} macro={macro} signs={reasons} />;
  if (!like) return text;
  return (
    <Tabs<'text' | 'like'>
      label={t('macro.views')}
      value={tab}
      onChange={setTab}
      views={[
        { value: 'text', label: t('macro.text'), content: text },
        {
          value: 'like',
          label: t('macro.compare'),
          detail: t('macro.share', { share: percent(like.share) }),
          content: (
            <>
              <p className={room.soft} dir="auto">
                {t('macro.like', { name: like.name, room: like.room, share: percent(like.share) })}
              </p>
              <DiffView
                name={name}
                before={like.content}
                after={content}
                beforeTitle={t('macro.likeTitle', { name: like.name, room: like.room })}
                afterTitle={t('macro.hereTitle', { name })}
                look="split"
              />
            </>
          ),
        },
      ]}
    />
  );
}
