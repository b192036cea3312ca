import type { LabNames, World } from './types.ts';

/** The lab's own name table: exact names first, then the longest `*.suffix` that fits. Never the system's resolver. */
function createNames(): LabNames {
  const exact = new Map<string, { address: string; port: number }>();
  const wild = new Map<string, { address: string; port: number }>();
  return {
    set(host, at) {
      const name = host.toLowerCase();
      if (name.startsWith('*.')) wild.set(name.slice(2), at);
      else exact.set(name, at);
    },
    resolve(host) {
      const name = host.toLowerCase();
      const hit = exact.get(name);
      if (hit) return hit;
      for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
        const found = wild.get(name.slice(dot + 1));
        if (found) return found;
      }
      return undefined;
    },
  };
}

export function createWorld({ latencyMs = 0, log = () => {}, line }: Partial<Omit<World, 'names'>> = {}): World {
  return { names: createNames(), latencyMs, log, ...(line ? { line } : {}) };
}
