/**
 * Completes package-lock.json after `npm install` against a registry that holds only some platforms' builds: npm then
 * leaves out the optional packages of the others, and `npm ci` refuses the file everywhere. The versions are the exact
 * ones that the parent package names; integrity is left to npm, which checks what the registry itself states.
 * Run it after every change of dependencies: node scripts/complete-lock.js
 */
import { readFileSync, writeFileSync } from 'node:fs';

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
  Object.entries(optionalDependencies).flatMap(([name, range]) => {
    if (lock.packages[`node_modules/${name}`] || lock.packages[`${path}/node_modules/${name}`]) return [];
    const words = name.split('/').at(-1).split('-');
    const os = words.find((word) => SYSTEMS.includes(word));
    const cpu = words.find((word) => PROCESSORS.includes(word));
    if (!os) return [];
    const libc = os === 'linux' ? { libc: [words.at(-1).startsWith('musl') ? 'musl' : 'glibc'] } : {};
    const entry = {
      version: range.replace(/^[\^~]/, ''),
      ...(cpu ? { cpu: [cpu] } : {}),
      dev: true,
      ...libc,
      optional: true,
      os: [os],
    };
    return [[`node_modules/${name}`, entry]];
  }),
);
const [root, ...rest] = [...Object.entries(lock.packages), ...added];
rest.sort(([a], [b]) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries([root, ...rest]);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added.length} entries added\n`);
