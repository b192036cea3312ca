import { z } from 'zod';
import { appStateSchema, preferencesSchema } from '../app.ts';
import { method, nothing } from '../method.ts';

export const appMethods = {
  /** Everything a screen needs to begin with. Touches no network and derives no key. */
  'app.state': method(nothing, appStateSchema),
  'app.preferences': method(preferencesSchema.partial(), preferencesSchema),
  /** Takes a site off the list of recent ones; the file stays. */
  'app.forget': method(z.object({ path: z.string() }), nothing),
  /** Folders and site files of a folder, for hosts without file dialogs. null = the home folder. */
  'files.list': method(
    z.object({ folder: z.string().nullable() }),
    z.object({
      folder: z.string(),
      parent: z.string().nullable(),
      entries: z.array(z.object({ name: z.string(), path: z.string(), kind: z.enum(['folder', 'site']) })),
    }),
  ),
  /** Shows the operating system's own dialog; null = none was chosen, or this host has no dialogs. */
  'files.choose': method(
    z.object({ what: z.enum(['open-site', 'new-site', 'folder']), suggested: z.string().nullable() }),
    z.object({ path: z.string().nullable() }),
  ),
  /** Opens a file that this app has written, in the program that the computer has for it. */
  'files.open': method(z.object({ path: z.string() }), nothing),
};
