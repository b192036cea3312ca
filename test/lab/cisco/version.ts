/** Software names as `Software Version` prints them: `ce11.27.2.0.0123456789a`, `TC7.3.3.c84180a`. */
export interface Version {
  numbers: number[];
  hash: string;
  /** `TC` or `ce`. */
  line: string;
}

export function parseVersion(software: string): Version {
  const line = /^[a-z]+/i.exec(software)?.[0] ?? '';
  const parts = software.slice(line.length).trim().split('.');
  const hash = parts.length > 3 ? (parts.pop() ?? '') : '';
  return { numbers: parts.map(Number), hash, line };
}

export function atLeast(version: Version, ...wanted: number[]): boolean {
  for (const [index, number] of wanted.entries()) {
    const own = version.numbers[index] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}

/** What a part of the xAPI says of the versions that have it. */
export interface Lifetime {
  /** First version that has it. */
  since?: readonly number[];
  /** First version that has it no longer. */
  until?: readonly number[];
}

export function livesIn(version: Version, { since, until }: Lifetime): boolean {
  return (!since || atLeast(version, ...since)) && !(until && atLeast(version, ...until));
}

/** The first number: 7, 8, 9, 10, 11, 26. */
export function major(version: Version): number {
  return version.numbers[0] ?? 0;
}

export function displayName(version: Version): string {
  const numbers = version.numbers.join('.');
  if (major(version) >= 10) return `RoomOS ${numbers} ${version.hash}`.trim();
  return version.line === 'TC' ? `TC${numbers}.${version.hash}` : `ce ${numbers} ${version.hash}`.trim();
}

/** The second line of the greeting, in forms seen on TC, CE 8, CE 9 and RoomOS. */
export function releaseLine(version: Version): string {
  const numbers = version.numbers.join('.');
  if (version.line === 'TC') return `TANDBERG Codec Release ${displayName(version)}`;
  const final = major(version) === 8 ? `ce ${numbers} Final ${version.hash}` : displayName(version);
  return `Cisco Codec Release ${final}${major(version) < 10 ? ' 2022-01-10' : ''}`;
}
