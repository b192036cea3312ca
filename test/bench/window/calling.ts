/** Calls from the page through the host to the services and back, and whether the host's own thread stays free. */
import { bar, rounded, say, sayTable } from '../bars.ts';
import { median, quantile } from './figures.ts';
import type { OpenSetting, Part } from './part.ts';

export const HOST_BLOCKED_MS = 50;
const CALL_MS = 20;

export async function measureCalls({ page, host, list, sizes }: OpenSetting): Promise<Part> {
  const { calls } = sizes;
  // Ids count from 1.
  const rooms = Array.from({ length: calls.detail }, (_, at) => ({ roomId: 1 + ((at * 97) % list.length) }));
  await host.ask('blocked');
  const detail = { times: await page.call('rooms.detail', rooms), host: await host.ask('blocked') };
  const all = {
    times: await page.call(
      'rooms.list',
      Array.from({ length: calls.list }, () => null),
    ),
    host: await host.ask('blocked'),
  };
  return {
    show() {
      say('\nCalls as the page makes them, one after the other, milliseconds');
      const line = (name: string, { times, host: stops }: typeof detail) => [
        name,
        times.length,
        ...[median(times), quantile(times, 0.95), Math.max(...times), stops.p99, stops.longest].map(rounded),
      ];
      sayTable(
        ['', 'calls', 'median', 'p95', 'longest', 'host p99', 'host blocked'],
        [line('rooms.detail', detail), line(`rooms.list, ${list.length} rooms`, all)],
      );
    },
    bars: [
      bar('rooms.detail, p95 ms', quantile(detail.times, 0.95), 'lower', CALL_MS),
      bar('host blocked by rooms.list, longest ms', all.host.longest, 'lower', HOST_BLOCKED_MS),
    ],
  };
}
