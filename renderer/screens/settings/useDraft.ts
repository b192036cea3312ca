/** What was typed in a part of the settings and not saved yet. It outlives the screen, but not the site. */
import { create } from 'zustand';
import { useSite } from '../../state/hooks.ts';

const useDrafts = create<{ drafts: ReadonlyMap<string, unknown> }>()(() => ({ drafts: new Map() }));

export interface Draft<T> {
  value: T;
  dirty: boolean;
  set(change: Partial<T>): void;
  discard(): void;
}

/** @param saved as it is in the site file; its fields are plain values */
export function useDraft<T extends object>(part: string, saved: T): Draft<T> {
  const key = `${useSite()?.path ?? ''}\n${part}`;
  const typed = useDrafts(({ drafts }) => drafts.get(key)) as Partial<T> | undefined;
  const value = { ...saved, ...typed };
  const keep = (now: Partial<T> | null) =>
    useDrafts.setState(({ drafts }) => {
      const next = new Map(drafts);
      if (now) next.set(key, now);
      else next.delete(key);
      return { drafts: next };
    });
  return {
    value,
    dirty: (Object.keys(saved) as (keyof T)[]).some((field) => value[field] !== saved[field]),
    set: (change) => keep({ ...typed, ...change }),
    discard: () => keep(null),
  };
}
