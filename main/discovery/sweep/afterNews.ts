/**
 * On a computer that is busy, a timer may be due while the answer that it waits for lies unread. Timers come first in the
 * event loop, then what has arrived, then this: so the answer wins.
 */
export function afterNews(then: () => void): void {
  setImmediate(then);
}
