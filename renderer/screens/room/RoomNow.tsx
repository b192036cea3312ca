import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RoomDetail, RoomRow } from '../../../main/contract/rooms.ts';
import { call, problemOfCode } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Elapsed } from '../../design/Elapsed.tsx';
import field from '../../design/Field.module.css';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { SecretValue } from '../../design/SecretValue.tsx';
import { useAction } from '../../design/useAction.ts';
import { count, listOf, moment } from '../../i18n/format.ts';
import { RoomProof } from '../infinity/RoomProof.tsx';
import { RoomMailbox } from '../mailboxes/RoomMailbox.tsx';
import { RoomAccess } from '../microsoft/RoomAccess.tsx';
import { TeamNote } from '../results/TeamNote.tsx';
import { type NextAction, startsWork, wasTouched } from './nextAction.ts';
import css from './Room.module.css';
import { proofWords } from './stepLines.ts';
import { Title } from './Title.tsx';
import type { Deeds } from './useDeeds.ts';
import { canUndo } from './useRoomMenu.ts';
import { deedWord, tookWords } from './words.ts';

export interface RoomNowProps {
  room: RoomRow;
  detail: RoomDetail | null;
  action: NextAction;
  deeds: Deeds;
  /** Work goes on in this room: what was before is not the news. */
  here: boolean;
  /** Something of the room was changed by hand. */
  changed(): void;
}

/** How the room stands: its trouble, or what was proven; and what is left for a person. */
export function RoomNow({ room, detail, action, deeds, here, changed }: RoomNowProps) {
  const { t } = useTranslation('room');
  if (here) return null;
  const problem = detail?.problem ?? (room.code ? problemOfCode(room.code) : null);
  return (
    <>
      {room.undoUnfinished && <p className={css.warning}>{t('undo.unfinished')}</p>}
      {room.withoutSince !== null && problem && (
        <p className={css.warning}>
          <Elapsed what={t('proof.since')} since={room.withoutSince} />
        </p>
      )}
      {room.team && <TeamNote room={room} team={room.team} action={action} deeds={deeds} />}
      {problem && (
        <ProblemCard
          problem={problem}
          support={{ at: room.stateAt, device: deviceFacts(room, detail) }}
          actions={<ProblemActions {...{ room, detail, action, deeds }} touched={wasTouched(problem)} />}
        />
      )}
      {(room.state === 'migrated' || room.state === 'awaiting sync') && <Proof room={room} detail={detail} />}
      {room.state === 'undone' && <p className={css.soft}>{t('proof.undone')}</p>}
      <RoomMailbox room={room} />
      {detail && <Left room={room} detail={detail} changed={changed} />}
    </>
  );
}

/** English, as all that goes to support. */
function deviceFacts({ family, model }: RoomRow, detail: RoomDetail | null): string[] {
  const { software, lastTransport } = detail?.device ?? {};
  const over = lastTransport ? `over ${lastTransport}` : null;
  return [family, model, software ?? null, over].filter((fact) => fact !== null);
}

function ProblemActions({
  room,
  detail,
  action,
  deeds,
  touched,
}: Omit<RoomNowProps, 'here' | 'changed'> & { touched: boolean }) {
  const { t } = useTranslation('room');
  const { second, blocked } = action;
  return (
    <>
      {second && (
        <Button disabled={blocked !== null && startsWork(second)} onClick={() => deeds.perform(second)}>
          {deedWord(second, room)}
        </Button>
      )}
      {touched && canUndo(room, detail) && !room.undoUnfinished && (
        <Button disabled={blocked !== null} onClick={() => deeds.show('undo')}>
          {t('deed.undo')}
        </Button>
      )}
    </>
  );
}

function Proof({ room, detail }: { room: RoomRow; detail: RoomDetail | null }) {
  const { t } = useTranslation('room');
  // Details of the moment before know nothing of the proof.
  if (detail?.room.state !== room.state) return null;
  const words = proofWords(detail.steps);
  const { infinity } = detail;
  const isProven = detail.servedAt !== null || (infinity?.lastContact ?? null) !== null;
  return (
    <section className={css.proof} aria-label={isProven ? t('proof.title') : t('proof.titleAway')}>
      <Title>{isProven ? t('proof.title') : t('proof.titleAway')}</Title>
      <ul>
        {infinity?.meetings != null && (
          <li>{t('proof.meetings', { count: infinity.meetings, formatted: count(infinity.meetings) })}</li>
        )}
        {infinity?.lastContact && (
          <li dir="auto">
            {infinity.node
              ? t('proof.contactNode', { moment: moment(infinity.lastContact), node: infinity.node })
              : t('proof.contact', { moment: moment(infinity.lastContact) })}
          </li>
        )}
        {room.withoutOtjMs !== null && <li>{t('proof.without', { duration: tookWords(room.withoutOtjMs) })}</li>}
        {room.withoutSince !== null && (
          <li>
            <Elapsed what={t('proof.since')} since={room.withoutSince} />
          </li>
        )}
      </ul>
      {words && (
        <p className={css.said} dir="auto">
          {words}
        </p>
      )}
      <RoomProof room={room} />
      <RoomAccess room={room} />
    </section>
  );
}

