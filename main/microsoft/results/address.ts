/** The address of a SharePoint site, as people copy it out of a browser, and the path by which Graph knows it. */
import { OtjError } from '../../contract/errors.ts';

const HOST = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}$/;
/** Folders below which sites lie; what follows the site's own name is a page of it. */
const MANAGED = new Set(['sites', 'teams']);

/**
 * @returns path after `/v1.0`
 * @throws OtjError RESULTS_SITE_ADDRESS
 */
export function sitePath(typed: string): string {
  const address = typed.trim();
  let url: URL;
  try {
    url = new URL(address.includes('://') ? address : `https://${address}`);
  } catch (thrown) {
    throw new OtjError('RESULTS_SITE_ADDRESS', address.slice(0, 200), { cause: thrown });
  }
  const isPlain = url.protocol === 'https:' && !url.username && !url.password && !url.port && HOST.test(url.hostname);
  if (!isPlain) throw new OtjError('RESULTS_SITE_ADDRESS', address.slice(0, 200));
  const parts = url.pathname.split('/').filter(Boolean).map(decoded);
  const [managed = '', name] = parts;
  if (!MANAGED.has(managed.toLowerCase())) return `/sites/${url.hostname}`;
  if (!name || /[\p{Cc}"*:<>?\\|#%]/u.test(name)) throw new OtjError('RESULTS_SITE_ADDRESS', address.slice(0, 200));
  return `/sites/${url.hostname}:/${encodeURIComponent(managed)}/${encodeURIComponent(name)}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
