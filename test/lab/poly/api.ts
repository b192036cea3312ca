import type { IncomingMessage } from 'node:http';
import type { Asked } from './appliance.ts';
import { cookiesOf, html, json, type Reply } from './reply.ts';
import { ALSO_CURRENT, badRequest, type Device, member } from './resources.ts';
import { rotate, type Session, tokenFits } from './sessions.ts';

const PAGE = '<!DOCTYPE html><html><head><title>Login</title></head><body></body></html>';

/** Who may ask for what: sessions, the XSRF token, then the resource. */
export function answer(device: Device, asked: Asked): Reply {
  if (!asked.path.startsWith('/rest/')) return page(asked);
  const resource = asked.path.slice('/rest/'.length).replace(/\/$/, '');
  const cookies = cookiesOf(asked.request);
  const session = device.sessions.find(cookies.get('session_id'));
  const body = parsed(asked.text);
  const path = resource === 'current/session' ? 'session' : resource;
  const action = member(body, 'action');
  const verifies = action === 'VerifyIdentity' && session !== undefined;
  const isLogin = asked.method === 'POST' && path === 'session' && action !== 'Logout' && !verifies;
  const { dialect } = device;
  if (isLogin) return login(device, { current: resource !== 'session', session, body, location: locationOf(asked) });
  if (!session || !device.sessions.used(session))
    return json(dialect.notLoggedIn, { success: false, reason: 'NotLoggedIn' });

  const changes = asked.method !== 'GET' && asked.method !== 'HEAD';
  if (dialect.xsrf && changes && !tokenFits(session, headerOf(asked.request), cookies.get('XSRF-TOKEN'))) {
    return withToken(forbidden('XSRF token missing or wrong'), session);
  }
  if (changes) rotate(session);
  const reply = verifies ? verified(device, body) : ofSession(device, asked, { resource, session, body });
  return dialect.xsrf && device.sessions.find(session.id) ? withToken(reply, session) : reply;
}

function ofSession(
  device: Device,
  asked: Asked,
  { resource, session, body }: { resource: string; session: Session; body: unknown },
): Reply {
  const { method } = asked;
  const { current, resources, logsOutByDelete = false } = device.dialect;
  const isSession = resource === 'session' || resource === 'current/session';
  if (method === 'POST' && isSession && logsOutByDelete) return badRequest('action');
  const loggingOut =
    (method === 'POST' && isSession) || // A login was answered before.
    (current && method === 'DELETE' && resource === 'current/session');
  if (loggingOut) {
    device.sessions.end(session);
    return json(200, { success: true });
  }
  if (method === 'GET' && resource === 'current/session/sessions') return json(200, sessionList(device));
  const plain = resource.startsWith('current/') ? resource.slice('current/'.length) : resource;
  const known = plain === resource || (current && ALSO_CURRENT.has(plain));
  const odd = device.faults.oddReplies?.[`${method} ${plain}`];
  if (odd && (odd.times === undefined || odd.times-- > 0))
    return { status: odd.status, type: 'text/plain', text: odd.text, cookies: [] };
  const found = known ? resources.get(`${method} ${plain}`) : undefined;
  if (found) {
    const reply = found(device, { session, query: asked.query, body });
    const { rebootStatus } = device.faults;
    return plain === 'system/reboot' && reply.after && rebootStatus
      ? { ...reply, status: rebootStatus, text: '' }
      : reply;
  }
  const elsewhere = known && [...resources.keys()].some((key) => key.endsWith(` ${plain}`));
  return elsewhere
    ? json(405, { success: false, reason: 'MethodNotAllowed' })
    : json(404, { success: false, reason: 'NotFound' });
}

/** `/rest/session` wants `action`; below `/rest/current/` user and password are enough. */
function login(
  device: Device,
  asked: { current: boolean; session: Session | undefined; body: unknown; location: string },
): Reply {
  const { body } = asked;
  if (asked.session) return json(device.dialect.alreadyActive, { success: false, reason: 'SessionAlreadyActive' });
  const action = member(body, 'action');
  if (action !== 'Login' && !(asked.current && action === undefined)) return badRequest('action');
  const user = member(body, 'user');
  const password = member(body, 'password');
  if (typeof user !== 'string' || typeof password !== 'string') return badRequest('user, password');
  const outcome = device.sessions.login(user, password, asked.location);
  const status = (failedLogins: number, loginResult: string) => ({
    failedLogins,
    loginResult,
    isPasswordAgeLimitReached: false,
  });
  if (!outcome.ok) {
    const { failedLogins, reason, result } = outcome;
    return json(403, { success: false, reason: REFUSED[reason], loginStatus: status(failedLogins, result) });
  }
  const { session, failedLogins } = outcome;
  const reply = json(200, {
    success: true,
    session: { ...shown(session), isNew: true },
    loginStatus: status(failedLogins, 'NOLOCKOUT'),
  });
  return device.dialect.xsrf ? withToken(reply, session) : withSession(reply, session);
}

/** That a Group gives its session as a cookie is a guess: clients send it as one. */
function withSession(reply: Reply, session: Session): Reply {
  return { ...reply, cookies: [...reply.cookies, `session_id=${session.id}; Path=/; Secure`] };
}

/** Whether the password is that of the administrator, without a new login; a wrong one counts like a wrong login. */
function verified(device: Device, body: unknown): Reply {
  const password = member(body, 'password');
  if (member(body, 'passwordType') !== 'Admin' || typeof password !== 'string')
    return badRequest('passwordType, password');
  return json(200, { verified: device.sessions.verify(password) });
}

const REFUSED = { credentials: 'InvalidCredentials', locked: 'LockedOut', full: 'MaxSessionsReached' } as const;

function sessionList(device: Device): Record<string, unknown> {
  return { sessionList: device.sessions.list().map(shown) };
}

function shown(session: Session): Record<string, unknown> {
  return {
    clientType: session.clientType,
    isAuthenticated: true,
    isConnected: false,
    isStale: false,
    location: session.location,
    role: 'ADMIN',
    sessionId: session.id,
    userId: session.userId,
  };
}

function page(asked: Asked): Reply {
  const known = ['/', '/index.html', '/login.html'].includes(asked.path);
  return known ? html(PAGE) : { ...html(PAGE), status: 404 };
}

const forbidden = (reason: string): Reply => json(403, { success: false, reason });

function withToken(reply: Reply, session: Session): Reply {
  return { ...reply, cookies: [...reply.cookies, `XSRF-TOKEN=${session.token}; Path=/; Secure`] };
}

function headerOf(request: IncomingMessage): string | undefined {
  const value = request.headers['x-xsrf-token'];
  return typeof value === 'string' ? value : undefined;
}

const locationOf = (asked: Asked): string => asked.request.socket.remoteAddress ?? '';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
