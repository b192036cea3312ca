/** In which order files are run: the long ones begin at once, so that none of them is left alone at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that take more than about half a minute of a computer with two cores; the rest goes by what vitest knows. */
export const LONGEST: readonly string[] = [
  'test/e2e/window/looks.test.ts',
  'test/faults/kill.test.ts',
  'test/integration/discover.test.ts',
  'test/e2e/report.test.ts',
  'test/unit/cisco-xml-fuzz.test.ts',
  'test/integration/practice.test.ts',
  'test/e2e/window/hostile.test.ts',
  'test/faults/mixed-estate.test.ts',
  'test/e2e/window/keyboard.test.ts',
  'test/e2e/window/codec.test.ts',
  'test/e2e/window/sync.test.ts',
  'test/e2e/window/batch.test.ts',
  'test/e2e/window/codec-lab.test.ts',
  'test/integration/room-visit.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}`));
  return at < 0 ? LONGEST.length : at;
}
