/** The OTJ macros in the many forms that people and tools give them. */
import { build, minifySync } from 'vite';
import { judgeMacros, type Macro } from '../../main/endpoints/cisco/otj/judge.ts';
import { otjMacroPair } from '../lab/cisco/macros.ts';

export const macro = (name: string, content: string, active = true): Macro => ({ name, content, active });
export const verdicts = (...macros: Macro[]) => judgeMacros(macros).map(({ verdict }) => verdict);
export const judged = (...macros: Macro[]) =>
  judgeMacros(macros)[0] ?? { verdict: null, score: 0, reasons: [], marks: [] };

const [settings, main] = otjMacroPair({ tenant: 'fjord', token: 'abc' });
if (!settings || !main) throw new Error('no pair');
/** The two macros of the Service, as they are shipped. */
export const [SETTINGS, MAIN]: readonly [Macro, Macro] = [settings, main];

/** The same work in another hand: classes, one file, the command as a text. */
export const IN_CLASSES = `
const xapi = require('xapi');

const CONFIG = { system: 'c0ffee', service: { host: 'https://fjord.otj.pexip.io' }, interval: 300 };

class Client {
  constructor(options) {
    this.base = options.base;
  }
  get url() {
    return this.base + '/api/systems/' + CONFIG.system;
  }
  async meetings() {
    const reply = await xapi.command('HttpClient Get', { Url: this.url, ResultBody: 'PlainText' });
    return JSON.parse(reply.Body).meetings.map((meeting) => ({ Id: meeting.id, Title: meeting.subject }));
  }
}

class Sync {
  constructor(client) {
    this.client = client;
  }
  async run() {
    const list = await this.client.meetings();
    return xapi.command('Bookings Put', {}, JSON.stringify({ Bookings: list }));
  }
}

const sync = new Sync(new Client({ base: CONFIG.service.host }));
setInterval(() => sync.run().catch((error) => console.error(error)), CONFIG.interval * 1000);
`;

/** As a compiler for engines of the year 2009 leaves it. */
export const ES5 = `"use strict";
var _xapi = _interopRequireDefault(require("xapi"));
var settings = _interopRequireWildcard(require("./calendar-settings"));
function _getRequireWildcardCache(e) { return e; }
function _interopRequireWildcard(obj) { return obj && obj.__esModule ? obj : { default: obj }; }
function _interopRequireDefault(obj) { return obj && obj.__esModule ? obj : { default: obj }; }
function update() {
  return _xapi.default.Command.HttpClient.Get({
    Url: "https://".concat(settings.host, "/v1/meetings/").concat(settings.token)
  }).then(function (response) {
    var _JSON$parse = JSON.parse(response.Body), bookings = _JSON$parse.bookings;
    return _xapi.default.Command.Bookings.Put({}, JSON.stringify({ Bookings: bookings }));
  });
}
setInterval(update, settings.pollMs);
`;
export const ES5_SETTINGS = `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.token = exports.pollMs = exports.host = void 0;
var host = exports.host = 'fjord.otj.pexip.io';
var token = exports.token = 'abc';
var pollMs = exports.pollMs = 5000;
`;

export function minified({ name, content, active }: Macro, newName = name): Macro {
  const { code, errors } = minifySync(`${name}.js`, content, { module: true });
  if (errors.length > 0) throw new Error(String(errors[0]));
  return { name: newName, content: code, active };
}

/** One file of several, as bundlers make it. */
export async function bundled(minify: boolean, ...macros: Macro[]): Promise<string> {
  const sources = new Map(macros.map(({ name, content }) => [`./${name}`, content]));
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'macros',
        enforce: 'pre',
        resolveId: (id) => (sources.has(id) ? `\0${id}` : null),
        load: (id) => sources.get(id.slice(1)) ?? null,
      },
    ],
    build: {
      write: false,
      minify: minify ? 'oxc' : false,
      rolldownOptions: { input: `./${macros.at(-1)?.name}`, external: ['xapi'] },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  const chunk = output && 'output' in output ? output.output[0] : null;
  if (!chunk) throw new Error('nothing was built');
  return chunk.code;
}

/** A calendar macro of the customer's own: it calls out and writes meetings, as OTJ does. */
export const OWN = `import xapi from 'xapi';
async function refresh() {
  const { Body } = await xapi.Command.HttpClient.Get({ Url: 'https://calendar.example.com/room/7' });
  await xapi.Command.Bookings.Put({}, Body);
}
setInterval(refresh, 60000);
`;
