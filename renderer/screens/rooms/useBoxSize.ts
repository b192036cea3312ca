/** How much space a box has inside. */
import { type RefObject, useLayoutEffect, useState } from 'react';

export interface BoxSize {
  width: number;
  height: number;
}

/** Room for the padding of the box and for a scroll bar that may come, pixels. */
const AROUND = { width: 44, height: 24 } as const;

export function useBoxSize(box: RefObject<HTMLElement | null>): BoxSize {
  const [size, setSize] = useState<BoxSize>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => {
      const width = Math.max(0, element.offsetWidth - AROUND.width);
      const height = Math.max(0, element.offsetHeight - AROUND.height);
      setSize((was) => (was.width === width && was.height === height ? was : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return size;
}
