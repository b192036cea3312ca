/**
 * SQLite's write-ahead log, brought to disk beside all other work. SQLite does so within a commit, and nothing else goes on
 * until the disk is done, which takes from half a millisecond to thirty. A commit with `synchronous = NORMAL` has written
 * the log and leaves this one step out (https://www.sqlite.org/pragma.html#pragma_synchronous); whoever must be sure waits
 * for {@link WriteAheadLog.sync}. The locks of SQLite are on other files, so to open and close this one touches none.
 */
import { closeSync, fdatasync, openSync, realpathSync } from 'node:fs';
import { promisify } from 'node:util';

const toDisk = promisify(fdatasync);

export class WriteAheadLog {
  private readonly path: string;
  private file: number | null = null;
  private syncing = 0;
  private isClosed = false;

  /** @param path of the database */
  constructor(path: string) {
    this.path = path;
  }

  /** @returns false when it is not there yet; it is after the first commit, and then as long as the database is open */
  open(): boolean {
    if (this.isClosed) return false;
    try {
      // Written to by SQLite alone; but some systems bring only a file to disk that may be written to.
      this.file ??= openSync(`${realpathSync(this.path)}-wal`, 'r+');
      return true;
    } catch {
      return false;
    }
  }

  /** Resolves when all that was committed before is on disk. Rejects with the system's error; the file is opened anew then. */
  async sync(): Promise<void> {
    if (this.file === null) throw new Error('the log is not open');
    this.syncing++;
    let isDone = false;
    try {
      await toDisk(this.file);
      isDone = true;
    } finally {
      this.syncing--;
      // One of a share that was away may stay of no use.
      if (this.isClosed || !isDone) this.closeFile();
    }
  }

  close(): void {
    this.isClosed = true;
    this.closeFile();
  }

  /** Not while the system is at it: the number could be another file's by then. */
  private closeFile(): void {
    if (this.file === null || this.syncing > 0) return;
    closeSync(this.file);
    this.file = null;
  }
}
