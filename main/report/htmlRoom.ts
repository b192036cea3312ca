/** The section of one room in the HTML report: everything that is known of it, and the evidence. */
import { html } from 'hono/html';
import { isTouched, type Problem } from '../contract/errors.ts';
import type { Placed } from './figures.ts';
import {
  heading,
  isNameCut,
  type Markup,
  moment,
  nameOf,
  roomId,
  say,
  sentence,
  shape,
  stateClass,
  stateMark,
  told,
  whereabouts,
} from './htmlParts.ts';
import type { ReportRoom } from './model.ts';
import { clip, durationWords, familyWords, NOTHING, sizeWords, statusWords, withoutOtjWords } from './words.ts';

type Fact = readonly [term: string, value: Markup | string | null];

/**
 * @param open whether the section starts open on a screen; on paper it always is
 */
export function roomSection(place: Placed, open: boolean): Markup {
  const { room } = place;
  const id = roomId(place.index);
  const untouched = room.workedAt === null && [room.changes, room.removed, room.steps].every((list) => !list.length);
  return html`<details class="room ${stateClass(room.state)}"${open ? html` open` : ''}>
<summary><h3><bdi>${nameOf(room)}</bdi></h3> ${stateMark(room.state)} <span class="quiet">${whereabouts(room)}</span></summary>
<div class="body" id="${id}">
${room.problem && html`<div class="problem">${problemWords(room.problem)}</div>`}
<div class="columns">
<section>${facts('Facts', roomFacts(room))}</section>
<section>${facts('Infinity', infinityFacts(room))}${owed(room)}</section>
</div>
${untouched ? html`<p class="quiet">Nothing was done in this room.</p>` : html`${changes(room, id)}${removed(room, id)}`}
${byHand(room)}
${steps(room, id)}
<p class="back"><a href="#rooms">All rooms</a></p>
</div>
</details>
`;
}

/**
 * What happened, what to do, and the device's words.
 * @param most how much of each text is shown
 */
export function problemWords(problem: Problem, most = Number.POSITIVE_INFINITY): Markup {
  return html`<p class="happened">${sentence(clip(problem.happened, most))} <span class="quiet">${say(clip(problem.code, most))}</span></p>
${effects(problem)}
<p class="todo"><span class="quiet">To do:</span> ${sentence(clip(problem.todo, most))}</p>
${problem.words ? html`<p class="said">${told(clip(problem.words, most))}</p>` : ''}`;
}

const EFFECT_WORDS = [
  ['done', 'Changed:'],
  ['unknown', 'Unknown:'],
  ['refused', 'Refused:'],
  ['not tried', 'Not done:'],
] as const;

/** What became of each planned change, so that nobody takes a half-done room for an untouched one. */
function effects(problem: Problem): Markup[] {
  const { effects: list = [] } = problem;
  if (!isTouched(problem)) return [html`<p class="todo">Nothing was changed.</p>`];
  return EFFECT_WORDS.flatMap(([outcome, word]) => {
    const what = list.filter((effect) => effect.outcome === outcome).map((effect) => effect.what);
    if (what.length === 0) return [];
    return [html`<p class="todo"><span class="quiet">${word}</span> ${sentence(clip(what.join('; '), 500))}</p>`];
  });
}

