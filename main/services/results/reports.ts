/** The hand-over report in the library of the team's site: always at the same path, and only when it says something new. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { asOtjError } from '../../contract/errors.ts';
import type { ResultFile } from '../../contract/microsoft/results.ts';
import type { Graph } from '../../microsoft/graph/graph.ts';
import { uploadFile } from '../../microsoft/results/files.ts';
import type { Site } from '../../site/site.ts';
import { reportFiles } from '../report.ts';
import { resultsSettings } from './settings.ts';

export interface ReportUpload {
  graph: Graph;
  /** Authorities in PEM that are trusted besides the system's. */
  ca: string | null;
  /** Bytes that go in one request, where not the usual number. */
  putMost?: number;
  signal: AbortSignal;
}

/**
 * What fails is kept with the file and tried again with the next publish.
 * @returns the files that were looked at; none where reports are not wanted
 */
export async function uploadReports(site: Site, { graph, ca, putMost, signal }: ReportUpload): Promise<ResultFile[]> {
  const settings = resultsSettings(site);
  if (!settings?.reports) return [];
  const name = basename(site.path)
    .replace(/\.otjsite$/, '')
    .replace(/["*:<>?\\|#%~]/g, '_');
  // The moment in which a report is made is no news.
  const still = reportFiles(site, new Date(0));
  const now = reportFiles(site, new Date());
  const files: [string, keyof typeof now, string][] = [
    [`${name}-report.html`, 'html', 'text/html; charset=utf-8'],
    [`${name}-report.csv`, 'csv', 'text/csv; charset=utf-8'],
  ];
  for (const [file, form, type] of files) {
    const path = `${settings.folder}/${file}`;
    const digest = createHash('sha256').update(still[form]).digest('hex');
    const bytes = Buffer.from(now[form]);
    if (site.results.fileDigest(path) === digest) continue;
    try {
      const target = { siteId: settings.site.id, path, bytes, type, ca, ...(putMost ? { putMost } : {}) };
      const url = await uploadFile(graph, target, signal);
      site.results.saveFile({ path, digest, url, bytes: bytes.length, problem: null });
    } catch (thrown) {
      const problem = asOtjError(thrown).toProblem();
      site.results.saveFile({ path, digest: null, url: null, bytes: bytes.length, problem });
    }
  }
  return site.results.files();
}
