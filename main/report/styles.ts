/** The look of the HTML report. Colour is for state only; sizes follow the reader's own text size. */
import { html } from 'hono/html';
import type { Markup } from './htmlParts.ts';

/** The style element. Dark only on a screen: paper is white. */
export const STYLES: Markup = html`<style>
:root {
  color-scheme: light;
  --ground: #fff; --raised: #f5f6f8; --line: #d5d9df; --text: #1b1f24; --quiet: #565e68; --cut: #fff;
  --not-started: #5b636d; --ready: #0b6670; --in-progress: #6a3fb5; --migrated: #1a6e38;
  --awaiting-sync: #0b5cad; --needs-attention: #b03a08; --undone: #7a5200;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    color-scheme: dark;
    --ground: #15181c; --raised: #1d2126; --line: #383e46; --text: #e3e6ea; --quiet: #a0a9b4; --cut: #15181c;
    --not-started: #a0a9b4; --ready: #4fc3cd; --in-progress: #bb9ff7; --migrated: #5cc479;
    --awaiting-sync: #71b4f7; --needs-attention: #ff966b; --undone: #dcae52;
  }
}
* { box-sizing: border-box; }
html { font: 87.5%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; background: var(--ground); color: var(--text); font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 2rem 2rem 3rem; max-width: 92rem; overflow-wrap: anywhere; }
@media (min-width: 150em) { html { font-size: 112.5%; } }
@media (min-width: 220em) { html { font-size: 150%; } }
h1, h2, h3, h4, p, dl, dd, ul { margin: 0; padding: 0; }
h1 { font-size: 2rem; line-height: 1.25; font-weight: 650; }
h2 { font-size: 1.35rem; line-height: 1.3; font-weight: 650; margin: 0 0 .75rem; }
h3 { font-size: 1rem; font-weight: 650; margin: 1.25rem 0 .4rem; }
h4 { font-size: 1rem; font-weight: 650; margin: 1.5rem 0 .4rem; }
header { margin-bottom: 2rem; }
main > * { margin-bottom: 2.75rem; }
footer { border-top: 1px solid var(--line); padding-top: 1rem; }
ul { list-style: none; }
a { color: inherit; text-decoration-color: var(--quiet); text-underline-offset: .2em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--text); outline-offset: 2px; border-radius: 2px; }
.quiet { color: var(--quiet); }
.lines { white-space: pre-line; }
samp, code { font-family: ui-monospace, "Cascadia Mono", Consolas, Menlo, "DejaVu Sans Mono", monospace; font-size: .93em; overflow-wrap: anywhere; }
samp { white-space: pre-wrap; }
.shapes { position: absolute; }
.shape { width: 1.1em; height: 1.1em; vertical-align: -.19em; flex: none; }
.line { fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.fill { fill: currentColor; }
.cut { fill: none; stroke: var(--cut); stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
.state { color: var(--state); white-space: nowrap; }
.state.other { white-space: normal; }
.is-not-started { --state: var(--not-started); }
.is-ready { --state: var(--ready); }
.is-in-progress { --state: var(--in-progress); }
.is-migrated { --state: var(--migrated); }
.is-awaiting-sync { --state: var(--awaiting-sync); }
.is-needs-attention { --state: var(--needs-attention); }
.is-undone { --state: var(--undone); }

.bar { display: flex; gap: 2px; height: .75rem; margin-bottom: 1rem; border-radius: 3px; overflow: hidden; }
.bar span { background: var(--state); min-width: 4px; }
.counts { display: flex; flex-wrap: wrap; gap: .75rem 2rem; }
.counts b { font-size: 1.5rem; line-height: 1.2; font-weight: 650; display: block; }
.counts .none b { color: var(--quiet); font-weight: 400; }
.counts .none .state { color: var(--quiet); }

.attention { display: grid; gap: .75rem; }
.attention li, .problem { border-inline-start: 3px solid var(--needs-attention); background: var(--raised); padding: .75rem 1rem; display: grid; gap: .3rem; }
.problem { border-color: var(--state); }
.attention li > *, .problem > * { min-width: 0; }
.happened { font-weight: 550; }
.happened .quiet { font-weight: 400; }

.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 2.75rem 4rem; }
.columns > * { min-width: 0; }
.columns h3:first-of-type, .body .columns h4:first-child { margin-top: 0; }
.plain li { display: flex; gap: .6em; margin-bottom: .6rem; }
.plain li > .shape { margin-top: .2em; }
.plain .shape { color: var(--quiet); }
.plain li > :last-child { min-width: 0; }
.big { display: flex; flex-wrap: wrap; gap: .75rem 3rem; margin: 1rem 0; }
.big dt { color: var(--quiet); }
.big dd { font-size: 1.5rem; line-height: 1.25; font-weight: 650; }
.big .quiet { font-size: 1rem; font-weight: 400; }

table { border-collapse: separate; border-spacing: 0; width: 100%; text-align: start; }
th, td { text-align: start; vertical-align: top; padding: .4rem 1rem .4rem 0; border-bottom: 1px solid var(--line); font-weight: 400; }
th:last-child, td:last-child { padding-inline-end: 0; }
thead th { color: var(--quiet); vertical-align: bottom; background: var(--ground); }
.rooms tbody th { font-weight: 550; }
.rooms, .detail { table-layout: fixed; }
.rooms time, .rooms td:nth-of-type(4), .detail td time, .steps td:nth-of-type(3) { white-space: nowrap; }
.rooms th:nth-child(1) { width: 18%; }
.rooms th:nth-child(2) { width: 6%; }
.rooms th:nth-child(3) { width: 15%; }
.rooms th:nth-child(4) { width: 10.5rem; }
.rooms th:nth-child(5) { width: 8.5rem; }
.rooms th:nth-child(6) { width: 24%; }
.changes th:nth-child(1) { width: 34%; }
.changes th:nth-child(4) { width: 12rem; }
.macros th:nth-child(1) { width: 26%; }
.macros th:nth-child(2) { width: 7rem; }
.steps th:nth-child(1) { width: 11.5rem; }
.steps th:nth-child(2) { width: 20%; }
.steps th:nth-child(3) { width: 10.5rem; }
.steps th:nth-child(4) { width: 8rem; }
.histogram { margin-top: 1rem; width: min(100%, 30rem); }
.histogram th, .histogram td { padding-block: .15rem; border: 0; white-space: nowrap; }
.histogram td { width: 99%; }
.stick { display: inline-block; height: .8em; min-width: 2px; margin-inline-end: .6em; background: var(--quiet); border-radius: 1px; }
.histogram td div { display: flex; align-items: center; }

.room { border-top: 1px solid var(--line); }
.room:last-child { border-bottom: 1px solid var(--line); }
summary { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1rem; padding: .6rem 0; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: ""; width: .45em; height: .45em; border: solid var(--quiet); border-width: 0 2px 2px 0; rotate: -45deg; translate: 0 -.15em; flex: none; }
[open] > summary::before { rotate: 45deg; translate: 0 -.3em; }
summary h3 { margin: 0; }
summary:hover h3 { text-decoration: underline; text-underline-offset: .2em; text-decoration-thickness: 1px; }
.body { padding: .5rem 0 1.5rem 1.45rem; scroll-margin-top: 4rem; }
.problem { margin-bottom: 1.25rem; }
.body dl > div { display: grid; grid-template-columns: 10.5rem minmax(0, 1fr); padding: .12rem 0; }
.body dt { color: var(--quiet); }
.back { margin-top: 1.25rem; }

@media (min-height: 30em) {
  .rooms thead th { position: sticky; top: 0; }
}
@media (max-width: 60em) {
  body { padding: 1.25rem 1rem 2rem; }
}
@media screen {
  /* By the room that the text leaves, not by the screen: large text on a large screen is narrow too. */
  main { container-type: inline-size; }
  @container (max-width: 70rem) {
    .body { padding-inline-start: 0; }
    .rooms, .detail { display: block; --label: min(8rem, 36%); }
    .rooms tbody, .detail tbody { display: block; }
    .rooms thead, .detail thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    .rooms tr, .detail tr { display: block; padding: .6rem 0; border-bottom: 1px solid var(--line); }
    .rooms :is(th, td), .detail :is(th, td) { display: block; width: auto !important; padding: .1rem 0; border: 0; }
    :is(.rooms, .detail) tbody th { font-weight: 550; }
    :is(.rooms, .detail) td { position: relative; padding-inline-start: var(--label); min-height: 1.7em; }
    :is(.rooms, .detail) td::before { content: attr(data-label); position: absolute; inset-inline-start: 0; width: calc(var(--label) - .75rem); color: var(--quiet); }
    .rooms .unknown { display: none !important; }
    .body dl > div { grid-template-columns: min(10.5rem, 36%) minmax(0, 1fr); column-gap: .5rem; }
  }
  @container (max-width: 22rem) {
    :is(.rooms, .detail) td { padding-inline-start: 0; }
    :is(.rooms, .detail) td::before { position: static; display: block; width: auto; }
    .body dl > div { display: block; padding: .25rem 0; }
    .state, time, .rooms td:nth-of-type(4), .detail td time, .histogram th { white-space: normal !important; }
  }
}
@media print {
  @page { margin: 14mm 12mm; }
  html { font-size: 9pt; }
  body { padding: 0; max-width: none; }
  main > * { margin-bottom: 1.75rem; }
  .bar span, .stick, .attention li, .problem { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  summary::before, .back { display: none; }
  summary, h2, h3, h4, thead { break-after: avoid; }
  tr, .attention li, .body dl > div, .plain li { break-inside: avoid; }
  .body { padding-inline-start: 0; }
  a { text-decoration: none; }
  .rooms thead th { position: static; }
  th, td { padding-inline-end: .6rem; }
  .counts { gap: .5rem 1.2rem; }
  .rooms td .quiet { display: block; }
  .rooms th:nth-child(1) { width: 16%; }
  .rooms th:nth-child(4) { width: 16.5%; }
  .rooms th:nth-child(5) { width: 13.5%; }
  .rooms th:nth-child(6) { width: 19.5%; }
  .steps th:nth-child(2) { width: 19%; }
  .steps th:nth-child(3) { width: 9.5rem; }
  .steps th:nth-child(4) { width: 6.5rem; }
}
@media (forced-colors: active) {
  .bar span, .stick { forced-color-adjust: none; }
}
@media (prefers-reduced-motion: no-preference) {
  summary::before { transition: rotate .12s; }
}
</style>`;
