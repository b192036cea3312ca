/**
 * Services over one made-up site, for windows: what codecs say and how work on them ends is told by the test. Calls and
 * answers go through the contract, so that nothing is shown here that the real services could not tell.
 */
import type { Bridge, Reply } from '../../main/contract/bridge.ts';
import { OtjError, type Problem } from '../../main/contract/errors.ts';
import type { AppEvent } from '../../main/contract/events.ts';
import type { Job, JobItem, JobKind, JobResult } from '../../main/contract/jobs.ts';
import { type Handlers, METHODS } from '../../main/contract/methods.ts';
import type { RoomDetail, RoomRow } from '../../main/contract/rooms.ts';
import { DEFAULT_SETTINGS, type SiteView, settingsSchema } from '../../main/contract/site.ts';
import { dispatch } from '../../main/hosts/dispatch.ts';
import { makeDevice } from './roomRow.ts';

/** How a piece of work ends. */
export interface Ending {
  items?: Omit<JobItem, 'at'>[];
  result?: JobResult;
  problem?: Problem;
  /** Rooms that are another state then. */
  rooms?: (Partial<RoomRow> & { id: number })[];
}

type Input = Record<string, unknown>;

const NOW = '2026-11-24T08:00:00.000Z';
const AWAY = { state: 'unset', since: NOW, about: '' } as const;

export class CodecDesk implements Bridge {
  /** Calls that were made, but for those that only read. */
  readonly asked: [string, Input][] = [];
  /** How work of each kind ends; it goes on for ever while there is none. */
  readonly endings = new Map<JobKind, (input: Input) => Ending>();
  site: SiteView = {
    path: '/home/kari/oslo.otjsite',
    locked: false,
    remembered: false,
    busyElsewhere: false,
    settings: { ...DEFAULT_SETTINGS, name: 'Nordbank Oslo' },
    credentials: [],
    owed: 0,
    owedToList: 0,
    owedToPlaces: 0,
    practice: false,
  };
  language: 'en' | 'de' | 'nb' = 'en';
  private readonly details: Map<number, RoomDetail>;
  private readonly jobs = new Map<number, Job>();
  private readonly listeners = new Set<(events: readonly AppEvent[]) => void>();

  constructor(rooms: readonly RoomRow[]) {
    this.details = new Map(rooms.map((room) => [room.id, makeDetail(room)]));
  }

  async call(name: string, input: unknown): Promise<Reply> {
    const isRead = /^(app\.state|rooms\.(list|detail|backup)|manual\.|outbox\.|jobs\.detail)/.test(name);
    if (!isRead) this.asked.push([name, (input ?? {}) as Input]);
    return dispatch(this.handlers, name, input);
  }

  listen(hear: (events: readonly AppEvent[]) => void): () => void {
    this.listeners.add(hear);
    return () => void this.listeners.delete(hear);
  }

  detail(roomId: number): RoomDetail {
    const detail = this.details.get(roomId);
    if (!detail) throw new OtjError('ROOM_UNKNOWN');
    return detail;
  }

  /** The room is so from now on, and whoever looks is told. */
  change(
    roomId: number,
    { room = {}, ...rest }: Partial<Omit<RoomDetail, 'room'>> & { room?: Partial<RoomRow> },
  ): void {
    const was = this.detail(roomId);
    // A page asks anew for what has moved.
    const stateAt = new Date(Date.parse(was.room.stateAt) + 1_000).toISOString();
    const now = { ...was, ...rest, room: { ...was.room, stateAt, ...room } };
    this.details.set(roomId, now);
    this.tell({ type: 'rooms', rooms: [now.room] });
  }

