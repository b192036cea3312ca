/** One piece of long work as it goes on: what it has done, what it waits for, and how a person holds or stops it. */
import { OtjError, type Problem } from '../../contract/errors.ts';
import type { AppEvent } from '../../contract/events.ts';
import type { Job, JobItem, JobKind, JobResult, JobRoom, JobStatus, Point } from '../../contract/jobs.ts';
import type { SignInPrompt } from '../../contract/microsoft/connection.ts';
import type { RoomState } from '../../contract/plan.ts';
import { BatchControl } from '../../migration/batch.ts';
import { Course } from './course.ts';

/** A screen is told of a job at most this often, milliseconds; the last word is never held back. */
const TELL_EVERY_MS = 100;
const MOST_ITEMS = 2_000;

export interface JobStart {
  kind: JobKind;
  /** Rooms, addresses or checks; 0 while it is not known. */
  total: number;
  /** Whether it works on rooms one after the other, so that it can be held between two. */
  pausable: boolean;
  rooms?: readonly WorkedRoom[];
}

type WorkedRoom = { id: number; state: RoomState };
type Waiting = NonNullable<Job['waiting']>;

export interface JobDetail {
  job: Job;
  rooms: JobRoom[];
  course: Point[];
  items: JobItem[];
}

/** What the work itself uses: it tells here how it goes, and obeys `signal` and `control`. */
export class LiveJob {
  readonly id: number;
  readonly kind: JobKind;
  readonly control: BatchControl;
  private readonly emit: (event: AppEvent) => void;
  private readonly stopper = new AbortController();
  private readonly startedAt = new Date();
  private readonly began = performance.now();
  private readonly rooms = new Map<number, JobRoom>();
  private readonly course = new Course();
  private items: JobItem[] = [];
  private total: number;
  private done = 0;
  private failed = 0;
  private pausable: boolean;
  private hold: 'pause' | 'stop' | null = null;
  private holdAt = '';
  private waitsFor: Waiting | null = null;
  /** Rooms that have nothing left to do but to wait for their proof. */
  private readonly proving = new Set<number>();
  private provingAt = '';
  private held: Problem | null = null;
  private end: { at: string; status: 'done' | 'stopped' | 'failed'; problem: Problem | null } | null = null;
  private result: JobResult | null = null;
  private prompt: SignInPrompt | null = null;
  private toldAt = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | null = null;

  constructor(id: number, { kind, total, pausable, rooms = [] }: JobStart, emit: (event: AppEvent) => void) {
    this.id = id;
    this.kind = kind;
    this.emit = emit;
    this.total = total;
    this.pausable = pausable;
    this.control = new BatchControl(() => this.changed());
    this.addRooms(rooms);
    this.course.add({ ms: 0, done: 0, failed: 0 });
    this.changed();
  }

  /** Aborted when a person wants it to stop now. */
  get signal(): AbortSignal {
    return this.stopper.signal;
  }

  get isOver(): boolean {
    return this.end !== null;
  }

  get view(): Job {
    return {
      id: this.id,
      kind: this.kind,
      status: this.status,
      startedAt: this.startedAt.toISOString(),
      endedAt: this.end?.at ?? null,
      total: this.total,
      done: this.done,
      failed: this.failed,
      waiting: this.waiting,
      pausable: this.pausable && !this.end,
      held: this.held,
      ...(this.prompt && !this.end ? { prompt: this.prompt } : {}),
      problem: this.end?.problem ?? null,
      result: this.result,
    };
  }

  detail(): JobDetail {
    return {
      job: this.view,
      rooms: [...this.rooms.values()],
      course: this.course.all(),
      items: this.items.slice(-MOST_ITEMS),
    };
  }

  /** Rooms that come under work from here on; it can be held between them. */
  addRooms(rooms: readonly WorkedRoom[]): void {
    for (const { id, state } of rooms) this.rooms.set(id, { roomId: id, status: 'waiting', state, problem: null });
  }

  /** A second part of the work that goes over rooms, such as the run after a sync. */
  goOverRooms(rooms: readonly WorkedRoom[]): void {
    this.addRooms(rooms);
    this.total += rooms.length;
    this.pausable = true;
    this.changed();
  }

  roomBegun(roomId: number): void {
    this.setRoom(roomId, { status: 'working' });
  }

  roomState(roomId: number, state: RoomState): void {
    this.setRoom(roomId, { state });
  }

  /** @param problem why the room did not end well; a stop on request is no failure */
  roomEnded(roomId: number, state: RoomState, problem: Problem | null): void {
    this.setProving(roomId, false);
    this.setRoom(roomId, { status: 'ended', state, problem });
    this.count(problem !== null && problem.code !== 'CANCELLED');
  }

  /** The room was looked at and waits for its turn again: the pilot of its kind goes first. */
  roomWaits(roomId: number, state: RoomState, reason: Problem): void {
    this.setRoom(roomId, { status: 'waiting', state, problem: reason });
  }

  /** The room was not begun, because the batch was held or stopped before it. */
  roomLeft(roomId: number, reason: Problem): void {
    if (reason.code === 'BATCH_PAUSED' || reason.code === 'FIRST_DID_NOT') this.held ??= reason;
    this.setRoom(roomId, { status: 'left', problem: reason });
  }

