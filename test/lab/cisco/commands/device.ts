/** UI extensions, sessions, reboot and other commands that need few words each. */
import type { Panel } from '../model.ts';
import type { Session } from '../sessions.ts';
import type { Role } from '../settings-table.ts';
import { type Shape, shapeOf } from '../tree.ts';
import { parseXml } from '../xml.ts';
import { type Command, Failure, FLAG, text } from './command.ts';

const CONTROL: readonly Role[] = ['Integrator', 'RoomControl'];
const EVERYBODY: readonly Role[] = [...CONTROL, 'Audit', 'User'];
const PANEL = { PanelId: { ...text(1, 255), required: true } };
const ACTIVITY = { ActivityType: { values: ['Custom', 'WebApp', 'WebWidget'] } };
/** [assumed]: panels came with CE 9. */
const PANELS_SINCE = [9, 0] as const;
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

const layouts = new WeakMap<Panel, { content: string; shape: { [name: string]: Shape } }>();

/** As `layoutOf`, which is asked only when something else was saved. */
function layoutShape(panel: Panel): { [name: string]: Shape } {
  const known = layouts.get(panel);
  if (known?.content === panel.content) return known.shape;
  const shape = layoutOf(panel);
  layouts.set(panel, { content: panel.content, shape });
  return shape;
}

/** What was saved of a panel, as far as it is XML. */
function layoutOf({ content }: Panel): { [name: string]: Shape } {
  const root = parseXml(content);
  const panel = root?.name === 'Extensions' ? root.children.find(({ name }) => name === 'Panel') : root;
  return panel ? shapeOf(panel.children) : {};
}

export const deviceCommands: readonly Command[] = [
  {
    path: 'UserInterface Extensions List',
    since: PANELS_SINCE,
    roles: [...CONTROL, 'User'],
    params: ACTIVITY,
    run: ({ codec, has, get }) => {
      const panels = codec.panels
        .map(panelShape)
        .filter((panel) => !has('ActivityType') || panel.ActivityType === get('ActivityType'));
      return { Extensions: { Version: EXTENSIONS_VERSION, ...(panels.length > 0 ? { Panel: panels } : {}) } };
    },
  },
  {
    path: 'UserInterface Extensions Export',
    since: PANELS_SINCE,
    roles: CONTROL,
    params: { EmbedData: { values: ['On', 'Off'] } },
    // "Export the UserInterface Extensions as the XML result of this command", says its help. [assumed]: as its tree.
    run: ({ codec }) => {
      const panels = codec.panels.map((panel, order) => ({ ...panelShape(panel, order), ...layoutShape(panel) }));
      return { Extensions: { Version: EXTENSIONS_VERSION, ...(panels.length > 0 ? { Panel: panels } : {}) } };
    },
  },
  {
    path: 'UserInterface Extensions Panel Save',
    since: PANELS_SINCE,
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
    since: PANELS_SINCE,
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
    path: 'UserInterface Extensions Clear',
    since: PANELS_SINCE,
    roles: CONTROL,
    params: ACTIVITY,
    run: ({ codec, has, get }) => {
      // All panels of the lab are custom ones.
      if (!has('ActivityType') || get('ActivityType') === 'Custom') codec.panels.length = 0;
      return {};
    },
  },
  {
    path: 'Security Session List',
    run: ({ codec }) => ({ Session: codec.sessions.all().map(sessionShape) }),
  },
  {
    path: 'Security Session Get',
    roles: EVERYBODY,
    run: ({ codec, caller }) => {
      const session = codec.sessions.all().find(({ username }) => username === caller.username);
      return session ? { Session: sessionShape(session) } : new Failure('No session');
    },
  },
  {
    path: 'Security Session Terminate',
    params: { SessionId: { ...text(0, 32), required: true } },
    run: ({ codec, get }) => (codec.sessions.terminate(get('SessionId')) ? {} : new Failure('No such session')),
  },
  ...banners('SignInBanner', 'signIn'),
  ...banners('WelcomeBanner', 'welcome'),
  {
    path: 'Time DateTime Get',
    roles: ['User'],
    run: ({ codec }) => {
      const now = codec.now();
      return {
        Day: now.getUTCDate(),
        Hour: now.getUTCHours(),
        Minute: now.getUTCMinutes(),
        Month: now.getUTCMonth() + 1,
        Second: now.getUTCSeconds(),
        Year: now.getUTCFullYear(),
      };
    },
  },
  {
    path: 'SystemUnit Boot',
    roles: ['Integrator', 'User'],
    params: { Action: { values: ['Restart', 'Shutdown'] }, Force: { ...FLAG, since: [10, 0] } },
    run: ({ codec, flag }) => {
      if (codec.faults.inCall && !flag('Force', true)) return new Failure('In a call');
      codec.onBoot('soon');
      return {};
    },
  },
];

/** Fields are [assumed]: no schema tells the shape of results. */
function sessionShape({ id, username, door, remoteAddress, since }: Session): { [name: string]: Shape } {
  return { SessionId: id, Username: username, Type: door, RemoteAddress: remoteAddress, Login: since };
}

/** The owner's texts before (`SignInBanner`) and after the login (`WelcomeBanner`). */
function banners(name: string, which: 'signIn' | 'welcome'): Command[] {
  return [
    {
      path: `SystemUnit ${name} Set`,
      body: true,
      run: ({ codec, body }) => {
        codec.setBanner(which, body);
        return {};
      },
    },
    {
      path: `SystemUnit ${name} Clear`,
      run: ({ codec }) => {
        codec.setBanner(which, '');
        return {};
      },
    },
    {
      path: `SystemUnit ${name} Get`,
      roles: which === 'welcome' ? EVERYBODY : ['User'],
      run: ({ codec }) => ({ BannerText: codec.banners[which] }),
    },
  ];
}
