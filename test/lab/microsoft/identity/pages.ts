/** The pages on which a person signs in; without any script. */
import type { Person } from './tenant.ts';

const STYLE =
  'body{font:16px system-ui;margin:3rem auto;max-width:26rem;line-height:1.5}button{display:block;width:100%;margin:.5rem 0;padding:.6rem;font:inherit;text-align:start}';

function text(raw: string): string {
  return raw.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

function whole(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${text(title)}</title><style>${STYLE}</style><h1>${text(title)}</h1>${body}</html>`;
}

export function signInPage(action: string, people: readonly Person[], asked: readonly string[]): string {
  const choices = people
    .map(
      ({ id, name, username }) =>
        `<button name="person" value="${text(id)}">${text(name)}<br><small>${text(username)}</small></button>`,
    )
    .join('');
  const list = asked.map((one) => `<li>${text(one)}</li>`).join('');
  return whole(
    'Sign in to the practice tenant',
    `<form method="post" action="${text(action)}"><p>The app asks for:</p><ul>${list}</ul>${choices}<button name="decline" value="yes">Cancel</button></form>`,
  );
}

export function messagePage(title: string, words: string): string {
  return whole(title, `<p>${text(words)}</p>`);
}

/** Sends the answer to the app as a browser does. */
export function postPage(action: string, fields: Record<string, string>): string {
  const inputs = Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${text(name)}" value="${text(value)}">`)
    .join('');
  return whole(
    'Back to the app',
    `<form method="post" action="${text(action)}">${inputs}<button>Continue</button></form>`,
  );
}
