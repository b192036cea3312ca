import { ClipboardCopy, TriangleAlert } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Effect, Problem } from '../../main/contract/errors.ts';
import { problemText, stepTitle } from '../i18n/words.ts';
import { useApp } from '../state/hooks.ts';
import { Button } from './Button.tsx';
import { Icon } from './Icon.tsx';
import css from './ProblemCard.module.css';
import { type SupportFacts, supportText } from './support.ts';

const OUTCOMES = [
  ['done', 'problem.done'],
  ['unknown', 'problem.unknown'],
  ['refused', 'problem.refused'],
  ['not tried', 'problem.notTried'],
] as const satisfies readonly (readonly [Effect['outcome'], string])[];

export interface ProblemCardProps {
  problem: Problem;
  /** At most two buttons. */
  actions?: ReactNode;
  /** Room, address or file that it is about. */
  about?: string;
  /** For the text that is copied for support. */
  support?: SupportFacts;
}

/** A failure: what happened, the other side's own words, what was changed and what was not, what to do next. */
export function ProblemCard({ problem, actions, about, support }: ProblemCardProps) {
  const { t } = useTranslation('common');
  const app = useApp();
  const [copied, setCopied] = useState(false);
  const { happened, todo } = problemText(problem);
  const copy = async () => {
    await navigator.clipboard.writeText(supportText(problem, happened, app, support));
    setCopied(true);
  };
  return (
    <section className={css.card} aria-label={happened}>
      <div className={css.head}>
        <span className={css.mark}>
          <Icon icon={TriangleAlert} />
        </span>
        <div className={css.grow}>
          {about !== undefined && (
            <p className={css.soft} dir="auto">
              {about}
            </p>
          )}
          <p className={css.happened}>{happened}</p>
        </div>
        <code className={css.code}>{problem.code}</code>
      </div>
      {problem.words && (
        <figure>
          <figcaption className={css.soft}>{t('problem.words')}</figcaption>
          <pre className={css.words} dir="auto">
            {problem.words}
          </pre>
        </figure>
      )}
      {problem.effects && <Effects effects={problem.effects} />}
      <p>
        <strong>{t('problem.todo')}</strong> {todo}
      </p>
      <div className={css.actions}>
        {actions}
        <Button look="quiet" icon={ClipboardCopy} onClick={copy}>
          {t(copied ? 'problem.supportCopied' : 'problem.support')}
        </Button>
      </div>
    </section>
  );
}

function Effects({ effects }: { effects: readonly Effect[] }) {
  const { t } = useTranslation('common');
  const isTouched = effects.some(({ outcome }) => outcome === 'done' || outcome === 'unknown');
  return (
    <>
      {!isTouched && <p>{t('problem.untouched')}</p>}
      {effects.length > 0 && (
        <dl className={css.effects}>
          {OUTCOMES.map(([outcome, key]) => {
            const fitting = effects.filter((effect) => effect.outcome === outcome);
            if (fitting.length === 0) return null;
            return (
              <div key={outcome} className={css.pair}>
                <dt className={css.soft}>{t(key)}</dt>
                <dd>
                  <ul>
                    {fitting.map(({ step, what }) => (
                      <li key={`${step}/${what}`} dir="auto">
                        {stepTitle(step, what)}
                      </li>
                    ))}
                  </ul>
                </dd>
              </div>
            );
          })}
        </dl>
      )}
    </>
  );
}
