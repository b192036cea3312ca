/** What services may know of the process they run in. Below `OpenSite`, so that what it uses can name it too. */
import type { Site } from '../site/site.ts';
import type { Keychain } from '../site/vault.ts';

/** What only the host can do; the worker asks it by message. */
export interface HostPorts {
  /** null = this host has none. */
  readonly keychain: Keychain | null;
  /** Shows the operating system's own dialog; null = none was chosen, or this host has no dialogs. */
  chooseFile(what: 'open-site' | 'new-site' | 'folder', suggested: string | null): Promise<string | null>;
  /** Opens a file in the program that the computer has for it. */
  openPath(path: string): Promise<void>;
  /** Opens an https address in the browser of this computer; throws when there is none. */
  openUrl(url: string): Promise<void>;
}

export interface HostFacts {
  host: 'electron' | 'browser';
  version: string;
  /** Folder for preferences and the list of recent sites. */
  userData: string;
  /** The host shows the operating system's own file dialogs. */
  fileDialogs: boolean;
}

/** The part of `OpenSite` that a view of the site needs. Take this in modules that `openSite.ts` itself imports. */
export interface Opened {
  readonly facts: HostFacts;
  readonly ports: HostPorts;
  readonly siteOrNull: Site | null;
  /** Whether a job of this process works now: then the file's lock is ours. */
  readonly busy: boolean;
  /** Whether the simulated devices of a practice site run for the open site. */
  readonly practising: boolean;
}
