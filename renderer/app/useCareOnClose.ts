import { useEffect } from 'react';
import { useApp, useRunningJob } from '../state/hooks.ts';

/** In a browser, asks before the page is left while work goes on. The desktop app asks by itself. */
export function useCareOnClose(): void {
  const isBrowser = useApp()?.host === 'browser';
  const isWorking = useRunningJob() !== null;
  useEffect(() => {
    if (!isBrowser || !isWorking) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isBrowser, isWorking]);
}
