import { ChevronDown, ChevronRight, Radar } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import type { Job } from '../../../main/contract/jobs.ts';
import type { SiteView } from '../../../main/contract/site.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Card } from '../../design/Card.tsx';
import { Checkbox } from '../../design/Checkbox.tsx';
import { ConfirmDialog } from '../../design/ConfirmDialog.tsx';
import { TextArea } from '../../design/Field.tsx';
import { NumberField } from '../../design/NumberField.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import { useAction } from '../../design/useAction.ts';
import { count } from '../../i18n/format.ts';
import { jobWord } from '../../i18n/words.ts';
import { isGoingOn, useAnswer, useRunningJob } from '../../state/hooks.ts';
import css from './Discover.module.css';
import { useDraft } from './draft.ts';
import { Going } from './Going.tsx';
import { Listen } from './Listen.tsx';
import { OwnNetworks } from './OwnNetworks.tsx';
import { readRanges } from './ranges.ts';

export interface LookCardProps {
  site: SiteView;
  /** The newest search of this session. */
  job: Job | null;
  /** How many addresses the room list has. */
  listed: number;
  found: number;
  /** Looking is the next thing to do on this screen. */
  isNext: boolean;
}

/** Where to look for devices, and the search that goes on. */
export function LookCard({ site, job, listed, found, isNext }: LookCardProps) {
  const { t } = useTranslation('discover');
  const { text, sshPort, httpsPort, confirm } = useDraft();
  const [problem, setProblem] = useState<Problem | null>(null);
  /** Addresses that may be others', which somebody has to agree to. */
  const [publicOnes, setPublicOnes] = useState<string | null>(null);
  const state = useAnswer('discover.state', undefined, [site.path, job?.endedAt ?? null]);
  const running = useRunningJob();
  const starting = useAction();
  const read = readRanges(text);
  const isEmpty = text.trim() === '';
  const nothing = !isEmpty && read.ranges.length === 0;
  const goesOn = job !== null && isGoingOn(job);
  const elsewhere = site.busyElsewhere;
  const unfinished = state.data?.unfinished ?? null;
  const ports = { sshPort, httpsPort };
  const isOff = nothing || read.large.length > 0 || (isEmpty && listed === 0);
  const start = async (wish: { allowPublic?: boolean; resume?: boolean }) => {
    setProblem(null);
    setPublicOnes(null);
    const ranges = isEmpty ? [] : [...read.ranges, ...read.exceptions];
    await starting.run(
      () => call('jobs.discover', { ranges, ...ports, confirm, ...wish }),
      (thrown) => {
        const met = problemOf(thrown);
        if (met.code === 'RANGE_PUBLIC') setPublicOnes(met.words ?? '');
        else setProblem(met);
      },
    );
  };
  return (
    <Card title={t('look.title')}>
      <form
        className={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!isOff) void start({});
        }}
      >
        <p className={css.soft}>{t('look.means')}</p>
        <TextArea
          label={t('look.ranges')}
          mono
          rows={2}
          disabled={goesOn}
          value={text}
          onChange={(typed) => useDraft.setState({ text: typed })}
          example={t('look.rangesExample')}
          hint={t('look.rangesHint')}
          error={
            read.large[0] !== undefined
              ? t('look.tooLarge', { range: read.large[0] })
              : nothing
                ? t('look.nothing')
                : null
          }
        />
        <OwnNetworks networks={state.data?.networks ?? []} disabled={goesOn} />
        <p role="status">
          {isEmpty
            ? listed > 0
              ? t('look.list', { count: listed, formatted: count(listed) })
              : t('look.noList')
            : t('look.addresses', { count: read.addresses, formatted: count(read.addresses) })}
          {read.exceptions.length > 0 && ` ${t('look.leftOut', { ranges: read.exceptions.join(' ') })}`}
          {!isEmpty && !nothing && read.odd.length > 0 && (
            <span className={css.odd}> {t('look.notUnderstood', { text: read.odd.join(' ').slice(0, 120) })}</span>
          )}
        </p>
        <div className={css.options}>
          <Checkbox
            checked={confirm}
            onChange={(wished) => useDraft.setState({ confirm: wished })}
            label={t('confirm.label')}
            hint={t('confirm.hint')}
            disabled={goesOn}
          />
          <Listen />
        </div>
        <Ports site={site} disabled={goesOn} />
        {problem && <ProblemCard problem={problem} />}
        {job?.problem && job.problem.code !== 'CANCELLED' && <ProblemCard problem={job.problem} />}
        {goesOn ? (
          <Going job={job} found={found} />
        ) : (
          <div className={css.line}>
            <Button
              submit
              icon={Radar}
              look={isNext ? 'primary' : 'plain'}
              disabled={isOff || elsewhere || running !== null}
              busy={starting.since === null ? null : { what: t('look.starting'), since: starting.since }}
            >
              {t(job ? 'look.startAgain' : 'look.start')}
            </Button>
            {unfinished && (
              <>
                <Button disabled={elsewhere || running !== null} onClick={() => void start({ resume: true })}>
                  {t('unfinished.action')}
                </Button>
                <span className={css.soft}>
                  {t('unfinished.means', { looked: count(unfinished.looked), total: count(unfinished.total) })}
                </span>
              </>
            )}
            {elsewhere && <span className={css.soft}>{t('blocked.elsewhere')}</span>}
            {running && <span className={css.soft}>{t('blocked.job', { what: jobWord(running.kind) })}</span>}
          </div>
        )}
      </form>
      <ConfirmDialog
        open={publicOnes !== null}
        onClose={() => setPublicOnes(null)}
        title={t('public.title')}
        action={t('public.action')}
        onConfirm={() => void start({ allowPublic: true })}
      >
        <p>{t('public.means', { addresses: publicOnes ?? '' })}</p>
      </ConfirmDialog>
    </Card>
  );
}

function Ports({ site: { settings }, disabled }: { site: SiteView; disabled: boolean }) {
  const { t } = useTranslation('discover');
  const { sshPort, httpsPort } = useDraft();
  const [open, setOpen] = useState(sshPort !== null || httpsPort !== null);
  return (
    <div>
      <Button
        look="quiet"
        icon={open ? ChevronDown : ChevronRight}
        aria-expanded={open}
        onClick={() => setOpen((was) => !was)}
      >
        {t('look.ports')}
      </Button>
      {open && (
        <div className={css.ports}>
          <p className={css.soft}>{t('look.portsMeans')}</p>
          <div className={css.line}>
            <NumberField
              label={t('look.ssh')}
              value={sshPort ?? settings.sshPort}
              onChange={(typed) => useDraft.setState({ sshPort: typed })}
              min={1}
              max={65_535}
              disabled={disabled}
            />
            <NumberField
              label={t('look.https')}
              value={httpsPort ?? settings.httpsPort}
              onChange={(typed) => useDraft.setState({ httpsPort: typed })}
              min={1}
              max={65_535}
              disabled={disabled}
            />
          </div>
        </div>
      )}
    </div>
  );
}
