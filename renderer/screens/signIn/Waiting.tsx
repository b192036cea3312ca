import { Copy, Square } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../../main/contract/jobs.ts';
import type { SignInPrompt } from '../../../main/contract/microsoft/connection.ts';
import { call } from '../../bridge/bridge.ts';
import { Button, IconButton } from '../../design/Button.tsx';
import { useNow } from '../../design/Elapsed.tsx';
import { notify, notifyProblem } from '../../design/toasts.ts';
import { wholeDuration } from '../../i18n/format.ts';
import infinity from '../infinity/Infinity.module.css';
import { Qr } from './Qr.tsx';
import css from './SignIn.module.css';

/** A sign-in goes on: what a person is to do, how long there is, and the way out. */
export function Waiting({ job }: { job: Job }) {
  const { t } = useTranslation('signIn');
  const { prompt } = job;
  const stop = () => call('jobs.stop', { job: job.id, how: 'now' }).catch(notifyProblem);
  return (
    <div className={css.told} role="status">
      {prompt === undefined && <p>{t('wait.asking')}</p>}
      {prompt?.way === 'browser' && <InBrowser {...prompt} />}
      {prompt?.way === 'device-code' && <WithCode {...prompt} />}
      <Button icon={Square} disabled={job.status === 'stopping'} onClick={stop}>
        {t('wait.stop')}
      </Button>
    </div>
  );
}

function InBrowser({ url, opened, until }: Extract<SignInPrompt, { way: 'browser' }>) {
  const { t } = useTranslation('signIn');
  return (
    <>
      <p>{t(opened ? 'wait.opened' : 'wait.notOpened')}</p>
      {!opened && <p className={css.address}>{url}</p>}
      <div className={infinity.line}>
        <Button icon={Copy} onClick={() => copy(url, t('wait.copied'))}>
          {t('wait.copyUrl')}
        </Button>
        <Left until={until} />
      </div>
    </>
  );
}

function WithCode({ userCode, verificationUri, until }: Extract<SignInPrompt, { way: 'device-code' }>) {
  const { t } = useTranslation('signIn');
  return (
    <div className={css.device}>
      <div className={css.told}>
        <p>{t('wait.code')}</p>
        <div className={infinity.line}>
          <code className={css.code}>{userCode}</code>
          <IconButton icon={Copy} label={t('wait.copyCode')} onClick={() => copy(userCode, t('wait.copied'))} />
        </div>
        <div className={infinity.line}>
          <code className={css.address}>{verificationUri}</code>
          <IconButton icon={Copy} label={t('wait.copyUrl')} onClick={() => copy(verificationUri, t('wait.copied'))} />
        </div>
        <Left until={until} />
      </div>
      <Qr text={verificationUri} label={t('wait.qr')} className={css.qr} />
    </div>
  );
}

/** Not read aloud each second. */
function Left({ until }: { until: string }) {
  const { t } = useTranslation('signIn');
  const left = new Date(until).getTime() - useNow();
  return (
    <span className={infinity.soft} aria-live="off">
      {t('wait.left', { duration: wholeDuration(left) })}
    </span>
  );
}

async function copy(text: string, title: string): Promise<void> {
  await navigator.clipboard.writeText(text).then(() => notify({ title }), notifyProblem);
}
