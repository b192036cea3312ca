import { FolderOpen, Plus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { classes } from '../../design/classes.ts';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { Screen } from '../../design/Screen.tsx';
import { Banner } from '../../design/Toolbar.tsx';
import { notify, notifyProblem } from '../../design/toasts.ts';
import { fetchState } from '../../state/connect.ts';
import { useApp, useJob, useSite } from '../../state/hooks.ts';
import type { AppFacts } from '../../state/model.ts';
import { navigate } from '../../state/store.ts';
import { TOUR_OVER } from '../../tour/steps.ts';
import { useEntered } from '../../tour/tourState.ts';
import { Appearance } from '../settings/Appearance.tsx';
import { openSite } from './enter.ts';
import { NewSiteDialog } from './NewSiteDialog.tsx';
import { OpenSiteDialog } from './OpenSiteDialog.tsx';
import { PracticeCard } from './PracticeCard.tsx';
import { RecentSites } from './RecentSites.tsx';
import css from './Start.module.css';

/** Where no site is open: one of before, a new one, or practice. */
export function StartScreen() {
  const app = useApp();
  return app && <Start app={app} />;
}

function Start({ app }: { app: AppFacts }) {
  const { t } = useTranslation(['start', 'common']);
  const [asked, setAsked] = useState<'new' | 'open' | null>(null);
  const { opening, failure, open } = useOpening();
  useIntoPractice();
  // Names and files may have changed since.
  useEffect(() => void fetchState().catch(notifyProblem), []);
  const choose = async () => {
    if (!app.fileDialogs) return setAsked('open');
    try {
      const { path } = await call('files.choose', { what: 'open-site', suggested: null });
      if (path !== null) await open(path);
    } catch (thrown) {
      notifyProblem(thrown);
    }
  };
  const isFirst = app.recent.length === 0;
  const ways = (
    <div className={css.side}>
      <div className={css.ways}>
        <Button look={isFirst ? 'primary' : 'plain'} icon={Plus} onClick={() => setAsked('new')}>
          {t('new')}
        </Button>
        <span className={css.soft}>{t('newMeans')}</span>
        <Button icon={FolderOpen} onClick={() => void choose()}>
          {t('open')}
        </Button>
        <span className={css.soft}>{t('openMeans')}</span>
      </div>
      <PracticeCard />
      <p className={css.soft}>{t('means')}</p>
    </div>
  );
  return (
    <Screen title={t('title')} layout="wide" actions={<Appearance compact />}>
      <div className={css.page}>
        <StillOpen />
        <div className={classes(css.columns, isFirst && css.first)}>
          {isFirst && ways}
          <div className={css.main}>
            {failure && (
              <ProblemCard
                problem={failure.problem}
                about={failure.path}
                actions={
                  <>
                    <Button look="primary" onClick={() => void open(failure.path)}>
                      {t('common:again')}
                    </Button>
                    <Button onClick={() => void choose()}>{t('chooseOther')}</Button>
                  </>
                }
              />
            )}
            <RecentSites sites={app.recent} opening={opening} onOpen={(path) => void open(path)} />
          </div>
          {!isFirst && ways}
        </div>
      </div>
      {asked === 'new' && <NewSiteDialog app={app} onClose={() => setAsked(null)} />}
      {asked === 'open' && <OpenSiteDialog onClose={() => setAsked(null)} onOpen={(path) => void open(path)} />}
    </Screen>
  );
}

/** Somebody came here from an open site. */
function StillOpen() {
  const { t } = useTranslation('start');
  const site = useSite();
  if (!site) return null;
  return (
    <Banner action={<Button onClick={() => navigate('rooms')}>{t('back')}</Button>}>
      <bdi className={css.open}>{t('isOpen', { name: site.settings.name.slice(0, 200) })}</bdi>
    </Banner>
  );
}

interface Opening {
  opening: { path: string; since: number } | null;
  failure: { path: string; problem: Problem } | null;
  open(path: string): Promise<void>;
}

function useOpening(): Opening {
  const [opening, setOpening] = useState<Opening['opening']>(null);
  const [failure, setFailure] = useState<Opening['failure']>(null);
  const open = async (path: string) => {
    if (opening) return;
    setFailure(null);
    setOpening({ path, since: Date.now() });
    await openSite(path).catch((thrown: unknown) => setFailure({ path, problem: problemOf(thrown) }));
    setOpening(null);
  };
  return { opening, failure, open };
}

/** When the practice site that was started here is open, the tour begins at the first phase. */
function useIntoPractice(): void {
  const { t } = useTranslation('start');
  const job = useJob('practice');
  const result = job?.result;
  const path = useSite()?.path;
  const isOver = useApp()?.preferences.hintsRead.includes(TOUR_OVER) ?? false;
  const isNew = useEntered((store) => store.job !== job?.id);
  const passphrase = result?.kind === 'practice' && result.path === path && isNew ? result.passphrase : undefined;
  const id = job?.id ?? null;
  useEffect(() => {
    if (passphrase === undefined) return;
    useEntered.setState({ job: id });
    // The tour tells it as well, and stays.
    if (isOver) notify({ title: t('practice.ready'), detail: t('practice.passphrase', { passphrase }) });
    navigate('checks');
  }, [passphrase, id, isOver, t]);
}
