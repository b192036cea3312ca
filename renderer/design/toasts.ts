/** Short notices that go by themselves, from anywhere in the code. What they say must also be seen elsewhere. */
import { Toast } from '@base-ui/react/toast';
import i18next from 'i18next';
import { problemOf } from '../bridge/bridge.ts';
import { problemText } from '../i18n/words.ts';
import { useStore } from '../state/store.ts';
import { supportText } from './support.ts';

export const toastManager = Toast.createToastManager();

export interface Notice {
  /** What was done, short. */
  title: string;
  detail?: string;
  /** Takes it back; the notice then stays 10 s. */
  undo?(): void;
  /** Another action, in place of undo. */
  action?: { label: string; run(): void };
}

const SHORT_MS = 5_000;
const LONG_MS = 10_000;

export function notify({ title, detail, undo, action }: Notice): void {
  const second = action ?? (undo ? { label: i18next.t('common:undo'), run: undo } : null);
  const id: string = toastManager.add({
    title,
    description: detail,
    timeout: second ? LONG_MS : SHORT_MS,
    ...(second
      ? {
          actionProps: {
            children: second.label,
            onClick: () => {
              toastManager.close(id);
              second.run();
            },
          },
        }
      : {}),
  });
}

/** For failures that have no place of their own on the screen. */
export function notifyProblem(thrown: unknown): void {
  const problem = problemOf(thrown);
  const { happened, todo } = problemText(problem);
  const copy = () => navigator.clipboard.writeText(supportText(problem, happened, useStore.getState().app));
  toastManager.add({
    title: happened,
    description: todo,
    type: 'problem',
    priority: 'high',
    timeout: LONG_MS,
    actionProps: { children: i18next.t('common:problem.support'), onClick: () => void copy() },
  });
}
