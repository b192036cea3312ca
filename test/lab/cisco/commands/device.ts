/** UI extensions, sessions, reboot and other commands that need few words each. */
import type { Panel } from '../model.ts';
import type { Role } from '../settings.ts';
import type { Shape } from '../tree.ts';
import { type Command, Failure, FLAG } from './command.ts';

const CONTROL: readonly Role[] = ['Integrator', 'RoomControl'];
const PANEL = { PanelId: { required: true } };
const EXTENSIONS_VERSION = '1.11';

function panelShape({ panelId, name }: Panel, order: number): { [name: string]: Shape } {
  return {
    ActivityType: 'Custom',
    Color: '#07C1E4',
    Icon: 'Lightbulb',
    Location: 'HomeScreen',
    Name: name,
    Order: order + 1,
    Origin: 'local',
    PanelId: panelId,
    Visibility: 'Auto',
  };
}

export const deviceCommands: readonly Command[] = [
  {
    path: 'UserInterface Extensions List',
    roles: [...CONTROL, 'User'],
    params: { ActivityType: {} },
    run: ({ codec, has, get }) => {
      const panels = codec.panels
        .map(panelShape)
        .filter((panel) => !has('ActivityType') || panel.ActivityType === get('ActivityType'));
      return { Extensions: { Version: EXTENSIONS_VERSION, ...(panels.length > 0 ? { Panel: panels } : {}) } };
    },
  },
  {
    path: 'UserInterface Extensions Export',
    roles: CONTROL,
    params: { EmbedData: FLAG },
    // The real export is an archive; what matters here is that it changes when a panel does.
    run: ({ codec }) => ({
      Export: Buffer.from(JSON.stringify({ version: EXTENSIONS_VERSION, panels: codec.panels })).toString('base64'),
    }),
  },
  {
    path: 'UserInterface Extensions Panel Save',
    roles: CONTROL,
    params: PANEL,
    body: true,
    run: ({ codec, get, body }) => {
      const panelId = get('PanelId');
      const name = /<Name>([^<]*)<\/Name>/.exec(body)?.[1] ?? panelId;
      const panel = codec.panels.find((one) => one.panelId === panelId);
      if (panel) Object.assign(panel, { name, content: body });
      else codec.panels.push({ panelId, name, content: body });
      return {};
    },
  },
  {
    path: 'UserInterface Extensions Panel Remove',
    roles: CONTROL,
    params: PANEL,
    run: ({ codec, get }) => {
      const index = codec.panels.findIndex((panel) => panel.panelId === get('PanelId'));
      if (index < 0) return new Failure('Panel not found');
      codec.panels.splice(index, 1);
      return {};
    },
  },
  {
    path: 'Security Session List',
    run: ({ codec }) => ({
      Session: codec.sessions.all().map(({ id, username, door, remoteAddress, since }) => ({
        SessionId: id.slice(0, 16),
        Username: username,
        Type: door,
        RemoteAddress: remoteAddress,
        Login: since,
      })),
    }),
  },
  {
    path: 'SystemUnit Boot',
    roles: ['Integrator', 'User'],
    params: { Action: { values: ['Restart', 'Shutdown'] }, Force: FLAG },
    run: ({ codec, flag }) => {
      if (codec.faults.inCall && !flag('Force', false)) return new Failure('In a call');
      codec.onBoot();
      return {};
    },
  },
];
