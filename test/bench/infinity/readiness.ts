/** What the bench measures as the readiness check. One place, so that a fuller check is measured by changing one line. */
import { InfinityLink } from '../../../main/services/infinityLink.ts';
import type { Site } from '../../../main/site/site.ts';

/** Everything that is asked of Infinity before a technician leaves, the list of entries included. */
export async function checkReadiness(site: Site, signal: AbortSignal): Promise<void> {
  const link = new InfinityLink(site, signal);
  try {
    await link.open();
    await link.entries();
  } finally {
    await link.close();
  }
}
