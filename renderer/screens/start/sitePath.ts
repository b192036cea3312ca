/** Where a site file goes, as a path of the computer that the program runs on. Pure. */

const EXTENSION = '.otjsite';
const LONGEST = 80;

/** The name of a site as the name of a file that every system takes. */
export function fileNameOf(siteName: string): string {
  const plain = siteName
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  // Windows takes no point or space at the end.
  const short = [...plain]
    .slice(0, LONGEST)
    .join('')
    .replace(/[. ]+$/, '')
    .replace(/^\.+/, '');
  return `${short || 'Site'}${EXTENSION}`;
}

/** @param folder as the program gives it, with the slashes of its system */
export function pathIn(folder: string, file: string): string {
  const slash = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  return folder.endsWith(slash) ? `${folder}${file}` : `${folder}${slash}${file}`;
}

/** Either kind of slash: files come from any computer. */
export function fileIn(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

/** Empty when the path names no folder. */
export function folderOf(path: string): string {
  const length = path.length - fileIn(path).length;
  return length > 1 ? path.slice(0, length - 1) : path.slice(0, length);
}
