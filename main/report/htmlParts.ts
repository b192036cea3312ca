/** Small parts of the HTML report. Every text of a site passes through `say`, `told` or the template's own escaping. */
import { html } from 'hono/html';
import type { RoomState } from '../contract/plan.ts';
import type { Placed } from './figures.ts';
import type { ReportRoom } from './model.ts';
import { clip, deviceWords, floorWords, localTime, oneLine, visible } from './words.ts';

export type Markup = ReturnType<typeof html>;

// A longer text is shown in full only once, in the section of its room: headings and lists must stay readable.
const NAME_LENGTH = 80;
const DETAIL_LENGTH = 40;
export const TEXT_LENGTH = 300;

/** Shapes differ as well as colours: who sees no colour, or prints in black, still tells them apart. */
export const SHAPES: Markup = html`<svg class="shapes" width="0" height="0" aria-hidden="true" focusable="false">
<symbol id="s-not-started" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.75" class="line"/></symbol>
<symbol id="s-ready" viewBox="0 0 16 16"><path d="M8 1.8L14.2 8 8 14.2 1.8 8z" class="line"/></symbol>
<symbol id="s-in-progress" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.75" class="line"/><path d="M8 2.25a5.75 5.75 0 0 0 0 11.5z" class="fill"/></symbol>
<symbol id="s-migrated" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.5" class="fill"/><path d="M4.8 8.3l2.2 2.2 4.2-4.6" class="cut"/></symbol>
<symbol id="s-awaiting-sync" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.75" class="line"/><path d="M8 2.25a5.75 5.75 0 0 1 0 11.5z" class="fill"/></symbol>
<symbol id="s-needs-attention" viewBox="0 0 16 16"><path d="M8 1.2L15.4 14.4H.6z" class="fill"/><path d="M8 6v4M8 11.6v1.1" class="cut"/></symbol>
<symbol id="s-undone" viewBox="0 0 16 16"><path d="M6 2.6L2.8 5.8 6 9M3.2 5.8h6a3.9 3.9 0 0 1 0 7.8H5.4" class="line"/></symbol>
<symbol id="s-tick" viewBox="0 0 16 16"><path d="M3 8.6l3.3 3.3L13 4.6" class="line"/></symbol>
<symbol id="s-same" viewBox="0 0 16 16"><path d="M3.5 6h9M3.5 10h9" class="line"/></symbol>
<symbol id="s-box" viewBox="0 0 16 16"><rect x="1.5" y="1.5" width="13" height="13" rx="2" class="line"/></symbol>
<symbol id="s-box-ticked" viewBox="0 0 16 16"><rect x="1.5" y="1.5" width="13" height="13" rx="2" class="line"/><path d="M4.4 8.4l2.5 2.5 4.8-5.4" class="line"/></symbol>
</svg>`;

export type Shape = RoomState | 'tick' | 'same' | 'box' | 'box ticked';

/** One of the drawn shapes; always next to the word that says the same. */
export function shape(name: Shape): Markup {
  return html`<svg class="shape" aria-hidden="true" focusable="false"><use href="#s-${name.replaceAll(' ', '-')}"/></svg>`;
}

/** The class that gives a state its colour. */
export function stateClass(state: RoomState): string {
  return `is-${state.replaceAll(' ', '-')}`;
}

/** A state as shape, word and colour. */
export function stateMark(state: RoomState): Markup {
  return html`<span class="state ${stateClass(state)}">${shape(state)} ${state}</span>`;
}

/** A text of a person or a device within a line; isolated, so that its direction changes nothing around it. */
export function say(text: string): Markup {
  return html`<bdi>${oneLine(text)}</bdi>`;
}

/** What a device or a server said: exact, monospace, with its line breaks. */
export function told(text: string): Markup {
  return html`<samp dir="auto">${visible(text)}</samp>`;
}

/** A text that heads a row: never empty. */
export function heading(text: string, show: (text: string) => Markup): Markup {
  return text.trim() === '' ? html`<span class="quiet">(no name)</span>` : show(text);
}

/** A sentence of ours or of a technician, with \`commands\` set apart. */
export function sentence(text: string): Markup {
  const parts = visible(text).split('`');
  // An odd number of marks means that they are not pairs.
  if (parts.length % 2 === 0) return html`<bdi class="lines">${visible(text)}</bdi>`;
  return html`<bdi class="lines">${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}</bdi>`;
}

/** A moment in local time. */
export function moment(iso: string): Markup {
  const words = localTime(iso);
  return words === iso ? say(iso) : html`<time datetime="${iso}">${words}</time>`;
}

/** The name as it is headed and linked. */
export function nameOf(room: ReportRoom): string {
  return clip(oneLine(room.name), NAME_LENGTH) || '(no name)';
}

/** Whether the name is cut in headings and links. */
export function isNameCut(room: ReportRoom): boolean {
  return room.name !== '' && nameOf(room) !== room.name;
}

/** The target of links to a room: inside its section, since a browser opens a closed section for what is in it. */
export function roomId(index: number): string {
  return `room-${index + 1}`;
}

/** A link to the section of a room. */
export function roomLink({ room, index }: Placed): Markup {
  return html`<a href="#${roomId(index)}"><bdi>${nameOf(room)}</bdi></a>`;
}

/** Floor and device, what tells a room from its neighbours. */
export function whereabouts(room: ReportRoom): Markup {
  const parts = [room.floor && floorWords(room.floor), deviceWords(room)].filter(Boolean);
  return html`${parts.map((part, index) => html`${index > 0 ? ' · ' : ''}${say(clip(part, DETAIL_LENGTH))}`)}`;
}
