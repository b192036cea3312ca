import { Fragment } from 'react';
import { shownFingerprint } from './infinityAddress.ts';
import css from './Settings.module.css';

/** A certificate's fingerprint whose lines end between bytes only, so that two can be compared by eye. */
export function Fingerprint({ sha256 }: { sha256: string }) {
  const bytes = shownFingerprint(sha256).split(/(?<=:)/);
  return (
    <code className={css.fingerprint}>
      {bytes.map((byte, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bytes repeat, and their place is what they are
        <Fragment key={at}>
          {at > 0 && <wbr />}
          {byte}
        </Fragment>
      ))}
    </code>
  );
}
