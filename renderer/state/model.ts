/** What the window knows, and how events change it. Pure: no calls, no clock of its own, no React. */
import type { AppState, Reach } from '../../main/contract/app.ts';
import type { AppEvent, StepEvent } from '../../main/contract/events.ts';
import type { Listening } from '../../main/contract/evidence.ts';
import type { Job, JobItem } from '../../main/contract/jobs.ts';
import type { RoomRow } from '../../main/contract/rooms.ts';
import type { SiteView } from '../../main/contract/site.ts';

/** What rarely changes: the program, its host, what it remembers. */
export type AppFacts = Omit<AppState, 'site' | 'jobs' | 'reach'>;

/** A step of the visit that is going on. */
export interface LiveStep extends Omit<StepEvent, 'type' | 'job' | 'roomId'> {
  /** When it began by the clock of this computer, for a display that counts on. */
  since: number;
}

/** The last visit of a room that was seen live. */
export interface LiveVisit {
  job: number;
  /** In the order in which they began. */
  steps: readonly LiveStep[];
}

export interface Model {
  app: AppFacts | null;
  site: SiteView | null;
  reach: Reach | null;
  /** In the order of the room list. A row keeps its identity until it changes. */
  rooms: readonly RoomRow[];
  /** Room id → place in `rooms`. */
  placeOf: ReadonlyMap<number, number>;
  jobs: ReadonlyMap<number, Job>;
  live: ReadonlyMap<number, LiveVisit>;
  /** Job id → what it did, oldest first; the last 2,000. */
  items: ReadonlyMap<number, readonly JobItem[]>;
  /** How listening for devices goes; null until it was told. */
  listening: Listening | null;
  /** Counts up whenever devices were found, matched or released. */
  devicesVersion: number;
  /** Counts up whenever the list of rooms is to be fetched again. */
  listVersion: number;
}

export const EMPTY_MODEL: Model = {
  app: null,
  site: null,
  reach: null,
  rooms: [],
  placeOf: new Map(),
  jobs: new Map(),
  live: new Map(),
  items: new Map(),
  listening: null,
  devicesVersion: 0,
  listVersion: 0,
};

const MOST_ITEMS = 2_000;

/** The answer of app.state, as model. */
export function fromAppState({ site, jobs, reach, ...app }: AppState): Partial<Model> {
  return { app, site, reach, jobs: new Map(jobs.map((job) => [job.id, job])) };
}

/** A list of rooms that was fetched. */
export function fromRooms(rooms: readonly RoomRow[]): Pick<Model, 'rooms' | 'placeOf'> {
  return { rooms, placeOf: new Map(rooms.map(({ id }, at) => [id, at])) };
}

/**
 * A batch of events as one change. Costs one copy of what the batch touches, however many events are in it.
 * @param now milliseconds since 1970
 */
export function afterEvents(model: Model, events: readonly AppEvent[], now: number): Partial<Model> {
  const change: Partial<Model> = {};
  const draft = new Draft(model);
  for (const event of events) {
    if (event.type === 'site') {
      if (event.site?.path !== model.site?.path) draft.forgetRooms(change);
      change.site = event.site;
    } else if (event.type === 'reach') change.reach = event.reach;
    else if (event.type === 'list') change.listVersion = (change.listVersion ?? model.listVersion) + 1;
    else if (event.type === 'devices') change.devicesVersion = (change.devicesVersion ?? model.devicesVersion) + 1;
    else if (event.type === 'listening') change.listening = event.listening;
    else if (event.type === 'rooms') draft.setRooms(event.rooms);
    else if (event.type === 'job') draft.setJob(event.job);
    else if (event.type === 'step') draft.setStep(event, now);
    else draft.addItem(event.job, event.item);
  }
  return draft.into(change);
}

/** Copies each part of the model when it is first touched, and not again in the same batch. */
class Draft {
  private readonly model: Model;
  private rooms: RoomRow[] | null = null;
  private placeOf: Map<number, number> | null = null;
  private jobs: Map<number, Job> | null = null;
  private live: Map<number, LiveVisit> | null = null;
  private items: Map<number, JobItem[]> | null = null;

  constructor(model: Model) {
    this.model = model;
  }

  /** Another file was opened, or none: nothing of the former one may be shown. */
  forgetRooms(change: Partial<Model>): void {
    this.rooms = [];
    this.placeOf = new Map();
    this.live = new Map();
    change.listVersion = (change.listVersion ?? this.model.listVersion) + 1;
    change.devicesVersion = (change.devicesVersion ?? this.model.devicesVersion) + 1;
  }

  setRooms(rows: readonly RoomRow[]): void {
    this.rooms ??= [...this.model.rooms];
    for (const row of rows) {
      const at = (this.placeOf ?? this.model.placeOf).get(row.id);
      if (at !== undefined) {
        this.rooms[at] = row;
        continue;
      }
      this.placeOf ??= new Map(this.model.placeOf);
      this.placeOf.set(row.id, this.rooms.push(row) - 1);
    }
  }

  setJob(job: Job): void {
    this.jobs ??= new Map(this.model.jobs);
    this.jobs.set(job.id, job);
  }

  setStep({ type: _, job, roomId, ...told }: StepEvent, now: number): void {
    this.live ??= new Map(this.model.live);
    const visit = this.live.get(roomId);
    const steps = visit?.job === job ? [...visit.steps] : [];
    const step: LiveStep = { ...told, since: now - told.ms };
    const at = steps.findIndex((one) => one.step === told.step);
    if (at < 0) steps.push(step);
    else steps[at] = step;
    this.live.set(roomId, { job, steps });
  }

  addItem(job: number, item: JobItem): void {
    const before = (this.items ?? this.model.items).get(job);
    if (!this.items) this.items = new Map([...this.model.items].map(([id, items]) => [id, [...items]]));
    const items = this.items.get(job) ?? [...(before ?? [])];
    items.push(item);
    if (items.length > MOST_ITEMS) items.shift();
    this.items.set(job, items);
  }

  into(change: Partial<Model>): Partial<Model> {
    if (this.rooms) change.rooms = this.rooms;
    if (this.placeOf) change.placeOf = this.placeOf;
    if (this.jobs) change.jobs = this.jobs;
    if (this.live) change.live = this.live;
    if (this.items) change.items = this.items;
    return change;
  }
}
