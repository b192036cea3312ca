import { FolderOpen } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Checkbox } from '../../design/Checkbox.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { TextField } from '../../design/Field.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { SecretField } from '../../design/SecretField.tsx';
import { useAction } from '../../design/useAction.ts';
import { count } from '../../i18n/format.ts';
import type { AppFacts } from '../../state/model.ts';
import { enterSite } from './enter.ts';
import { FolderDialog } from './FolderDialog.tsx';
import { SHORTEST, strengthOf } from './passphrase.ts';
import css from './Start.module.css';
import { fileIn, fileNameOf, folderOf, pathIn } from './sitePath.ts';

/** Makes a site file and opens it. */
export function NewSiteDialog({ app, onClose }: { app: AppFacts; onClose(): void }) {
  const { t } = useTranslation(['start', 'common']);
  const [name, setName] = useState('');
  const [technician, setTechnician] = useState('');
  // null = not typed yet: it follows the name.
  const [ownPath, setOwnPath] = useState<string | null>(null);
  const [folder, setFolder] = useState(app.home);
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [remember, setRemember] = useState(false);
  const [tried, setTried] = useState(false);
  const [browsing, setBrowsing] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const first = useRef<HTMLInputElement>(null);
  const { since, run } = useAction();
  const path = ownPath ?? pathIn(folder, fileNameOf(name));
  const missing = {
    name: name.trim() === '',
    path: path.trim() === '',
    passphrase: passphrase.length < SHORTEST,
    again: passphrase !== again,
  };
  const create = async () => {
    setTried(true);
    setProblem(null);
    if (Object.values(missing).some(Boolean)) return;
    const wish = { path: path.trim(), name: name.trim(), technician: technician.trim(), passphrase, remember };
    await run(
      async () => enterSite(await call('site.create', wish), 'checks'),
      (thrown) => setProblem(problemOf(thrown)),
    );
  };
  const browse = async () => {
    if (!app.fileDialogs) return setBrowsing(true);
    await run(
      async () => {
        const chosen = await call('files.choose', { what: 'new-site', suggested: path });
        if (chosen.path !== null) setOwnPath(chosen.path);
      },
      (thrown) => setProblem(problemOf(thrown)),
    );
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('make.title')}
      size="l"
      onSubmit={create}
      initialFocus={first}
      actions={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button look="primary" submit busy={since === null ? null : { what: t('make.creating'), since }}>
            {t('make.create')}
          </Button>
        </>
      }
    >
      <div className={css.pair}>
        <TextField
          ref={first}
          label={t('make.name')}
          value={name}
          onChange={setName}
          example={t('make.nameExample')}
          error={tried && missing.name ? t('make.nameMissing') : null}
        />
        <TextField
          label={t('make.technician')}
          optional
          value={technician}
          onChange={setTechnician}
          example={t('make.technicianExample')}
          hint={t('make.technicianHint')}
        />
      </div>
      <div className={css.path}>
        <TextField
          label={t('make.path')}
          mono
          value={path}
          onChange={setOwnPath}
          hint={t('make.pathHint')}
          error={tried && missing.path ? t('make.pathMissing') : null}
        />
        <Button icon={FolderOpen} onClick={() => void browse()}>
          {t('make.browse')}
        </Button>
      </div>
      <Passphrases {...{ passphrase, setPassphrase, again, setAgain, tried }} />
      {app.keychain && (
        <Checkbox label={t('make.remember')} hint={t('make.rememberMeans')} checked={remember} onChange={setRemember} />
      )}
      {problem && <ProblemCard problem={problem} />}
      {browsing && (
        <FolderDialog
          start={folderOf(path) || app.home}
          onClose={() => setBrowsing(false)}
          onChoose={(chosen) => {
            setBrowsing(false);
            setFolder(chosen);
            if (ownPath !== null) setOwnPath(pathIn(chosen, fileIn(ownPath)));
          }}
        />
      )}
    </Dialog>
  );
}

interface PassphrasesProps {
  passphrase: string;
  setPassphrase(value: string): void;
  again: string;
  setAgain(value: string): void;
  tried: boolean;
}

function Passphrases({ passphrase, setPassphrase, again, setAgain, tried }: PassphrasesProps) {
  const { t } = useTranslation('start');
  const strength = strengthOf(passphrase);
  const lacking = SHORTEST - passphrase.length;
  const word =
    strength === 'short'
      ? t('strength.short', { count: lacking, formatted: count(lacking) })
      : t(`strength.${strength}`);
  const isShort = strength === 'empty' || strength === 'short';
  // Not while the second is still being typed.
  const unequal = passphrase !== again && (tried || again.length >= passphrase.length) && again !== '';
  return (
    <>
      <div className={css.pair}>
        <SecretField
          label={t('make.passphrase')}
          value={passphrase}
          onChange={setPassphrase}
          autoComplete="new-password"
          hint={
            tried && isShort ? null : (
              <span role="status" className={css.strength} data-strength={strength}>
                {word}
              </span>
            )
          }
          error={tried && isShort ? word : null}
        />
        <SecretField
          label={t('make.again')}
          value={again}
          onChange={setAgain}
          autoComplete="new-password"
          error={unequal || (tried && passphrase !== again) ? t('make.unequal') : null}
        />
      </div>
      <p className={css.soft}>{t('make.lost')}</p>
    </>
  );
}
