import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../../main/contract/methods.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { Checkbox } from '../../design/Checkbox.tsx';
import { TextField } from '../../design/Field.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { notify } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { count } from '../../i18n/format.ts';
import { useAnswer, useRooms } from '../../state/hooks.ts';
import { useStore } from '../../state/store.ts';
import css from './Sync.module.css';

/** What no program can do, by kind: done in many rooms at once, it is ticked for all of them at once. */
export function ManualSteps() {
  const { t } = useTranslation('sync');
  const { rooms } = useRooms();
  const left = rooms.reduce((sum, { manual }) => sum + manual, 0);
  const { data, problem } = useAnswer('manual.list', undefined, [left]);
  if (problem) return <ProblemCard problem={problem} />;
  if (data?.length === 0) {
    return (
      <Card title={t('manual.title')}>
        <p>{t('manual.none')}</p>
      </Card>
    );
  }
  return data?.toSorted((a, b) => rank(a.kind) - rank(b.kind)).map((group) => <Group key={group.kind} group={group} />);
}

/** Kinds that have words of their own, in the order in which they are usually done; others follow. */
const KNOWN = [
  'webex-entry',
  'manager',
  'service-portal',
  'service-again',
  'infinity-password',
  'infinity-entry',
  'passphrase-end',
  'device-by-hand',
  'device-back-by-hand',
] as const;

function rank(kind: string): number {
  const at = (KNOWN as readonly string[]).indexOf(kind);
  return at === -1 ? KNOWN.length : at;
}

/** More rooms than these are ticked all together, not one by one. */
const MOST_LISTED = 200;

type ManualGroup = Output<'manual.list'>[number];

function Group({ group: { kind, open } }: { group: ManualGroup }) {
  const { t } = useTranslation('sync');
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set());
  const [note, setNote] = useState('');
  const { since, run } = useAction();
  const known = KNOWN.find((one) => one === kind);
  // Nothing is chosen beforehand: one press must not note work that nobody did.
  const chosen = open.filter((id) => picked.has(id));
  const words = { count: chosen.length, formatted: count(chosen.length) };
  const tick = () =>
    run(async () => {
      const { ticked } = await call('rooms.tick', { roomIds: chosen, kind, note });
      notify({ title: t('manual.ticked', { count: ticked, formatted: count(ticked) }) });
      setNote('');
    });
  const choose = (id: number, isChosen: boolean) => {
    const now = new Set(picked);
    if (isChosen) now.add(id);
    else now.delete(id);
    setPicked(now);
  };
  return (
    <Card
      title={t('manual.group', { what: known ? t(`manual.kind.${known}.what`) : kind, formatted: count(open.length) })}
    >
      {known && <p>{t(`manual.kind.${known}.how`)}</p>}
      <div className={css.tick}>
        <TextField
          label={t('manual.note')}
          example={t('manual.noteExample')}
          optional
          value={note}
          onChange={setNote}
        />
        <Button
          look="primary"
          disabled={chosen.length === 0}
          busy={since === null ? null : { what: t('manual.ticking'), since }}
          onClick={() => void tick()}
        >
          {t('manual.tick', words)}
        </Button>
      </div>
      <Checkbox
        checked={chosen.length === open.length ? true : chosen.length === 0 ? false : 'mixed'}
        onChange={(all) => setPicked(new Set(all ? open : []))}
        label={t('manual.all', { count: open.length, formatted: count(open.length) })}
      />
      <ul className={css.rooms}>
        {open.slice(0, MOST_LISTED).map((id) => (
          <RoomTick key={id} roomId={id} isChosen={picked.has(id)} onChange={choose} />
        ))}
      </ul>
      {open.length > MOST_LISTED && (
        <p className={css.soft}>
          {t('manual.more', { count: open.length - MOST_LISTED, formatted: count(open.length - MOST_LISTED) })}
        </p>
      )}
    </Card>
  );
}

interface RoomTickProps {
  roomId: number;
  isChosen: boolean;
  onChange(roomId: number, isChosen: boolean): void;
}

function RoomTick({ roomId, isChosen, onChange }: RoomTickProps) {
  const name = useStore((store) => store.rooms[store.placeOf.get(roomId) ?? -1]?.name ?? String(roomId));
  return (
    <li className={css.room}>
      <Checkbox
        checked={isChosen}
        onChange={(now) => onChange(roomId, now)}
        label={
          <span className={css.name} title={name} dir="auto">
            {name}
          </span>
        }
      />
    </li>
  );
}
