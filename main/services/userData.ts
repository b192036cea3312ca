/** Where the app keeps what it remembers beside all sites. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The same folder as the desktop app has. */
export function userData(): string {
  const { APPDATA, XDG_CONFIG_HOME } = process.env;
  const config = {
    win32: APPDATA || join(homedir(), 'AppData', 'Roaming'),
    darwin: join(homedir(), 'Library', 'Application Support'),
    other: XDG_CONFIG_HOME || join(homedir(), '.config'),
  };
  const { platform } = process;
  return join(config[platform === 'win32' || platform === 'darwin' ? platform : 'other'], 'OTJ Migrator');
}
