import { useEffect, useRef, useState } from 'react';

/**
 * Counts the changes of something that may change many times a second, at most once in a while.
 * @param everyMs shortest time between two counts, milliseconds
 */
export function useChanges(value: unknown, everyMs: number): number {
  const [changes, setChanges] = useState(0);
  const seen = useRef(value);
  const countedAt = useRef(0);
  useEffect(() => {
    if (seen.current === value) return;
    const wait = Math.max(0, countedAt.current + everyMs - performance.now());
    const timer = setTimeout(() => {
      seen.current = value;
      countedAt.current = performance.now();
      setChanges((was) => was + 1);
    }, wait);
    return () => clearTimeout(timer);
  }, [value, everyMs]);
  return changes;
}
