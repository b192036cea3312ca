import { lazy, Suspense } from 'react';
import { useStore } from '../state/store.ts';

const PrepareDialog = lazy(async () => ({
  default: (await import('../screens/infinity/PrepareDialog.tsx')).PrepareDialog,
}));

/** The one place where a prepare is shown before it is written (see state/prepare.ts). */
export function PrepareHost() {
  const preparing = useStore((store) => store.preparing);
  if (!preparing) return null;
  const close = () => useStore.setState((now) => (now.preparing === preparing ? { preparing: null } : {}));
  return (
    <Suspense fallback={null}>
      <PrepareDialog {...preparing} onClose={close} />
    </Suspense>
  );
}
