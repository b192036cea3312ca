/** Macro texts for codecs of the lab. All are our own; none is copied from a product. */
import type { LabMacro } from '../types.ts';

/** The file names of the package that Pexip Control Center makes for an endpoint, without `.js`. */
export const OTJ_MACRO = 'otj-macro';
export const OTJ_MACRO_SETTINGS = 'otj-macro-settings';

/**
 * One-Touch Join of the Service, as two macros: the settings with the room's token, and the one that fetches
 * meetings and puts them on the codec. `pollMs` is far shorter than in life, so that a lab is lively.
 */
export function otjMacroPair({
  tenant,
  token,
  pollMs = 5000,
}: {
  tenant: string;
  token: string;
  pollMs?: number;
}): LabMacro[] {
  const settings = `// One-Touch Join: settings of this room. Generated; changes are lost at the next update.
export const version = '1.4.2';
export const host = '${tenant}.otj.pexip.io';
export const token = '${token}';
export const pollMs = ${pollMs};
`;
  const main = `import xapi from 'xapi';
import * as settings from './${OTJ_MACRO_SETTINGS}';

// Newer versions are announced at https://cisco-macros.pexip.io/otj/latest.json
const VERSION_URL = 'https://cisco-macros.pexip.io/otj/latest.json';

async function update() {
  try {
    const response = await xapi.Command.HttpClient.Get({
      Url: \`https://\${settings.host}/v1/meetings/\${settings.token}\`,
      Header: ['Accept: application/json', \`User-Agent: otj-macro/\${settings.version}\`],
    });
    const { bookings } = JSON.parse(response.Body);
    await xapi.Command.Bookings.Put({}, JSON.stringify({ Bookings: bookings }));
  } catch (error) {
    console.warn('One-Touch Join: no meetings', error.message);
  }
}

console.info('One-Touch Join', settings.version, 'started; updates at', VERSION_URL);
update();
setInterval(update, settings.pollMs);
`;
  return [
    { name: OTJ_MACRO_SETTINGS, content: settings, active: true },
    { name: OTJ_MACRO, content: main, active: true },
  ];
}

export const roomBookingLights: LabMacro = {
  name: 'room-booking-lights',
  active: true,
  content: `import xapi from 'xapi';

// Red light while the room is taken, green otherwise.
async function refresh() {
  const bookings = await xapi.Command.Bookings.List({ Days: 1 });
  const color = bookings.Booking ? 'Red' : 'Green';
  console.log('light', color);
}

xapi.Event.Bookings.on(refresh);
refresh();
`,
};

export const cameraPresets: LabMacro = {
  name: 'camera-presets',
  active: true,
  content: `import xapi from 'xapi';

const PRESETS = { door: 1, table: 2, board: 3 };

xapi.Event.UserInterface.Extensions.Panel.Clicked.on((event) => {
  const preset = PRESETS[event.PanelId];
  if (preset) xapi.Command.Camera.Preset.Activate({ PresetId: preset });
});
`,
};

/** Another product of the same maker: it talks to Pexip, but it is not One-Touch Join and must survive. */
export const meetingControls: LabMacro = {
  name: 'pexip-meeting-controls',
  active: true,
  content: `import xapi from 'xapi';

// Pexip Meeting Controls: mute all, lock, layout.
const API = 'https://api-gateway.pexip.io/v1/controls';

xapi.Event.UserInterface.Extensions.Panel.Clicked.on((event) => {
  if (event.PanelId === 'pexip_lock') {
    xapi.Command.HttpClient.Post({ Url: \`\${API}/lock\`, Header: ['Content-Type: application/json'] }, '{}');
  }
});
`,
};

/** Text that has bitten clients: accents, emoji, CRLF, a lone dot, an end mark, quotes, entities. Not active. */
export const awkwardText: LabMacro = {
  name: 'awkward_text',
  active: false,
  content: [
    '// Zażółć gęślą jaźń — æøå ñ 会议室 🎥👩‍💻\r\n',
    'const quotes = "double \\" and \'single\' and `tick`";\n',
    '/*\n.\n** end\nOK\n{12} \n| resultId="7"\n*/\n',
    'const xml = "&lt;a b=\'1\'&gt; <![CDATA[ x ]]> </body> &amp;amp;";\r\n',
    '\tconst tail = 1; \n\n',
  ].join(''),
};

/** What stands beside One-Touch Join on a busy codec. */
export const neighbours: readonly LabMacro[] = [roomBookingLights, cameraPresets, meetingControls, awkwardText];