/** What only a person can do, and what Infinity is still to be told. */
function Left({ room, detail, changed }: { room: RoomRow; detail: RoomDetail; changed(): void }) {
  const { t } = useTranslation('room');
  const { owed, manual } = detail;
  if (owed.length === 0 && manual.length === 0) return null;
  const isLeft = owed.length > 0 || manual.some(({ tickedAt }) => tickedAt === null);
  const title = t(isLeft ? 'left.title' : 'left.titleDone');
  return (
    <section className={isLeft ? css.left : css.ticked} aria-label={title}>
      <Title>{title}</Title>
      <ul className={css.leftList}>
        {manual.map((step) => (
          <ManualStep key={step.kind} roomId={room.id} step={step} detail={detail} changed={changed} />
        ))}
        {owed.length > 0 && <li>{t('left.owed', { what: listOf(owed.map((kind) => t(`left.${kind}`))) })}</li>}
      </ul>
    </section>
  );
}

interface ManualStepProps {
  roomId: number;
  step: RoomDetail['manual'][number];
  detail: RoomDetail;
  changed(): void;
}

function ManualStep({ roomId, step: { kind, tickedAt, tickedBy, note }, detail, changed }: ManualStepProps) {
  const { t } = useTranslation('room');
  const [typed, setTyped] = useState('');
  const ticking = useAction();
  const text = isKnown(kind) ? t(`left.${kind}`) : kind;
  if (tickedAt !== null)
    return (
      <li>
        <s>{text}</s>{' '}
        <span className={css.soft} dir="auto">
          {t('left.done', { by: tickedBy ?? '', moment: moment(tickedAt) })}
          {note ? `: ${note}` : ''}
        </span>
      </li>
    );
  const tick = async () => {
    if (await ticking.run(() => call('rooms.tick', { roomIds: [roomId], kind, note: typed.trim() }))) changed();
  };
  return (
    <li className={css.manual}>
      <p>{text}</p>
      {kind === 'webex-entry' && <WebexId detail={detail} />}
      {kind === 'device-by-hand' && <Recipe roomId={roomId} detail={detail} />}
      <form
        className={css.tick}
        onSubmit={(event) => {
          event.preventDefault();
          void tick();
        }}
      >
        <label className={css.note}>
          {t('left.note')}
          <input
            className={field.input}
            value={typed}
            autoComplete="off"
            dir="auto"
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        <Button submit disabled={ticking.since !== null}>
          {t('left.tick')}
        </Button>
      </form>
    </li>
  );
}

/** What has to be typed at the device; its password only for who asks for it. */
function Recipe({ roomId, detail: { plan } }: { roomId: number; detail: RoomDetail }) {
  const { t } = useTranslation('room');
  const step = plan?.steps.find(({ id }) => id.startsWith('hand:'));
  if (!step) return null;
  return (
    <>
      <p dir="auto">{step.title}</p>
      <dl className={css.recipe}>
        {step.changes.map(({ setting, after }) => (
          <div key={setting}>
            <dt dir="auto">{setting}</dt>
            <dd dir="auto">
              {after === SEALED ? (
                <SecretValue of={{ of: 'room', roomId }} />
              ) : after === '' ? (
                t('left.recipeEmpty')
              ) : (
                <code className={css.fingerprint}>{after}</code>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** As a plan says that a password is there and not shown. */
const SEALED = 'new password (sealed)';

/** What has to be typed on Infinity, where the device has told it. */
function WebexId({ detail: { device } }: { detail: RoomDetail }) {
  const { t } = useTranslation('room');
  const id = device?.told.find(({ key }) => key === 'webex-id')?.value;
  if (!id) return null;
  return (
    <p>
      {t('left.webexId')} <code className={css.fingerprint}>{id}</code>
    </p>
  );
}

const KNOWN = [
  'service-portal',
  'service-again',
  'infinity-password',
  'infinity-entry',
  'webex-entry',
  'manager',
  'passphrase-end',
  'device-by-hand',
  'device-back-by-hand',
] as const;

function isKnown(kind: string): kind is (typeof KNOWN)[number] {
  return KNOWN.some((one) => one === kind);
}