  /** Whether the room only waits for its proof now. */
  setProving(roomId: number, proves: boolean): void {
    if (this.proving.has(roomId) === proves) return;
    if (proves) this.proving.add(roomId);
    else this.proving.delete(roomId);
    this.provingAt = new Date().toISOString();
    this.changed();
  }

  isWaiting(roomId: number): boolean {
    return this.rooms.get(roomId)?.status === 'waiting';
  }

  /** One more of the total is done; or `failed`, which counts as done too. */
  count(failed: boolean): void {
    this.progress(this.done + 1, this.total, this.failed + (failed ? 1 : 0));
  }

  progress(done: number, total: number, failed = this.failed): void {
    const moved = done !== this.done || failed !== this.failed;
    this.done = done;
    this.total = total;
    this.failed = failed;
    if (moved) this.course.add({ ms: Math.round(performance.now() - this.began), done, failed });
    this.changed();
  }

  item(item: Omit<JobItem, 'at'>): void {
    const whole: JobItem = { at: new Date().toISOString(), ...item };
    this.items.push(whole);
    // Half as many again may gather, so that not each new one moves all the others.
    if (this.items.length > MOST_ITEMS * 1.5) this.items = this.items.slice(-MOST_ITEMS);
    this.emit({ type: 'item', job: this.id, item: whole });
  }

  /** What the job as a whole waits for; null = it works. */
  waitFor(what: Waiting['for'] | null, count = 0): void {
    const since = this.waitsFor?.for === what ? this.waitsFor.since : new Date().toISOString();
    this.waitsFor = what && { for: what, since, count };
    this.changed();
  }

  /** What a person is to do elsewhere. */
  ask(prompt: SignInPrompt): void {
    this.prompt = prompt;
    this.changed();
  }

  /** Throws JOB_UNKNOWN when it is over, USAGE when this kind of work cannot be held. */
  pause(): void {
    this.assertGoesOn();
    if (!this.pausable) throw new OtjError('USAGE', `${this.kind}: this work cannot be paused`);
    if (this.hold) return;
    this.setHold('pause');
    this.control.pause();
  }

  /** Throws JOB_UNKNOWN when it is over. */
  resume(): void {
    this.assertGoesOn();
    if (this.hold !== 'pause') return;
    this.setHold(null);
    this.control.resume();
  }

  /** @param how `after-rooms` of work that does not go over rooms is `now`. Throws JOB_UNKNOWN when it is over. */
  stop(how: 'now' | 'after-rooms'): void {
    this.assertGoesOn();
    this.setHold('stop');
    if (how === 'now' || !this.pausable) this.stopper.abort();
    this.control.finish();
  }

  /** Sets the end and tells it at once. For the registry, when the work has ended. */
  finish(outcome: JobResult | OtjError): void {
    const stopped = this.hold === 'stop';
    const at = new Date().toISOString();
    if (!(outcome instanceof OtjError)) {
      this.result = outcome;
      this.end = { at, status: stopped ? 'stopped' : 'done', problem: null };
    } else if (stopped && outcome.code === 'CANCELLED') {
      this.end = { at, status: 'stopped', problem: null };
    } else {
      this.end = { at, status: 'failed', problem: outcome.toProblem() };
    }
    for (const room of this.rooms.values()) if (room.status === 'waiting') room.status = 'left';
    this.waitsFor = null;
    if (this.timer) clearTimeout(this.timer);
    this.tell();
  }

  private get status(): JobStatus {
    if (this.end) return this.end.status;
    if (this.hold === 'stop') return 'stopping';
    if (this.hold === 'pause') return this.control.underWay > 0 ? 'pausing' : 'paused';
    return 'running';
  }

  private get waiting(): Waiting | null {
    if (this.end) return null;
    const { underWay } = this.control;
    if (this.hold && underWay > 0) return { for: 'rooms-under-way', since: this.holdAt, count: underWay };
    if (this.waitsFor) return this.waitsFor;
    const { size } = this.proving;
    const onlyProving = size > 0 && size === underWay && this.done + size >= this.total;
    return onlyProving ? { for: 'infinity', since: this.provingAt, count: size } : null;
  }

  private setHold(hold: 'pause' | 'stop' | null): void {
    this.hold = hold;
    this.holdAt = new Date().toISOString();
    this.changed();
  }

  private setRoom(roomId: number, change: Partial<JobRoom>): void {
    const room = this.rooms.get(roomId);
    if (room) Object.assign(room, change);
    this.changed();
  }

  private assertGoesOn(): void {
    if (this.end) throw new OtjError('JOB_UNKNOWN');
  }

  private changed(): void {
    if (this.timer || this.end) return;
    const wait = this.toldAt + TELL_EVERY_MS - performance.now();
    if (wait <= 0) this.tell();
    else this.timer = setTimeout(() => this.tell(), wait);
  }

  private tell(): void {
    this.timer = null;
    this.toldAt = performance.now();
    this.emit({ type: 'job', job: this.view });
  }
}
