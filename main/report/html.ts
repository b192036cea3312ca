/** The hand-over report as one HTML file that loads nothing and runs nothing. */
import { html } from 'hono/html';
import { type Figures, figuresOf, type Placed, type Task } from './figures.ts';
import {
  type Markup,
  moment,
  roomLink,
  SHAPES,
  type Shape,
  say,
  sentence,
  shape,
  stateClass,
  stateMark,
  TEXT_LENGTH,
  whereabouts,
} from './htmlParts.ts';
import { problemWords, roomSection } from './htmlRoom.ts';
import type { Report } from './model.ts';
import { STYLES } from './styles.ts';
import {
  clip,
  countWords,
  deviceWords,
  durationWords,
  localDay,
  NOTHING,
  oneLine,
  remainingWords,
  STATE_ORDER,
  withoutOtjWords,
  zoneWords,
} from './words.ts';

/**
 * One self-contained page: no script, no request, the same on a screen and on paper. All texts of the report are
 * hostile: they reach the page only through the escaping of the templates.
 */
export function renderHtml(report: Report): string {
  const figures = figuresOf(report);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${clip(oneLine(report.site), TEXT_LENGTH)}: OTJ hand-over report, ${clip(oneLine(localDay(report.madeAt)), TEXT_LENGTH)}</title>
${STYLES}
</head>
<body>
${SHAPES}
<header>
<p class="quiet">OTJ hand-over report</p>
<h1><bdi>${clip(oneLine(report.site), TEXT_LENGTH) || '(no name)'}</bdi></h1>
<p class="quiet">Made ${moment(report.madeAt)} by ${say(clip(report.technician, TEXT_LENGTH) || 'an unnamed technician')}. All times are local (${zoneWords(report.madeAt)}).</p>
</header>
<main>
${summary(report, figures)}
${attention(figures)}
<div class="columns">
${remaining(figures)}
${withoutOtj(figures)}
</div>
${roomTable(report)}
${roomByRoom(report)}
</main>
<footer><p class="quiet">Made by OTJ Migrator. This file holds no passwords and loads nothing from a network.</p></footer>
</body>
</html>
`;
  // A promise comes only from a promise or a component in a template, and there is none.
  if (page instanceof Promise) throw new TypeError('the report holds a part that is not ready');
  return page.toString();
}

function summary(report: Report, figures: Figures): Markup {
  const { counts } = report;
  const [done, total] = [counts.migrated, figures.total];
  const lead =
    total === 0
      ? 'This site has no rooms yet.'
      : done === total
        ? `${total === 1 ? '' : 'All '}${countWords(total, 'room')} migrated.`
        : `${done} of ${countWords(total, 'room')} migrated.`;
  return html`<section aria-labelledby="summary">
<h2 id="summary">${lead}</h2>
<div class="bar" aria-hidden="true">${STATE_ORDER.filter((state) => counts[state] > 0).map(
    (state) =>
      html`<span class="${stateClass(state)}" style="width:${((counts[state] / total) * 100).toFixed(3)}%"></span>`,
  )}</div>
<ul class="counts">${STATE_ORDER.map(
    (state) => html`<li class="${counts[state] === 0 ? 'none' : ''}"><b>${counts[state]}</b> ${stateMark(state)}</li>
`,
  )}</ul>
</section>`;
}

function attention({ attention: rooms }: Figures): Markup {
  return html`<section aria-labelledby="attention">
<h2 id="attention">Needs attention</h2>
${
  rooms.length === 0
    ? html`<p>No room needs attention.</p>`
    : html`<ul class="attention">${rooms.map(
        (place) => html`<li>
<p><b>${roomLink(place)}</b> <span class="quiet">${whereabouts(place.room)}</span></p>
${place.room.problem ? problemWords(place.room.problem, TEXT_LENGTH) : html`<p>No reason was noted; see the steps of the room.</p>`}
</li>
`,
      )}</ul>`
}
</section>`;
}

function remaining(figures: Figures): Markup {
  const { byHand, owed, interrupted, ready, notStarted } = figures;
  const unfinished = [
    { text: 'Run again: work was cut off or still goes on', rooms: interrupted },
    { text: 'Migrate: checked and ready', rooms: ready },
    { text: 'Start: nothing was done yet', rooms: notStarted },
  ].filter(({ rooms }) => rooms.length > 0);
  const nothing = byHand.length + owed.length + unfinished.length === 0;
  return html`<section aria-labelledby="remains">
<h2 id="remains">What remains</h2>
${nothing ? html`<p>Nothing by hand, nothing owed, no room left over.</p>` : ''}
${taskList('By hand', byHand, () => 'box')}
${taskList('Owed, settled by the next sync', owed, () => 'awaiting sync')}
${taskList('Rooms not finished', unfinished, ({ rooms }) => rooms[0]?.room.state ?? 'ready')}
</section>`;
}

function taskList(title: string, tasks: readonly Task[], mark: (task: Task) => Shape): Markup | string {
  if (tasks.length === 0) return '';
  return html`<h3>${title}</h3>
<ul class="plain">${tasks.map(
    (task) => html`<li>${shape(mark(task))} <div>${sentence(clip(task.text, TEXT_LENGTH))}
<p class="quiet">${countWords(task.rooms.length, 'room')}: ${links(task.rooms)}</p></div></li>
`,
  )}</ul>`;
}

/** All of them: this is the list that a person works through. */
function links(rooms: readonly Placed[]): Markup {
  return html`${rooms.map((place, index) => html`${index > 0 ? ', ' : ''}${roomLink(place)}`)}`;
}

function withoutOtj({ without }: Figures): Markup {
  const { measured, medianMs, worst, unproven, histogram } = without;
  const most = Math.max(...histogram.map(({ rooms }) => rooms));
  return html`<section aria-labelledby="without">
<h2 id="without">Time without OTJ</h2>
<p class="quiet">From the end of the old service to the first meeting from Infinity, ${countWords(measured, 'room')} measured.</p>
${
  medianMs === null || worst === null
    ? ''
    : html`<dl class="big"><div><dt>Median</dt><dd>${durationWords(medianMs)}</dd></div>
<div><dt>Worst</dt><dd>${durationWords(worst.ms)} <span class="quiet">${roomLink(worst)}</span></dd></div></dl>`
}
${unproven.length > 0 ? html`<p>Not proven yet in ${countWords(unproven.length, 'room')}: ${links(unproven)}.</p>` : ''}
${
  measured < 2
    ? ''
    : html`<table class="histogram" aria-label="Rooms by time without OTJ">
<thead><tr><th scope="col">Without OTJ</th><th scope="col">Rooms</th></tr></thead>
<tbody>${histogram.map(
        ({ label, rooms }) => html`<tr><th scope="row">${label}</th>
<td><div><span class="stick" style="width:${((rooms / most) * 100).toFixed(2)}%"></span><span>${rooms}</span></div></td></tr>
`,
      )}</tbody>
</table>`
}
</section>`;
}

function roomTable({ rooms }: Report): Markup {
  return html`<section aria-labelledby="rooms">
<h2 id="rooms">All rooms</h2>
${
  rooms.length === 0
    ? html`<p>None.</p>`
    : html`<table class="rooms" aria-labelledby="rooms">
<thead><tr><th scope="col">Room</th><th scope="col">Floor</th><th scope="col">Device</th><th scope="col">State</th><th scope="col">Without OTJ</th><th scope="col">Worked on</th><th scope="col">Remaining</th></tr></thead>
<tbody>${rooms.map(
        (room, index) => html`<tr><th scope="row">${roomLink({ room, index })}</th>
${cell('Floor', room.floor && say(room.floor))}
${cell('Device', say(deviceWords(room)))}
${cell('State', stateMark(room.state))}
${cell('Without OTJ', withoutOtjWords(room))}
${cell('Worked on', room.workedAt && html`${moment(room.workedAt)} <span class="quiet">${say(room.technician ?? '')}</span>`)}
${cell('Remaining', remainingWords(room))}</tr>
`,
      )}</tbody>
</table>`
}
</section>`;
}

/** On a narrow screen, where a row is a list, cells of which nothing is known are left out. */
function cell(label: string, content: Markup | string | null): Markup {
  if (!content || content === NOTHING) return html`<td data-label="${label}" class="unknown">${NOTHING}</td>`;
  return html`<td data-label="${label}">${content}</td>`;
}

function roomByRoom({ rooms }: Report): Markup | string {
  if (rooms.length === 0) return '';
  return html`<section aria-labelledby="details">
<h2 id="details">Room by room</h2>
${rooms.map((room, index) => roomSection({ room, index }, room.state === 'needs attention' || rooms.length === 1))}
</section>`;
}
