/** The hand-over report in the library of the team's site: always at the same path, and only when it says something new. */
import { createHash, randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { asOtjError } from '../../contract/errors.ts';
import type { ResultFile } from '../../contract/microsoft/results.ts';
import type { Graph } from '../../microsoft/graph/graph.ts';
import { uploadFile } from '../../microsoft/results/files.ts';
import type { Site } from '../../site/site.ts';
import { reportFiles } from '../report.ts';
import { technicianOf } from '../settings.ts';
import { laptop } from './flag.ts';
import { resultsSettings } from './settings.ts';

/** Where the mark of this site file is kept, and how long it is. */
const FILE_MARK = 'results.file';
const MARK_LENGTH = 8;
/** Of one part of a file's name: the whole path has to stay far below the 400 that a library takes. */
const PART_LENGTH = 60;

export interface ReportUpload {
  graph: Graph;
  /** Authorities in PEM that are trusted besides the system's. */
  ca: string | null;
  /** Bytes that go in one request, where not the usual number. */
  putMost?: number;
  signal: AbortSignal;
}

/** A file as we know of it; what became of it in the library since it went up, nobody has looked at. */
export interface ReportFile extends ResultFile {
  /** It went up just now; else it did before, and has had nothing new to say since. */
  sent: boolean;
}

/**
 * What fails is kept with the file and tried again with the next publish.
 * @returns the files of this site file by their names of now; none where reports are not wanted
 */
export async function uploadReports(site: Site, { graph, ca, putMost, signal }: ReportUpload): Promise<ReportFile[]> {
  const settings = resultsSettings(site);
  if (!settings?.reports) return [];
  const name = reportName(site);
  // The moment in which a report is made is no news.
  const still = reportFiles(site, new Date(0));
  const now = reportFiles(site, new Date());
  const files: [string, keyof typeof now, string][] = [
    [`${name}-report.html`, 'html', 'text/html; charset=utf-8'],
    [`${name}-report.csv`, 'csv', 'text/csv; charset=utf-8'],
  ];
  const paths = files.map(([file]) => `${settings.folder}/${file}`);
  // Under a name of before they are not tried again.
  site.results.forgetFailedFiles(paths);
  const sent = new Set<string>();
  for (const [file, form, type] of files) {
    const path = `${settings.folder}/${file}`;
    const digest = createHash('sha256').update(still[form]).digest('hex');
    const bytes = Buffer.from(now[form]);
    if (site.results.fileDigest(path) === digest) continue;
    try {
      const target = { siteId: settings.site.id, path, bytes, type, ca, ...(putMost ? { putMost } : {}) };
      const url = await uploadFile(graph, target, signal);
      site.results.saveFile({ path, digest, url, bytes: bytes.length, problem: null });
      sent.add(path);
    } catch (thrown) {
      const problem = asOtjError(thrown).toProblem();
      site.results.saveFile({ path, digest: null, url: null, bytes: bytes.length, problem });
    }
  }
  const ofNow = site.results.files().filter(({ path }) => paths.includes(path));
  return ofNow.map((file) => ({ ...file, sent: sent.has(file.path) }));
}

/**
 * The same for each publish of one technician on one computer, and no one else's: two files may have the same name, and a copy
 * has the same mark.
 */
function reportName(site: Site): string {
  const mark = (site.kept(FILE_MARK) as string | null) ?? randomUUID().slice(0, MARK_LENGTH);
  site.keep(FILE_MARK, mark);
  const parts = [basename(site.path).replace(/\.otjsite$/, ''), technicianOf(site), laptop(), mark];
  return parts
    .map((part) =>
      part
        .replace(/["*:<>?\\/|#%~\p{Cc}]/gu, '_')
        .trim()
        .slice(0, PART_LENGTH),
    )
    .filter((part) => part !== '')
    .join('-');
}
