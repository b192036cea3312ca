import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobItem } from '../../../main/contract/jobs.ts';
import { count } from '../../i18n/format.ts';
import css from './Microsoft.module.css';

/** More lines than these nobody reads here; the last ones are shown. */
const MOST = 1_000;

/** What a script prints, as it comes; the newest line stays in sight. */
export function Transcript({ items }: { items: readonly JobItem[] }) {
  const { t } = useTranslation('microsoft');
  const box = useRef<HTMLPreElement>(null);
  const lines = items.filter(({ what }) => what === 'printed');
  const shown = lines.slice(-MOST);
  useEffect(() => {
    if (lines.length > 0) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [lines.length]);
  return (
    <>
      {lines.length > shown.length && (
        <p className={css.soft}>{t('run.older', { formatted: count(lines.length - shown.length) })}</p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <pre ref={box} className={css.transcript} role="log" aria-label={t('run.transcript')} tabIndex={0} dir="auto">
        {shown.map(({ about, words }) => `${about === 'err' ? '! ' : ''}${words}\n`).join('')}
      </pre>
    </>
  );
}
