/**
 * Texts within what a Group's command line says, found where they stand; line ends, blanks and root words stay as they are.
 * Total: a line of no known form is a text as a whole.
 */
import type { Rewriter } from '../../record/disguise/leaves.ts';
import { CLI_SETTINGS } from '../cli/commands.ts';

/** Labels of the greeting and of `whoami` (Integrator's Reference Manual for the Group Series, public adapters). */
const LABELLED =
  /^(hi, my name is|model|serial number|software version|build information|contact number|time in last call|total time in calls|total calls|local time is|snmp enabled)(\s*:\s*)(.*)$/i;
const OWN_LINES =
  /^(\s*|password\s*:|here is what i know about myself:|password failed|error:.*|status end|(inacall|autoanswerp2p|remotecontrol|microphones|visualconnection|globaldirectory|ipnetwork|gatekeeper|sipserver|logthreshold|meetingpassword|calendar|rpms) (online|offline)|system is not in a call|callinfo (begin|end)|calendarmeetings (list|info) (begin|start|end)|(no)?notify \w+ success|cmdecho (on|off)|reboot now)$/i;
/** Commands whose answer begins with their root word, and where the value behind it stands. */
const ANSWERS: ReadonlyMap<string, string> = new Map([
  ...CLI_SETTINGS.map(({ root, name }): [string, string] => [root, name]),
  ['systemname', 'system.info.systemname'],
  ['serialnum', 'serialnumber'],
  ['systemsetting', 'system.info.humanreadablemodel'],
  ['apiport', 'apiport'],
  ['calendarstatus', 'calendarstatus'],
]);

export function isOwnLine(line: string): boolean {
  return OWN_LINES.test(line.trim());
}

export function rewriteCli(text: string, rewriter: Rewriter): string {
  return text
    .split(/([\r\n]+)/)
    .map((part, at) => (at % 2 === 1 ? part : rewriteLine(part, rewriter)))
    .join('');
}

function rewriteLine(line: string, rewriter: Rewriter): string {
  const { leaf } = rewriter;
  const [, before = '', said = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(line) ?? [];
  const framed = (inner: string) => before + inner + after;
  if (isOwnLine(said)) return framed(rewriter.line(said));
  const [, label, colon = '', told = ''] = LABELLED.exec(said) ?? [];
  if (label) return framed(label + colon + leaf(told, `cli/${placeOf(label)}`));
  const [, root = '', verb = '', value = ''] = /^(\w+)( +(?:get|set|model)\b)?(?: +(.*))?$/s.exec(said) ?? [];
  const place = ANSWERS.get(root.toLowerCase());
  if (place !== undefined) {
    const blanks = said.slice(root.length + verb.length, said.length - value.length);
    return framed(root + verb + blanks + (value && leaf(value, `cli/${place}`)));
  }
  if (/^meeting\|/i.test(said)) return framed(meeting(said, rewriter));
  return framed(leaf(said, 'cli/line'));
}

function placeOf(label: string): string {
  return /name is$/i.test(label) ? 'name' : label.toLowerCase();
}

/** `meeting|id|start|end|subject`: its times stay. */
function meeting(line: string, { leaf }: Rewriter): string {
  return line
    .split('|')
    .map((part, at) => (at === 0 || TIME.test(part) ? part : leaf(part, 'cli/line')))
    .join('|');
}

const TIME = /^\d{4}-\d\d-\d\d:\d\d:\d\d$/;
