import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, LOOPBACK } from './xrdp-server.ts';

/*
 * Other people's RDP programs, which know nothing of ours: Debian's packages freerdp2-x11, freerdp2-shadow-x11 (with
 * xvfb for a screen) and nmap.
 */

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;
const hasScreen = has('Xvfb');
export const INSTALLED = {
  xfreerdp: hasScreen && has('xfreerdp'),
  nmap: has('nmap'),
  shadow: hasScreen && has('freerdp-shadow-cli'),
} as const;

/** A silent server is waited for without end: then the client is stopped. */
const PATIENCE_MS = 15_000;

/** A screen nobody sees, and a home that is thrown away: what FreeRDP wants before it connects. */
export interface Desk {
  environment: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

export async function openDesk(): Promise<Desk> {
  const home = await mkdtemp(join(tmpdir(), 'freerdp-test-'));
  const options = ['-displayfd', '3', '-screen', '0', '640x480x24', '-nolisten', 'tcp'];
  const screen = spawn('Xvfb', options, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const pipe = screen.stdio[3];
  if (!pipe) throw new Error('Xvfb has no pipe to name its display by');
  const [display] = await once(pipe, 'data');
  return {
    environment: { ...process.env, HOME: home, DISPLAY: `:${String(display).trim()}` },
    close: async () => {
      const ended = once(screen, 'exit');
      screen.kill();
      await ended;
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Of a client that had no last word within its time. */
export const NO_ANSWER = 'no answer';

/** How far a real client gets with a name and a password that are wrong, in FreeRDP's own words. */
export async function askXfreerdp({ environment }: Desk, address: string, port = 3389): Promise<string> {
  const options = ['/u:nobody', '/p:wrong', '/d:', '/cert:ignore', '/auth-only', '/log-level:WARN'];
  // Without TLS it would go on by RDP's own encryption, as no current client does.
  const child = spawn('xfreerdp', [`/v:${address}:${String(port)}`, '-sec-rdp', ...options], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (said += chunk.toString('latin1')));
  }
  const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await once(child, 'close');
  clearTimeout(patience);
  // The exit code of `/auth-only` is not to be relied upon; the last error is what a user would see.
  return [...said.matchAll(/ERRCONNECT_(\w+)/g)].at(-1)?.[1] ?? NO_ANSWER;
}

/**
 * What `rdp-ntlm-info` of nmap reads from an NTLM challenge; nothing where it gets none. One address at a time: among
 * several, nmap takes a TLS error of one for another's.
 */
export async function askNmap(address: string, port = 3389): Promise<ReadonlyMap<string, string>> {
  const options = ['-Pn', '-n', '-sT', '-p', String(port), '--script', '+rdp-ntlm-info'];
  const child = spawn('nmap', [...options, address], { stdio: ['ignore', 'pipe', 'ignore'] });
  const facts = new Map<string, string>();
  for await (const line of createInterface(child.stdout)) {
    const [, key, value] = /^\|[ _] +(\w+): (.+)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) facts.set(key, value);
  }
  return facts;
}

/** It sometimes reads a colour depth of 0 from its screen, and gives up. */
const SHADOW_STARTS = 20;

/** FreeRDP's own server, which demands NLA: a CredSSP and NTLM that nobody here has written. */
export async function startShadowServer({
  environment,
}: Desk): Promise<{ port: number; close(): Promise<void> }> {
  const port = await freePort();
  const options = [`/port:${String(port)}`, `/bind-address:${LOOPBACK}`, '+auth', '/sec:nla'];
  for (let start = 1; start <= SHADOW_STARTS; start++) {
    const child = spawn('freerdp-shadow-cli', options, { env: environment, stdio: 'ignore' });
    const ended = once(child, 'exit');
    // It says nowhere that it listens; a first connection that says nothing does it no harm.
    while (child.exitCode === null && !(await connects(port))) await sleep(50);
    if (child.exitCode !== null) continue;
    return {
      port,
      close: async () => {
        child.kill('SIGKILL');
        await ended;
      },
    };
  }
  throw new Error('freerdp-shadow-cli does not start');
}

async function connects(port: number): Promise<boolean> {
  const socket = connect({ host: LOOPBACK, port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
