import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { useEffect } from 'react';
import { Toasts } from '../design/Toasts.tsx';
import { notifyProblem } from '../design/toasts.ts';
import { Frame } from '../frame/Frame.tsx';
import { connect } from '../state/connect.ts';
import { followAddress } from '../state/store.ts';
import { SCREEN_VIEWS } from './screens.tsx';
import { useAppearance } from './useAppearance.ts';
import { useCareOnClose } from './useCareOnClose.ts';

/** The whole window. */
export function App() {
  useEffect(() => connect(notifyProblem), []);
  useEffect(() => followAddress(), []);
  useAppearance();
  useCareOnClose();
  return (
    // The page's policy forbids style elements that a script makes; what they would hold is in reset.css.
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={500}>
        <Toasts>
          <Frame views={SCREEN_VIEWS} />
        </Toasts>
      </Tooltip.Provider>
    </CSPProvider>
  );
}
