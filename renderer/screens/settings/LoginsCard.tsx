import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CredentialView, Purpose } from '../../../main/contract/site.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { ConfirmDialog } from '../../design/ConfirmDialog.tsx';
import { SecretValue } from '../../design/SecretValue.tsx';
import { notify, notifyProblem } from '../../design/toasts.ts';
import { count, moment } from '../../i18n/format.ts';
import { useRooms } from '../../state/hooks.ts';
import { navigate, useStore } from '../../state/store.ts';
import { useSavingBlocked } from './SavedCard.tsx';
import css from './Settings.module.css';
import { StoreLoginDialog } from './StoreLoginDialog.tsx';

const PURPOSES = [
  'cisco-roomos',
  'poly-videoos',
  'poly-group',
  'poly-trio',
  'infinity',
] as const satisfies readonly Purpose[];

interface Which {
  purpose: Purpose;
  roomId: number | null;
}

/** Stored logins; their passwords stay sealed until somebody looks at one. */
export function LoginsCard({ credentials }: { credentials: readonly CredentialView[] }) {
  const { t } = useTranslation('settings');
  const [storing, setStoring] = useState<Which | null>(null);
  const [removing, setRemoving] = useState<Which | null>(null);
  const blocked = useSavingBlocked();
  const own = credentials.filter(({ roomId }) => roomId !== null);
  const props = { blocked: blocked !== null, onStore: setStoring, onRemove: setRemoving };
  return (
    <Card title={t('section.logins')}>
      <p className={css.soft}>{t('logins.means')}</p>
      {PURPOSES.map((purpose) => (
        <div key={purpose} className={css.login}>
          <h3>{t(`logins.purpose.${purpose}`)}</h3>
          <p className={css.soft}>{t(`logins.for.${purpose}`)}</p>
          <Login
            name={t(`logins.purpose.${purpose}`)}
            which={{ purpose, roomId: null }}
            login={credentials.find((one) => one.purpose === purpose && one.roomId === null) ?? null}
            {...props}
          />
        </div>
      ))}
      <div className={css.login}>
        <h3>{t('logins.own')}</h3>
        <p className={css.soft}>{t('logins.ownMeans')}</p>
        {own.length === 0 ? <p>{t('logins.ownNone')}</p> : <OwnLogins logins={own} {...props} />}
      </div>
      {blocked && <p className={css.soft}>{t(`blocked.${blocked}`)}</p>}
      {storing && <StoreLoginDialog {...storing} onClose={() => setStoring(null)} />}
      {removing && <RemoveDialog which={removing} onClose={() => setRemoving(null)} />}
    </Card>
  );
}

interface LoginProps {
  /** What or which room it is for. */
  name: string;
  which: Which;
  login: CredentialView | null;
  blocked: boolean;
  onStore(which: Which): void;
  onRemove(which: Which): void;
}

function Login({ name, which, login, blocked, onStore, onRemove }: LoginProps) {
  const { t } = useTranslation('settings');
  const purpose = name.slice(0, 200);
  if (!login) {
    return (
      <div className={css.line}>
        <span>{t('logins.none')}</span>
        <Button disabled={blocked} aria-label={t('logins.storeFor', { purpose })} onClick={() => onStore(which)}>
          {t('logins.store')}
        </Button>
      </div>
    );
  }
  const refused = login.purpose === 'infinity' ? 'refusedThere' : 'refused';
  const state = login.refused ? refused : login.proven ? 'proven' : 'untried';
  return (
    <div className={css.line}>
      <span className={css.user} dir="auto" title={login.username}>
        {login.username}
      </span>
      {login.kind === 'oauth2' ? (
        <span className={css.soft}>{t('logins.oauth2')}</span>
      ) : (
        <SecretValue of={{ of: 'credential', ...which }} />
      )}
      <span className={login.refused ? css.bad : css.soft}>
        {t('logins.known', { state: t(`logins.state.${state}`), moment: moment(login.updatedAt) })}
      </span>
      <span className={css.end}>
        <Button disabled={blocked} aria-label={t('logins.replaceFor', { purpose })} onClick={() => onStore(which)}>
          {t('logins.replace')}
        </Button>
        <Button
          look="quiet"
          disabled={blocked}
          aria-label={t('logins.removeFor', { purpose })}
          onClick={() => onRemove(which)}
        >
          {t('logins.remove')}
        </Button>
      </span>
    </div>
  );
}

/** More are not drawn at once: nobody reads on. */
const MOST = 200;

function OwnLogins({
  logins,
  ...props
}: { logins: readonly CredentialView[] } & Omit<LoginProps, 'name' | 'which' | 'login'>) {
  const { t } = useTranslation('settings');
  const { rooms } = useRooms();
  const names = useMemo(() => new Map(rooms.map(({ id, name }) => [id, name])), [rooms]);
  return (
    <ul className={css.own}>
      {logins.slice(0, MOST).map((login) => {
        const name = names.get(login.roomId ?? -1) ?? t('logins.gone');
        return (
          <li key={`${login.purpose}/${login.roomId}`}>
            <button
              type="button"
              className={css.link}
              dir="auto"
              title={name}
              onClick={() => navigate('room', login.roomId)}
            >
              {name}
            </button>
            <Login name={name} which={{ purpose: login.purpose, roomId: login.roomId }} login={login} {...props} />
          </li>
        );
      })}
    </ul>
  );
}

function RemoveDialog({ which: { purpose, roomId }, onClose }: { which: Which; onClose(): void }) {
  const { t } = useTranslation('settings');
  const { rooms } = useRooms();
  const using = rooms.filter(({ family }) => family === purpose).length;
  const room = rooms.find(({ id }) => id === roomId);
  const remove = async () => {
    useStore.setState({ site: await call('credentials.remove', { purpose, roomId }) });
    notify({ title: t('logins.removed') });
  };
  const text =
    roomId !== null
      ? t('logins.removeRoom', { room: (room?.name ?? t('logins.gone')).slice(0, 100) })
      : purpose === 'infinity'
        ? t('logins.removeInfinity')
        : t('logins.removeSite', { count: using, formatted: count(using) });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t('logins.removeTitle')}
      action={t('logins.remove')}
      onConfirm={() => void remove().catch(notifyProblem)}
    >
      <p>{text}</p>
    </ConfirmDialog>
  );
}
