import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InfinityAddress } from '../../../main/contract/site.ts';
import { call } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { DataList } from '../../design/DataList.tsx';
import { notify, notifyProblem } from '../../design/toasts.ts';
import { useStore } from '../../state/store.ts';
import { CertificateDialog } from './CertificateDialog.tsx';
import { Fingerprint } from './Fingerprint.tsx';
import { InfinityDialog } from './InfinityDialog.tsx';
import { shownPlace } from './infinityAddress.ts';
import { useSavingBlocked } from './SavedCard.tsx';
import css from './Settings.module.css';
import { onThisSite } from './sameSite.ts';

export function InfinityCard({ infinity }: { infinity: InfinityAddress | null }) {
  const { t } = useTranslation('settings');
  const [asked, setAsked] = useState<'address' | 'certificate' | null>(null);
  const blocked = useSavingBlocked();
  const remove = async () => {
    await put(null);
    notify({ title: t('infinity.removed'), undo: onThisSite(() => void put(infinity).catch(notifyProblem)) });
  };
  return (
    <Card title={t('section.infinity')}>
      {infinity ? (
        <DataList
          items={[
            { term: t('infinity.address'), value: shownPlace(infinity) },
            { term: t('infinity.group'), value: infinity.group },
            {
              term: t('infinity.certificate'),
              value: infinity.pin ? (
                <>
                  {t('infinity.pinned')} <Fingerprint sha256={infinity.pin} />
                </>
              ) : (
                t(infinity.ca ? 'infinity.byFile' : 'infinity.byAuthority')
              ),
            },
          ]}
        />
      ) : (
        <p>{t('infinity.none')}</p>
      )}
      <div className={css.line}>
        <Button look={infinity ? 'plain' : 'primary'} disabled={blocked !== null} onClick={() => setAsked('address')}>
          {t(infinity ? 'infinity.change' : 'infinity.set')}
        </Button>
        {infinity && (
          <>
            <Button disabled={blocked !== null} onClick={() => setAsked('certificate')}>
              {t('infinity.look')}
            </Button>
            <Button look="quiet" disabled={blocked !== null} onClick={() => void remove().catch(notifyProblem)}>
              {t('infinity.remove')}
            </Button>
          </>
        )}
        {blocked && <span className={css.soft}>{t(`blocked.${blocked}`)}</span>}
      </div>
      {asked === 'address' && (
        <InfinityDialog
          onClose={() => setAsked(null)}
          saved={(_, look) => {
            if (look) setAsked('certificate');
          }}
        />
      )}
      {asked === 'certificate' && infinity && <CertificateDialog infinity={infinity} onClose={() => setAsked(null)} />}
    </Card>
  );
}

async function put(infinity: InfinityAddress | null): Promise<void> {
  useStore.setState({ site: await call('site.infinity', infinity) });
}
