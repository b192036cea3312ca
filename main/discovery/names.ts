/** Reverse DNS names, without waiting for a resolver that is away. */
import { Resolver } from 'node:dns/promises';
import { isLoopback } from './ranges.ts';
import { plain } from './words.ts';

const TIMEOUT_MS = 800;
/** Off site, no resolver answers: that is learned once. */
const MOST_FAILURES = 3;

export class Names {
  private readonly resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 });
  private failures = 0;

  /** null when it has none, or nobody can be asked. Never rejects. */
  async of(address: string): Promise<string | null> {
    // Of this computer itself a resolver knows nothing.
    if (this.failures >= MOST_FAILURES || isLoopback(address)) return null;
    try {
      const [name] = await this.resolver.reverse(address);
      this.failures = 0;
      return name ? plain(name) : null;
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      if (code === 'ENOTFOUND' || code === 'ENODATA') this.failures = 0;
      else this.failures++;
      return null;
    }
  }

  close(): void {
    this.failures = MOST_FAILURES;
    this.resolver.cancel();
  }
}
