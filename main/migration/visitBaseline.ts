/** The device's baseline within one visit. */
import type { BackupItem, Baseline } from '../contract/device.ts';
import type { Site } from '../site/site.ts';

/** Opened from the site file once, for each item costs a deciphering and a hash, and kept in step with what is added. */
export class VisitBaseline {
  private readonly site: Site;
  private readonly serial: string;
  private opened: Baseline | null = null;

  constructor(site: Site, serial: string) {
    this.site = site;
    this.serial = serial;
  }

  /** Null when there is none yet. Throws SECRET_DAMAGED. */
  get current(): Baseline | null {
    this.opened ??= this.read();
    return this.opened;
  }

  /** As it is in the site file now, each item opened and compared with its hash. Throws SECRET_DAMAGED. */
  read(): Baseline | null {
    this.opened = this.site.backups.read(this.site.vault, this.serial);
    return this.opened;
  }

  /** The first one; on disk when it resolves. */
  async open(items: readonly BackupItem[]): Promise<void> {
    await this.site.backups.open(this.site.vault, this.serial, items);
  }

  /** More items, in place of the same ones saved before; on disk and read back when it resolves. Throws BACKUP_MISSING, SECRET_DAMAGED. */
  async add(...items: BackupItem[]): Promise<void> {
    const added = await this.site.backups.add(this.site.vault, this.serial, ...items);
    if (!this.opened) return;
    const isAgain = (known: BackupItem) =>
      added.some(({ kind, name, content }) => kind === known.kind && name === known.name && content === known.content);
    this.opened = { items: [...this.opened.items.filter((known) => !isAgain(known)), ...added] };
  }
}
