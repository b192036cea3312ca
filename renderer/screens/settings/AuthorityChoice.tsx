import { FileText } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../main/contract/errors.ts';
import { call, problemOf } from '../../bridge/bridge.ts';
import { Button } from '../../design/Button.tsx';
import { Field } from '../../design/Field.tsx';
import { ProblemCard } from '../../design/ProblemCard.tsx';
import css from './Settings.module.css';

export interface AuthorityChoiceProps {
  /** Certificates in PEM; null = the authorities that this computer trusts. */
  ca: string | null;
  onChange(ca: string | null): void;
  /** What they are for; absent = for Infinity. */
  hint?: string;
}

/** A file of certificate authorities that are believed in the system's stead. */
export function AuthorityChoice({ ca, onChange, hint }: AuthorityChoiceProps) {
  const { t } = useTranslation('settings');
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [subjects, setSubjects] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const read = async (file: File) => {
    setProblem(null);
    try {
      const base64 = base64Of(new Uint8Array(await file.arrayBuffer()));
      const found = await call('site.authorities', { base64 });
      setSubjects(found.subjects);
      onChange(found.ca);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    }
  };
  return (
    <Field label={t('authority.label')} optional htmlFor={id} hint={hint ?? t('authority.hint')}>
      <input
        ref={input}
        type="file"
        hidden
        accept=".pem,.crt,.cer,.der,.txt"
        aria-label={t('authority.fileLabel')}
        onChange={({ target }) => {
          const [chosen] = target.files ?? [];
          if (chosen) void read(chosen);
          // The same file can be chosen again after it was corrected.
          target.value = '';
        }}
      />
      <div className={css.line}>
        <Button id={id} icon={FileText} onClick={() => input.current?.click()}>
          {t(ca === null ? 'authority.choose' : 'authority.other')}
        </Button>
        {ca === null ? (
          <span className={css.soft}>{t('authority.none')}</span>
        ) : (
          <>
            <span dir="auto">{subjects.join('; ').slice(0, 300) || t('authority.kept')}</span>
            <Button look="quiet" onClick={() => onChange(null)}>
              {t('authority.remove')}
            </Button>
          </>
        )}
      </div>
      {problem && <ProblemCard problem={problem} />}
    </Field>
  );
}

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
