/** A person at a browser, for tests without one: follows links and sends forms over real sockets, with cookies. */
import { Agent, request } from 'undici';

interface Page {
  url: string;
  status: number;
  text: string;
}

export class BrowserPerson {
  private readonly agent: Agent;
  private readonly cookies = new Map<string, string>();

  /** @param ca authority to trust, PEM */
  constructor(ca: string) {
    this.agent = new Agent({ connect: { ca } });
  }

  /** Opens the sign-in page and chooses who to be; the answer goes to the app. @returns what the app shows */
  async signIn(url: string, username: string): Promise<Page> {
    const page = await this.open(url);
    const end = await this.end(page.text.includes('name="person"') ? await this.choose(page, username) : page);
    if (!end.url.startsWith('http://localhost'))
      throw new Error(`the way did not lead to the app: ${end.text.slice(0, 800)}`);
    return end;
  }

  async decline(url: string): Promise<Page> {
    return this.end(await this.submit(await this.open(url), { decline: 'yes' }));
  }

  /** Types a device code, says that it is the right one, and chooses who to be. */
  async enterCode(verificationUri: string, userCode: string, username: string): Promise<Page> {
    const typed = await this.submit(await this.open(verificationUri), { user_code: userCode });
    const confirmed = typed.text.includes('name="person"') ? typed : await this.submit(typed, { confirm: 'yes' });
    return this.end(await this.choose(confirmed, username));
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private choose(page: Page, username: string): Promise<Page> {
    const at = page.text.indexOf(`<small>${username}</small>`);
    const [, id] = [...page.text.slice(0, at).matchAll(/name="person" value="([^"]+)"/g)].at(-1) ?? [];
    if (at < 0 || !id) throw new Error(`nobody of that name to choose: ${page.text.slice(0, 500)}`);
    return this.submit(page, { person: id });
  }

  /** A page that sends itself on, as browsers do by script. */
  private async end(page: Page): Promise<Page> {
    const goesOn = /forms\[0\]\.submit\(\)|<form[^>]*action="http:\/\/localhost/.test(page.text);
    return goesOn ? this.end(await this.submit(page, {})) : page;
  }

  async open(url: string): Promise<Page> {
    return this.ask('GET', url);
  }

  private submit(page: Page, own: Record<string, string>): Promise<Page> {
    const [, action = page.url] = /<form[^>]*\baction="([^"]+)"/.exec(page.text) ?? [];
    const fields = new URLSearchParams();
    for (const [input] of page.text.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
      const [, name] = /\bname="([^"]*)"/.exec(input) ?? [];
      const [, value = ''] = /\bvalue="([^"]*)"/.exec(input) ?? [];
      if (name) fields.set(plain(name), plain(value));
    }
    for (const [name, value] of Object.entries(own)) fields.set(name, value);
    return this.ask('POST', new URL(plain(action), page.url).href, fields.toString());
  }

  private async ask(method: 'GET' | 'POST', url: string, body?: string): Promise<Page> {
    const reply = await request(url, {
      method,
      dispatcher: this.agent,
      headers: {
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      body: body ?? null,
    });
    for (const line of [reply.headers['set-cookie'] ?? []].flat()) {
      const [pair = ''] = line.split(';');
      const cut = pair.indexOf('=');
      this.cookies.set(pair.slice(0, cut), pair.slice(cut + 1));
    }
    const text = await reply.body.text();
    const to = reply.headers.location;
    if (typeof to === 'string' && reply.statusCode >= 300 && reply.statusCode < 400)
      return this.ask('GET', new URL(to, url).href);
    return { url, status: reply.statusCode, text };
  }
}

function plain(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_whole, code) => String.fromCharCode(Number(code)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
