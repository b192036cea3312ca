/**
 * Runs in the page before the window's own script and measures from inside; the bench asks it by `bench.…`. Times are
 * milliseconds since the page was asked for. Plain JavaScript: TypeScript does not know a page here.
 */

{
  const longTasks = [];
  const keepLongTasks = (entries) => {
    for (const { startTime, duration } of entries) longTasks.push({ at: startTime, ms: duration });
  };
  const observer = new PerformanceObserver((list) => keepLongTasks(list.getEntries()));
  observer.observe({ type: 'longtask', buffered: true });

  /** The second frame begins when the first is on the screen. */
  const afterPaint = (then) => requestAnimationFrame(() => requestAnimationFrame(then));

  /** Moments of loading, 0 = not yet. */
  const load = { rows: 0, answered: 0 };
  const lookForRows = () => {
    if (!document.querySelector('[data-room]')) return requestAnimationFrame(lookForRows);
    return afterPaint((now) => {
      load.rows = now;
    });
  };
  requestAnimationFrame(lookForRows);

  /** Gathers the moments of frames, and whether rows are missing in what is seen of the table. */
  const frames = { times: [], missing: 0, travelled: 0, box: null, top: 0, going: 0 };
  const seenShare = (box) => {
    const { top, bottom } = box.getBoundingClientRect();
    const from = top + box.querySelector('thead').getBoundingClientRect().height;
    const to = Math.min(bottom, box.querySelector('tbody').getBoundingClientRect().bottom);
    let covered = 0;
    for (const row of box.querySelectorAll('[data-at]')) {
      const place = row.getBoundingClientRect();
      covered += Math.max(0, Math.min(place.bottom, to) - Math.max(place.top, from));
    }
    return to > from ? covered / (to - from) : 1;
  };
  const look = () => {
    const { box } = frames;
    if (!box) return;
    frames.travelled += Math.abs(box.scrollTop - frames.top);
    frames.top = box.scrollTop;
    if (box.querySelector('tbody') && seenShare(box) < 0.98) frames.missing++;
  };
  // A message comes after the frame is laid out, so that looking at it costs no layout of its own.
  const channel = new MessageChannel();
  channel.port1.onmessage = look;
  const frame = (round) => (now) => {
    if (round !== frames.going) return;
    frames.times.push(now);
    channel.port2.postMessage(null);
    requestAnimationFrame(frame(round));
  };

  /** Keystrokes that wait until the table has as many rows as they are to lead to. */
  const typing = { expected: [], waiting: [], times: [] };
  const rowCount = () => Number(document.querySelector('[aria-rowcount]')?.getAttribute('aria-rowcount'));
  addEventListener(
    'keydown',
    ({ timeStamp }) => {
      const rows = typing.expected.shift();
      if (rows !== undefined) typing.waiting.push({ at: timeStamp, rows });
    },
    true,
  );
  new MutationObserver(() => {
    if (typing.waiting.length === 0) return;
    const now = rowCount();
    const reached = typing.waiting.findLastIndex(({ rows }) => rows === now);
    // Whoever types fast sees only where the last key has led.
    for (const { at } of typing.waiting.splice(0, reached + 1)) {
      const place = typing.times.push(null) - 1;
      afterPaint((painted) => {
        typing.times[place] = painted - at;
      });
    }
  }).observe(document, { subtree: true, childList: true, attributeFilter: ['aria-rowcount'] });

  const ask = async (name, input) => {
    const answer = await fetch('./call', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-otj-key': sessionStorage.getItem('otj-key') },
      body: JSON.stringify({ name, input }),
    });
    const { ok, output } = await answer.json();
    if (!ok) throw new Error(`${name} was refused`);
    return output;
  };

  /** Resolves when it holds, or to false when it still does not after so many milliseconds. */
  const until = (holds, patience = 30_000) => {
    const end = performance.now() + patience;
    return new Promise((resolve) => {
      const see = () => {
        if (holds() || performance.now() > end) resolve(holds());
        else requestAnimationFrame(see);
      };
      see();
    });
  };

  globalThis.bench = {
    until,
    load: () => ({ ...load, paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0 }),
    /** From now on the moment is noted in which the keyboard reaches the second row. */
    awaitAnswer() {
      addEventListener('focusin', ({ target }) => {
        if (target.matches('[data-at="1"]') && load.answered === 0) {
          load.answered = -1;
          afterPaint((now) => {
            load.answered = now;
          });
        }
      });
    },
    /** @returns those since they were last taken */
    takeLongTasks() {
      keepLongTasks(observer.takeRecords());
      return longTasks.splice(0);
    },
    startFrames(selector) {
      const box = document.querySelector(selector);
      Object.assign(frames, { times: [], missing: 0, travelled: 0, box, top: box.scrollTop, going: frames.going + 1 });
      requestAnimationFrame(frame(frames.going));
    },
    stopFrames() {
      frames.going++;
      return { times: frames.times, missing: frames.missing, travelled: frames.travelled };
    },
    /** @param expected rows that the table is to have after each of the next keystrokes */
    expectKeys(expected) {
      Object.assign(typing, { expected: [...expected], waiting: [], times: [] });
    },
    /** @returns for each keystroke from the key to its paint; of one without effect, how long it was waited for */
    async keys() {
      await until(() => typing.expected.length + typing.waiting.length === 0 && !typing.times.includes(null), 3_000);
      const now = performance.now();
      return [...typing.times.map((time) => time ?? now), ...typing.waiting.map(({ at }) => now - at)];
    },
    rowCount,
    /** Calls one after the other; null stands for no input. @returns what each took */
    async call(name, inputs) {
      const times = [];
      for (const input of inputs) {
        const began = performance.now();
        await ask(name, input ?? undefined);
        times.push(performance.now() - began);
      }
      return times;
    },
    /** What the first room of the table is shown as. */
    topState: () => document.querySelector('[data-at="0"] [data-state]')?.getAttribute('data-state') ?? null,
  };
}
