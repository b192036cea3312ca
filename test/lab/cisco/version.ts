/** Software names as `Software Version` prints them: `ce11.27.2.0.0123456789a`, `TC7.3.3.c84180a`. */
export interface Version {
  numbers: number[];
  hash: string;
}

export function parseVersion(software: string): Version {
  const parts = software.replace(/^[a-z]+\s*/i, '').split('.');
  const hash = parts.length > 3 ? (parts.pop() ?? '') : '';
  return { numbers: parts.map(Number), hash };
}

export function atLeast(version: Version, ...wanted: number[]): boolean {
  for (const [index, number] of wanted.entries()) {
    const own = version.numbers[index] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}

/** The first number: 9, 10, 11, 26. */
export function major(version: Version): number {
  return version.numbers[0] ?? 0;
}

export function displayName(version: Version): string {
  const product = major(version) >= 10 ? 'RoomOS' : 'ce';
  return `${product} ${version.numbers.join('.')} ${version.hash}`.trim();
}
