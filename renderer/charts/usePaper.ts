/** How large the place of a chart is on the screen, as it changes. */
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import type { Paper } from './plane.ts';

/** @returns what to attach to the element that is measured, and its size; null before it is known */
export function usePaper<E extends Element>(): [RefObject<E | null>, Paper | null] {
  const place = useRef<E>(null);
  const [paper, setPaper] = useState<Paper | null>(null);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const measure = () => {
      const { width, height } = element.getBoundingClientRect();
      const em = Number.parseFloat(getComputedStyle(element).fontSize);
      setPaper((was) =>
        was && was.width === width && was.height === height && was.em === em ? was : { width, height, em },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [place, paper];
}