function facts(title: string, list: readonly Fact[]): Markup {
  const known = list.filter(([, value]) => value !== null && value !== '');
  return html`<h4>${title}</h4>
${
  known.length === 0
    ? html`<p class="quiet">Nothing is known yet.</p>`
    : html`<dl>${known.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`
}`;
}

function roomFacts(room: ReportRoom): Fact[] {
  return [
    ['Full name', isNameCut(room) ? told(room.name) : null],
    ['Building', orNull(room.building)],
    ['Floor', orNull(room.floor)],
    ['Mailbox', orNull(room.mailbox)],
    ['Device', orNull(room.model)],
    ['Family', room.family === null ? null : say(familyWords(room.family))],
    ['Software', orNull(room.software)],
    ['Serial number', orNull(room.serial)],
    ['MAC address', orNull(room.mac)],
    ['Address', orNull(room.address)],
    ['State since', moment(room.stateAt)],
    ['Technician', orNull(room.technician)],
    ['Worked on', room.workedAt === null ? null : moment(room.workedAt)],
  ];
}

function infinityFacts(room: ReportRoom): Fact[] {
  const { infinity } = room;
  const without = withoutOtjWords(room);
  return [
    ['Entry', infinity && String(infinity.entryId)],
    ['Last contact', infinity && (infinity.lastContact === null ? 'none yet' : moment(infinity.lastContact))],
    ['Conferencing Node', infinity && orNull(infinity.node)],
    ['Meetings', infinity?.meetings == null ? null : String(infinity.meetings)],
    ['Old service ended', room.cutoverAt === null ? null : moment(room.cutoverAt)],
    ['First meeting', room.servedAt === null ? null : moment(room.servedAt)],
    ['Without OTJ', without === NOTHING ? null : without],
  ];
}

function orNull(text: string | null): Markup | null {
  return text ? say(text) : null;
}

function owed({ owed: list }: ReportRoom): Markup | string {
  if (list.length === 0) return '';
  return html`<h4>Owed</h4>
<ul class="plain">${list.map((text) => html`<li>${shape('awaiting sync')} ${sentence(text)}</li>`)}</ul>`;
}

function changes({ changes: list }: ReportRoom, id: string): Markup {
  if (list.length === 0) return html`<h4>Settings changed</h4><p class="quiet">None.</p>`;
  return html`<h4 id="${id}-changes">Settings changed</h4>
<table class="detail changes" aria-labelledby="${id}-changes">
<thead><tr><th scope="col">Setting</th><th scope="col">Before</th><th scope="col">After, read back</th><th scope="col">When</th></tr></thead>
<tbody>${list.map(
    ({ setting, before, after, at }) => html`<tr><th scope="row">${heading(setting, say)}</th>
<td data-label="Before">${value(before)}</td><td data-label="After">${value(after)}</td><td data-label="When">${moment(at)}</td></tr>
`,
  )}</tbody>
</table>`;
}

function value(text: string | null): Markup {
  if (text === null) return html`<span class="quiet">not there</span>`;
  return text === '' ? html`<span class="quiet">empty</span>` : told(text);
}

function removed({ removed: list }: ReportRoom, id: string): Markup | string {
  if (list.length === 0) return '';
  return html`<h4 id="${id}-macros">Macros removed</h4>
<table class="detail macros" aria-labelledby="${id}-macros">
<thead><tr><th scope="col">Macro</th><th scope="col">Size</th><th scope="col">SHA-256 of the backup</th></tr></thead>
<tbody>${list.map(
    ({ name, sha256, bytes }) => html`<tr><th scope="row">${heading(name, told)}</th>
<td data-label="Size">${sizeWords(bytes)}</td><td data-label="SHA-256">${told(sha256)}</td></tr>
`,
  )}</tbody>
</table>`;
}

function byHand({ manual }: ReportRoom): Markup | string {
  if (manual.length === 0) return '';
  return html`<h4>By hand</h4>
<ul class="plain">${manual.map(({ text, tickedBy, tickedAt, note }) => {
    const ticked = tickedAt !== null;
    return html`<li>${shape(ticked ? 'box ticked' : 'box')} <div>${sentence(text)}
<p class="quiet">${ticked ? html`Done by ${say(tickedBy ?? 'someone')}, ${moment(tickedAt)}` : 'Not done yet'}${
      note ? html`. Note: ${sentence(note)}` : ''
    }</p></div></li>
`;
  })}</ul>`;
}

function steps({ steps: list }: ReportRoom, id: string): Markup | string {
  if (list.length === 0) return '';
  return html`<h4 id="${id}-steps">Steps of the last run</h4>
<table class="detail steps" aria-labelledby="${id}-steps">
<thead><tr><th scope="col">When</th><th scope="col">Step</th><th scope="col">Outcome</th><th scope="col">Took</th><th scope="col">What the device said</th></tr></thead>
<tbody>${list.map(
    ({ step, status, at, ms, words, problem }) => html`<tr><td data-label="When">${moment(at)}</td>
<th scope="row">${heading(step, say)}</th><td data-label="Outcome">${outcome(status)}</td>
<td data-label="Took">${ms === null ? NOTHING : durationWords(ms)}</td>
<td data-label="Said">${problem ? stepProblem(problem, words) : words ? told(words) : html`<span class="quiet">nothing</span>`}</td></tr>
`,
  )}</tbody>
</table>`;
}

/** The words of a problem are mostly those of its step: said once. */
function stepProblem(problem: Problem, words: string | null): Markup {
  const own = words && words !== problem.words ? html`<p>${told(words)}</p>` : '';
  return html`${problemWords(problem)}${own}`;
}

function outcome(status: string): Markup {
  const words = statusWords(status);
  if (status === 'done') return html`<span class="state is-migrated">${shape('tick')} ${words}</span>`;
  if (status === 'already') return html`<span class="state is-not-started">${shape('same')} ${words}</span>`;
  if (status === 'owed') return html`<span class="state is-awaiting-sync">${shape('awaiting sync')} ${words}</span>`;
  if (status === 'failed') {
    return html`<span class="state is-needs-attention">${shape('needs attention')} ${words}</span>`;
  }
  return html`<span class="state other is-in-progress">${shape('in progress')} ${say(words)}</span>`;
}
