// `npm run lock`: package-lock.json anew, whole for every platform.
//
// npm leaves out of the lock what its registry has not, such as builds for other systems where a mirror keeps only ours, and `npm ci`
// then refuses the lock as incomplete. Their entries are added from what the packages themselves say of them.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = 'package-lock.json';
const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32', 'wasi', 'wasm32'];
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32'];

execFileSync(process.execPath, [process.env.npm_execpath, 'install', '--package-lock-only', '--ignore-scripts'], { stdio: 'inherit' });
const lock = JSON.parse(readFileSync(FILE, 'utf8'));
for (const [path, one] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(one.optionalDependencies ?? {})) {
    const own = `${path}/node_modules/${name}`;
    const shared = `node_modules/${name}`;
    if (!/^\d/.test(version) || lock.packages[own] || lock.packages[shared]?.version === version) continue; // a range is in the lock
    const place = lock.packages[shared] ? own : shared;
    const parts = name.split('/').at(-1).split('-');
    const os = SYSTEMS.filter((system) => parts.includes(system));
    const cpu = PROCESSORS.filter((processor) => parts.includes(processor));
    if (!os.length && !cpu.length) throw new Error(`${name} is for no platform that this script knows.`);
    const libc = parts.includes('musl') ? ['musl'] : parts.includes('gnu') || parts.includes('gnueabihf') ? ['glibc'] : undefined;
    lock.packages[place] = { version, ...(cpu.length && { cpu }), ...(one.dev && { dev: true }), ...(libc && { libc }), optional: true, ...(os.length && { os }) };
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
