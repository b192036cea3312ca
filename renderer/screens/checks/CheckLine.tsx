import { useTranslation } from 'react-i18next';
import { Button } from '../../design/Button.tsx';
import { CheckBadge } from '../../design/CheckBadge.tsx';
import { count as shown } from '../../i18n/format.ts';
import { problemText } from '../../i18n/words.ts';
import css from './Checks.module.css';
import type { Act, CheckId, Line, Said } from './checkLines.ts';

/** i18next takes the colon and the point for its own. */
function keyOf(id: CheckId) {
  return id.replace('.', '_') as KeyOf<CheckId>;
}
type KeyOf<I extends string> = I extends `${infer A}.${infer B}` ? `${A}_${B}` : I;

export interface CheckLineProps {
  line: Line;
  /** Why nothing can be done now. */
  disabled: boolean;
  onAct(act: Act): void;
}

/** One thing that must be in order: how it is, what was seen, where it is mended. */
export function CheckLine({
  line: { id, status, said, evidence, problem, place, act },
  disabled,
  onAct,
}: CheckLineProps) {
  const { t } = useTranslation('checks');
  const told = problem ? problemText(problem) : null;
  // What a problem says in words of the other side is the evidence as well.
  const words = problem?.words ?? evidence;
  return (
    <li className={css.check}>
      <span className={css.badge}>
        <CheckBadge status={status} />
      </span>
      <div className={css.what}>
        <p className={css.name}>{t(`line.${keyOf(id)}`)}</p>
        {said && <Sentence said={said} />}
        {told && !said && <p>{told.happened}</p>}
        {words && (
          <p className={css.evidence}>
            <code dir="auto">{words}</code>
          </p>
        )}
        {told && (
          <p className={css.soft}>
            {t('todo')} <span className={css.plain}>{told.todo}</span>
          </p>
        )}
        {place && (
          <p className={css.soft}>
            {t('where')}{' '}
            <span className={css.plain}>
              {t(place.assumed ? 'adminPagesAssumed' : 'adminPages', { path: place.path.join(' > ') })}
            </span>
          </p>
        )}
      </div>
      {act && (
        <Button disabled={disabled} onClick={() => onAct(act)}>
          {t(`act.${act}`)}
        </Button>
      )}
    </li>
  );
}

function Sentence({ said }: { said: Said }) {
  const { t } = useTranslation('checks');
  if (said.key === 'licences') return <p>{t('says.licences', said)}</p>;
  if (said.key === 'reason') return <p>{t(`reason.${said.reason}`, { formatted: shown(said.count) })}</p>;
  if (said.count === undefined) return <p>{t(`says.${said.key}`)}</p>;
  return <p>{t(`says.${said.key}`, { count: said.count, formatted: shown(said.count) })}</p>;
}
