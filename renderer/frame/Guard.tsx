import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { problemOf } from '../bridge/bridge.ts';
import { Button } from '../design/Button.tsx';
import { ProblemCard } from '../design/ProblemCard.tsx';
import { Screen } from '../design/Screen.tsx';

/** A screen that fails takes nothing else with it: what happened is shown in its place, and it can be opened again. */
export class Guard extends Component<{ children: ReactNode }, { thrown: unknown }> {
  override state: { thrown: unknown } = { thrown: null };

  static getDerivedStateFromError(thrown: unknown): { thrown: unknown } {
    return { thrown: thrown ?? new Error('nothing was thrown') };
  }

  override render(): ReactNode {
    const { thrown } = this.state;
    if (thrown === null) return this.props.children;
    return <Failed thrown={thrown} again={() => this.setState({ thrown: null })} />;
  }
}

function Failed({ thrown, again }: { thrown: unknown; again(): void }) {
  const { t } = useTranslation('frame');
  return (
    <Screen title={t('crash.title')}>
      <ProblemCard
        problem={problemOf(thrown)}
        actions={
          <Button look="primary" onClick={again}>
            {t('crash.reload')}
          </Button>
        }
      />
    </Screen>
  );
}
