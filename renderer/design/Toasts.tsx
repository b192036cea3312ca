import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import button from './Button.module.css';
import { classes } from './classes.ts';
import { Icon } from './Icon.tsx';
import css from './Toasts.module.css';
import { toastManager } from './toasts.ts';

/** Where notices appear; once, around the whole window. Send them with `notify` of toasts.ts. */
export function Toasts({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider toastManager={toastManager}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className={css.viewport}>
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function List() {
  const { t } = useTranslation('common');
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={classes(css.toast, toast.type === 'problem' && css.problem)}>
      <Toast.Content className={css.content}>
        <div className={css.text}>
          <Toast.Title className={css.title} render={<p />} />
          <Toast.Description className={css.description} />
        </div>
        {toast.actionProps && <Toast.Action className={button.button} />}
        <Toast.Close className={classes(button.button, button.quiet, button.square)} aria-label={t('close')}>
          <Icon icon={X} />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}
