import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type { SetupOffer, SetupStep } from '../../../main/contract/infinity.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { notify } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { count } from '../../i18n/format.ts';
import { useAnswer, useSite } from '../../state/hooks.ts';
import css from './Infinity.module.css';
import { SetupFields } from './SetupFields.tsx';
import { SetupSteps } from './SetupSteps.tsx';
import { freshForm, type SetupForm, wishOf } from './setupForm.ts';

/** One-Touch Join on Infinity where it is not configured yet: filled in, shown, then written. */
export function SetupDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation('infinity');
  const group = useSite()?.settings.infinity?.group ?? '';
  const { data: offer, problem, slow } = useAnswer('infinity.offer', undefined);
  const [form, setForm] = useState<SetupForm | null>(null);
  useEffect(() => {
    if (offer) setForm((was) => was ?? freshForm(offer, group));
  }, [offer, group]);
  if (offer && form) return <Filled offer={offer} form={form} change={setForm} onClose={onClose} />;
  return (
    <Dialog open onClose={onClose} title={t('setup.title')} description={t('setup.means')}>
      {problem ? <ProblemCard problem={problem} /> : slow && <p className={css.soft}>{t('setup.reading')}</p>}
    </Dialog>
  );
}

interface FilledProps {
  offer: SetupOffer;
  form: SetupForm;
  change(form: SetupForm): void;
  onClose(): void;
}

function Filled({ offer, form, change, onClose }: FilledProps) {
  const { t } = useTranslation(['infinity', 'common']);
  const [planned, setPlanned] = useState<SetupStep[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const working = useAction();
  const wish = wishOf(form, offer);
  const writes = planned?.filter(({ action }) => action !== 'same').length ?? 0;
  const preview = async () => setPlanned(await call('infinity.preview', wish));
  const apply = async () => {
    if (writes > 0) await call('infinity.apply', { wish, confirmed: planned ?? [] });
    notify({ title: t('setup.done') });
    onClose();
  };
  const go = () => {
    setProblem(null);
    void working.run(planned ? apply : preview, (thrown) => setProblem(problemOf(thrown)));
  };
  const busy =
    working.since === null ? null : { what: t(planned ? 'setup.writing' : 'setup.reading'), since: working.since };
  return (
    <Dialog
      open
      size="l"
      onClose={onClose}
      title={t(planned ? 'setup.planned' : 'setup.title')}
      description={t('setup.means')}
      onSubmit={go}
      actions={
        <>
          {planned ? (
            <Button
              onClick={() => {
                setPlanned(null);
                setProblem(null);
              }}
            >
              {t('setup.back')}
            </Button>
          ) : (
            <Button onClick={onClose}>{t('common:cancel')}</Button>
          )}
          <Button look="primary" submit busy={busy} disabled={planned !== null && writes === 0}>
            {planned ? t('setup.write', { count: writes, formatted: count(writes) }) : t('setup.preview')}
          </Button>
        </>
      }
    >
      {problem && <ProblemCard problem={problem} />}
      {planned ? <SetupSteps steps={planned} /> : <SetupFields offer={offer} form={form} change={change} />}
    </Dialog>
  );
}
