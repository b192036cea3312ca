/** What a shell says without being asked: feedback, a stray OK, words of its own. One after the other, for ever. */
import type { OutputMode } from './output.ts';

const PLAIN = ['\nOK\n', 'Command not recognized.\n', '\r\n', '*e Something happened elsewhere\n'];
const FEEDBACK: Record<OutputMode, readonly string[]> = {
  json: [
    '{\n  "Status": {"Audio": {"Volume": {"Value": "50"}}}\n}\n',
    '{\n  "Event": {"UserInterface": {"Extensions": {"Panel": {"Clicked": {"PanelId": {"Value": "OK"}}}}}}\n}\n',
    '{"Status": {"Time": {"SystemTime": {"Value": "} { \\"ResultId\\": \\"1\\""}}}}\n',
  ],
  terminal: ['*s Audio Volume: 50\n** end\n', '*e UserInterface Extensions Panel Clicked PanelId: "OK"\n** end\n'],
  xml: ['<XmlDoc>\n<Status><Audio><Volume>50</Volume></Audio></Status>\n</XmlDoc>\n'],
};

export class Chatter {
  #next = 0;

  say(mode: OutputMode): string {
    const turn = this.#next++;
    const list = turn % 2 === 0 ? FEEDBACK[mode] : PLAIN;
    return list[Math.floor(turn / 2) % list.length] ?? '';
  }
}
