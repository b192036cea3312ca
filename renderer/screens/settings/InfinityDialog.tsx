import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type { InfinityAddress } from '../../../main/contract/site.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { TextField } from '../../design/Field.tsx';
import { NumberField } from '../../design/NumberField.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { notify } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { useSite } from '../../state/hooks.ts';
import { useStore } from '../../state/store.ts';
import { AuthorityChoice } from './AuthorityChoice.tsx';
import { placeOf } from './infinityAddress.ts';

export interface InfinityDialogProps {
  onClose(): void;
  /** The site has another address now. `look`: its certificate is to be judged by a person. */
  saved(infinity: InfinityAddress, look: boolean): void;
}

const HTTPS = 443;

/** Address and group of Infinity. */
export function InfinityDialog({ onClose, saved }: InfinityDialogProps) {
  const { t } = useTranslation(['settings', 'common']);
  const known = useSite()?.settings.infinity ?? null;
  const [typed, setTyped] = useState(known?.address ?? '');
  const [port, setPort] = useState<number | null>(known?.port ?? HTTPS);
  const [group, setGroup] = useState(known?.group ?? '');
  const [ca, setCa] = useState(known?.ca ?? null);
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const saving = useAction();
  const first = useRef<HTMLInputElement>(null);
  const place = placeOf(typed);
  const change = (value: string) => {
    setTyped(value);
    const pasted = placeOf(value)?.port;
    if (pasted) setPort(pasted);
  };
  const save = async () => {
    setTried(true);
    setProblem(null);
    if (!place || !isPort(port) || group.trim() === '') return;
    const { address } = place;
    // What was pinned is the certificate of that very place; a file of authorities stands in for it.
    const isSame = known !== null && known.address === address && known.port === port;
    const pin = isSame && ca === (known.ca ?? null) ? known.pin : null;
    const infinity = { address, port, group: group.trim(), pin, ca };
    await saving.run(
      async () => {
        useStore.setState({ site: await call('site.infinity', infinity) });
        const certificate = pin === null ? await call('site.certificate', { address, port, ca }) : null;
        notify({
          title: t('setInfinity.saved'),
          ...(pin === null && certificate === null ? { detail: t('setInfinity.silent') } : {}),
        });
        onClose();
        saved(infinity, certificate !== null && !certificate.trusted);
      },
      (thrown) => setProblem(problemOf(thrown)),
    );
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('setInfinity.title')}
      description={t('setInfinity.means')}
      onSubmit={save}
      initialFocus={first}
      actions={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button
            look="primary"
            submit
            busy={saving.since === null ? null : { what: t('setInfinity.looking'), since: saving.since }}
          >
            {t('setInfinity.save')}
          </Button>
        </>
      }
    >
      <TextField
        ref={first}
        label={t('setInfinity.address')}
        mono
        value={typed}
        onChange={change}
        example={t('setInfinity.addressExample')}
        hint={t('setInfinity.addressHint')}
        error={tried && !place ? t('setInfinity.addressOdd') : null}
      />
      <NumberField
        label={t('setInfinity.port')}
        value={port}
        onChange={setPort}
        min={1}
        max={65_535}
        hint={t('setInfinity.portHint')}
        error={tried && !isPort(port) ? t('setInfinity.portOdd') : null}
      />
      <TextField
        label={t('setInfinity.group')}
        value={group}
        onChange={setGroup}
        example={t('setInfinity.groupExample')}
        hint={t('setInfinity.groupHint')}
        error={tried && group.trim() === '' ? t('setInfinity.groupMissing') : null}
      />
      <AuthorityChoice ca={ca} onChange={setCa} />
      {problem && <ProblemCard problem={problem} />}
    </Dialog>
  );
}

function isPort(port: number | null): port is number {
  return port !== null && Number.isInteger(port) && port >= 1 && port <= 65_535;
}
