/** What a person types into Infinity's admin pages, one block for each room, to be printed or read from a screen. Pure. */
import { html, raw } from 'hono/html';
import { visible } from './words.ts';

export interface SheetRoom {
  name: string;
  place: string;
  /** Field name and value, in the order in which the page asks for them; null = it is not in this sheet. */
  values: readonly { field: string; value: string | null }[];
  /** Why the import file does not have this room. */
  note: string | null;
}

export interface Sheet {
  site: string;
  madeAt: string;
  /** Menu path of the page. */
  where: readonly string[];
  withPasswords: boolean;
  rooms: readonly SheetRoom[];
}

const STYLE = `
:root { color-scheme: light dark; font: 14px/1.45 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
article { break-inside: avoid; border-top: 1px solid; padding: .6rem 0; }
h2 { margin: 0; font-size: 1.05rem; } p { margin: .2rem 0; }
table { border-collapse: collapse; } th { text-align: left; font-weight: 500; padding-right: 1.5rem; }
td { font-family: ui-monospace, monospace; } .warn { border: 2px solid; padding: .6rem; font-weight: 600; }
`;

export function renderSheet({ site, madeAt, where, withPasswords, rooms }: Sheet): string {
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>OTJ endpoints to type: ${visible(site)}</title><style>${raw(STYLE)}</style></head><body>
<h1>OTJ endpoints to type: <bdi>${visible(site)}</bdi></h1>
<p>${rooms.length} rooms. Made ${madeAt}. In Infinity’s admin pages: ${where.join(' > ')} (menus differ between versions).</p>
${withPasswords ? html`<p class="warn">This page holds passwords. Keep it for nobody but who types them, and delete it afterwards.</p>` : html`<p>Passwords are not in this page: they are shown by the room in OTJ Migrator, or written with otj infinity export --passwords.</p>`}
${rooms.map(
  ({ name, place, values, note }) => html`<article><h2><bdi>${visible(name)}</bdi></h2>
${place ? html`<p><bdi>${visible(place)}</bdi></p>` : ''}${note ? html`<p>${note}</p>` : ''}
<table>${values.map(({ field, value }) => html`<tr><th scope="row">${field}</th><td dir="auto">${value === null ? 'not in this sheet' : visible(value)}</td></tr>`)}</table></article>`,
)}
</body></html>
`;
  return String(page);
}
