/** What happens to a reply on its way out: latency and the faults that lose or cut it. */
import type { Codec } from './model.ts';

export interface Exit {
  write(bytes: Buffer): void;
  /** Closes the connection once what was written has gone out. */
  cut(): void;
}

/** `drop`: the connection breaks in the middle of this reply. */
export function deliver(codec: Codec, bytes: Buffer, drop: boolean, exit: Exit): void {
  afterLatency(codec, () => {
    const { hung, truncateAt } = codec.faults;
    if (hung) return;
    const keep = drop ? Math.floor(bytes.length / 2) : (truncateAt ?? bytes.length);
    exit.write(bytes.subarray(0, keep));
    if (keep < bytes.length) exit.cut();
  });
}

/** Cuts bytes into pieces of at most so many. */
export function inPieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

/** Replies wait side by side, not one after the other: the line is long, not narrow. */
export function afterLatency(codec: Codec, action: () => void): void {
  if (codec.world.latencyMs > 0) setTimeout(action, codec.world.latencyMs);
  else action();
}
