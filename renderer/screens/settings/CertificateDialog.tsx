import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type { InfinityAddress, ShownCertificate } from '../../../main/contract/site.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { DataList } from '../../design/DataList.tsx';
import { Dialog } from '../../design/Dialog.tsx';
import { Elapsed } from '../../design/Elapsed.tsx';
import { TextField } from '../../design/Field.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { notify } from '../../design/toasts.ts';
import { useAction } from '../../design/useAction.ts';
import { count, day } from '../../i18n/format.ts';
import { useStore } from '../../state/store.ts';
import { Fingerprint } from './Fingerprint.tsx';
import { compareFingerprint, hexOf, shownPlace } from './infinityAddress.ts';
import css from './Settings.module.css';
import { useCertificate } from './useCertificate.ts';

export interface CertificateDialogProps {
  infinity: InfinityAddress;
  onClose(): void;
  /** The site holds another pin now. */
  changed?(): void;
}

/** What certificate the Management Node shows, how to compare it, and the decision to trust it. */
export function CertificateDialog({ infinity, onClose, changed }: CertificateDialogProps) {
  const { t } = useTranslation(['settings', 'common']);
  const { address, port, pin, ca = null } = infinity;
  const place = shownPlace(infinity);
  const [look, again] = useCertificate(address, port, ca);
  const data = look.state === 'shown' ? look.certificate : null;
  const [told, setTold] = useState('');
  const [failure, setFailure] = useState<Problem | null>(null);
  const saving = useAction();
  const comparison = data ? compareFingerprint(told, data.sha256) : 'empty';
  const save = async (fresh: string | null) => {
    setFailure(null);
    const ok = await saving.run(
      async () => useStore.setState({ site: await call('site.infinity', { ...infinity, pin: fresh }) }),
      (thrown) => setFailure(problemOf(thrown)),
    );
    if (!ok) return;
    notify({ title: t(fresh ? 'certificate.pinDone' : 'certificate.unpinDone') });
    changed?.();
    onClose();
  };
  const mayPin = data !== null && pin !== data.sha256 && !(data.trusted && pin === null);
  return (
    <Dialog
      open
      onClose={onClose}
      size="l"
      title={t('certificate.title', { place })}
      description={t('certificate.means')}
      actions={
        <>
          {(look.state === 'silent' || look.state === 'failed') && <Button onClick={again}>{t('common:again')}</Button>}
          {pin !== null && data?.trusted && (
            <Button disabled={saving.since !== null} onClick={() => void save(null)}>
              {t('certificate.unpin')}
            </Button>
          )}
          <Button onClick={onClose}>{t(mayPin ? 'common:cancel' : 'common:close')}</Button>
          {mayPin && (
            <Button
              look={pin === null ? 'primary' : 'danger'}
              disabled={comparison === 'different' || comparison === 'odd'}
              busy={saving.since === null ? null : { what: t('saving'), since: saving.since }}
              onClick={() => void save(data.sha256)}
            >
              {t('certificate.pin')}
            </Button>
          )}
        </>
      }
    >
      {look.state === 'failed' && <ProblemCard problem={look.problem} />}
      {look.state === 'looking' && (
        <p role="status">
          <Elapsed what={t('certificate.looking')} since={look.since} />
        </p>
      )}
      {look.state === 'silent' && <p role="alert">{t('certificate.silent', { place })}</p>}
      {data && <Facts certificate={data} pin={pin} />}
      {mayPin && (
        <>
          <section>
            <h3>{t('certificate.howTitle')}</h3>
            <p>{t('certificate.how')}</p>
          </section>
          <TextField
            label={t('certificate.told')}
            optional
            mono
            value={told}
            onChange={setTold}
            hint={
              <>
                {t('certificate.toldHint')}
                {comparison === 'same' && (
                  <strong role="status" className={css.same}>
                    {' '}
                    {t('certificate.toldSame')}
                  </strong>
                )}
              </>
            }
            error={
              comparison === 'different'
                ? t('certificate.toldDifferent')
                : comparison === 'odd'
                  ? t('certificate.toldOdd', { formatted: count(hexOf(told).length) })
                  : null
            }
          />
        </>
      )}
      {failure && <ProblemCard problem={failure} />}
    </Dialog>
  );
}

function Facts({ certificate, pin }: { certificate: ShownCertificate; pin: string | null }) {
  const { t } = useTranslation('settings');
  const { subject, issuer, validFrom, validTo, sha256, trusted } = certificate;
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  const validity = to < Date.now() ? 'over' : from > Date.now() ? 'notYet' : null;
  const verdict = pin === null ? (trusted ? 'trusted' : 'untrusted') : pin === sha256 ? 'same' : 'changed';
  const isGood = verdict === 'trusted' || verdict === 'same';
  return (
    <>
      <p className={isGood ? css.good : css.bad}>{t(`certificate.${verdict}`)}</p>
      <DataList
        items={[
          { term: t('certificate.subject'), value: subject },
          { term: t('certificate.issuer'), value: issuer },
          {
            term: t('certificate.valid'),
            value: (
              <>
                {t('certificate.validity', { from: shownDay(validFrom), to: shownDay(validTo) })}
                {validity && <span className={css.bad}> {t(`certificate.${validity}`)}</span>}
              </>
            ),
          },
          { term: t('certificate.fingerprint'), value: <Fingerprint sha256={sha256} /> },
          ...(verdict === 'changed' && pin
            ? [
                {
                  term: t('certificate.pinned'),
                  value: <Fingerprint sha256={pin} />,
                },
              ]
            : []),
        ]}
      />
    </>
  );
}

/** What a server says of itself may be no date at all. */
function shownDay(at: string): string {
  return Number.isNaN(Date.parse(at)) ? at : day(at);
}