  /** Ends what goes on. */
  end(ending: Ending): void {
    const job = [...this.jobs.values()].findLast(({ endedAt }) => endedAt === null);
    if (!job) throw new Error('nothing goes on');
    const endedAt = new Date().toISOString();
    for (const item of ending.items ?? []) this.tell({ type: 'item', job: job.id, item: { ...item, at: endedAt } });
    for (const { id, ...room } of ending.rooms ?? []) this.change(id, { room });
    const { result = null, problem = null } = ending;
    const status = problem ? 'failed' : result ? 'done' : 'stopped';
    this.keep({ ...job, status, endedAt, result, problem });
  }

  private keep(job: Job): void {
    this.jobs.set(job.id, job);
    this.tell({ type: 'job', job });
  }

  private tell(...events: AppEvent[]): void {
    for (const hear of this.listeners) hear(events);
  }

  private begin(kind: JobKind, input: Input): { job: number } {
    if ([...this.jobs.values()].some(({ endedAt }) => endedAt === null)) throw new OtjError('JOB_RUNNING');
    const id = this.jobs.size + 1;
    const startedAt = new Date().toISOString();
    const still = { waiting: null, pausable: false, held: null, problem: null, result: null };
    this.keep({ id, kind, status: 'running', startedAt, endedAt: null, total: 1, done: 0, failed: 0, ...still });
    const ending = this.endings.get(kind);
    if (ending) setTimeout(() => this.end(ending(input)), 30);
    return { job: id };
  }

  private get handlers(): Handlers {
    const work = (kind: JobKind) => (input: unknown) => this.begin(kind, (input ?? {}) as Input);
    const told: Partial<Handlers> = {
      'app.state': () => ({
        version: '0.0.0',
        host: 'browser',
        platform: 'linux',
        keychain: false,
        fileDialogs: false,
        home: '/home/kari',
        preferences: { language: this.language, theme: 'system', hintsRead: ['rooms', 'room', 'settings'] },
        recent: [],
        site: this.site,
        jobs: [...this.jobs.values()],
        reach: { lan: { ...AWAY, state: 'reached' }, infinity: AWAY, microsoft: AWAY },
      }),
      'site.change': (change) => {
        const settings = settingsSchema.parse({ ...this.site.settings, ...change });
        this.site = { ...this.site, settings };
        return this.site;
      },
      'rooms.list': () => [...this.details.values()].map(({ room }) => room),
      'rooms.detail': ({ roomId }) => this.detail(roomId),
      'rooms.decide': ({ roomId, transport, legacy, ...wish }) => {
        const was = this.detail(roomId);
        const link = { ...(transport ? { transport } : {}), ...(legacy === undefined ? {} : { legacy }) };
        this.details.set(roomId, { ...was, ...wish, device: was.device && { ...was.device, ...link } });
        return this.detail(roomId);
      },
      'manual.list': () => [],
      'outbox.list': () => [],
      'jobs.plan': work('plan'),
      'jobs.run': work('run'),
      'jobs.undo': work('undo'),
      'jobs.compare': work('compare'),
      'jobs.macros': work('macros'),
      'jobs.xapi': work('xapi'),
      'jobs.record': work('record'),
      'jobs.stop': () => void this.end({}),
    };
    const untold = (name: string) => () => {
      throw new OtjError('INTERNAL', `${name} is not told here`);
    };
    const rest = Object.keys(METHODS).map((name) => [name, untold(name)]);
    return { ...Object.fromEntries(rest), ...told } as Handlers;
  }
}

function makeDetail(room: RoomRow): RoomDetail {
  const { id, family, address, model, serial } = room;
  const isFound = address !== null && family !== null;
  return {
    room,
    problem: null,
    device: isFound ? makeDevice({ id, roomId: id, family, address, model, serial }) : null,
    pins: { ssh: null, tls: null },
    oldPasswordKept: false,
    ownLogin: false,
    plan: null,
    steps: [],
    lastRun: null,
    backup: [],
    infinity: null,
    owed: [],
    manual: [],
    cutoverAt: null,
    servedAt: null,
    takeMacros: [],
    leaveMacros: [],
    accepted: [],
  };
}
