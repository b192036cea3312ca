/** A list on its way in: chosen, looked at, its columns chosen where nobody knows them, shown, and written. */
import { useEffect, useState } from 'react';
import type { Problem } from '../../../main/contract/errors.ts';
import type { ImportOutcome } from '../../../main/contract/lists.ts';
import { CallError, call, problemOf } from '../../bridge/bridge.ts';
import { useAction } from '../../design/useAction.ts';
import { unlocked } from '../../state/unlock.ts';
import { inputOf, NO_WISH, type Source, type Wish } from './importing.ts';
import { showAll } from './viewStore.ts';

export type Step = 'choose' | 'columns' | 'preview' | 'result';

export interface Importing {
  step: Step;
  source: Source | null;
  /** What the program makes of the list so; null = it has not looked. */
  outcome: ImportOutcome | null;
  trouble: Problem | 'unreadable' | null;
  /** Since when it works, milliseconds since 1970; null = it does not. */
  since: number | null;
  take(source: Source | null): void;
  /** Looks at the list without writing anything, and shows what would come of it. */
  look(wish: Wish, source?: Source): void;
  chooseColumns(): void;
  write(): void;
  again(): void;
}

export function useImporting(given: Source | null): Importing {
  const [source, setSource] = useState<Source | null>(given);
  const [wish, setWish] = useState<Wish>(NO_WISH);
  const [step, setStep] = useState<Step>('choose');
  const [outcome, setOutcome] = useState<ImportOutcome | null>(null);
  const [trouble, setTrouble] = useState<Problem | 'unreadable' | null>(null);
  const { since, run } = useAction();
  const take = (next: Source | null) => {
    setSource(next);
    setWish(NO_WISH);
    setStep('choose');
    setOutcome(null);
    setTrouble(null);
  };
  // A file that is dropped while the dialog is open takes the place of the former one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is given from outside counts
  useEffect(() => {
    if (given) take(given);
  }, [given]);
  const attempt = (work: () => Promise<void>) => {
    setTrouble(null);
    void run(work, (thrown) => setTrouble(thrown instanceof CallError ? problemOf(thrown) : 'unreadable'));
  };
  return {
    step,
    source,
    outcome,
    trouble,
    since,
    take,
    look: (next, from = source ?? undefined) => {
      if (!from) return;
      attempt(async () => {
        if ((from.from === 'infinity' || from.from === 'microsoft') && !(await unlocked())) return;
        const shown = await call('rooms.preview', { ...(await inputOf(from)), ...next });
        setSource(from);
        setWish(next);
        setOutcome(shown);
        setStep(shown.looked.how === 'question' && shown.looked.headings.length > 0 ? 'columns' : 'preview');
      });
    },
    chooseColumns: () => setStep('columns'),
    write: () => {
      if (!source || !outcome) return;
      attempt(async () => {
        const came = await call('rooms.import', { ...(await inputOf(source)), ...wish, seen: outcome.digest });
        // Whoever has just added rooms wants to see them, whatever was filtered before.
        if (came.added > 0) showAll();
        setOutcome(came);
        setStep('result');
      });
    },
    again: () => take(null),
  };
}
