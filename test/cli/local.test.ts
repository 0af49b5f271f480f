import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { fleetVm } from '../../lab/fleet/index.ts';
import { askRdp } from '../../local/demo/fleet-view.ts';
import { remediationRecordSchema, type RemediationRecord } from '../../shared/model/record.ts';
import { CTRL_C, inTerminal, openTerminal, run } from './support/command.ts';
import { openOwnLab, type OwnLab } from './support/own-lab.ts';

const now = Date.now();
const VMS = ['tls', 'tls-agent-not-ready', 'rdp-certificate', 'rdp-security-layer'];

const hostSchema = z.object({ url: z.url(), key: z.string() });

let own: OwnLab;
beforeAll(async () => {
  own = await openOwnLab(VMS.map((name) => fleetVm(name, { now }).spec));
});
afterAll(() => own.close());

const recordIn = (output: string): RemediationRecord => remediationRecordSchema.parse(JSON.parse(output));
const made = (): string[] =>
  own.lab
    .resources()
    .filter(({ tags }) => tags?.['rdp-medic-role'] !== undefined)
    .map(({ tags }) => tags?.['rdp-medic-role'] ?? '')
    .sort();

describe('repair --local, on Azure with the user’s own sign-in', () => {
  inTerminal(
    'asks before it begins and before the VM is restarted, shows each step, and ends well',
    async () => {
      const terminal = openTerminal(['repair', '--local', 'tls'], own.env);
      await terminal.until(/Repair tls\? .*you are asked first.*\[y\/N\]/);
      terminal.type('y\n');
      await terminal.until(/Live page: http/);
      await signsInToPage();
      await terminal.until(/Plan\r?\n {2}Check how RDP responds/);
      await terminal.until(/found: the protocol is disabled for servers/);
      await terminal.until(/⠋|⠙|⠹|⠸|⠼|⠴|⠦|⠧|⠇|⠏/);
      await terminal.until(/Restart tls now\? .*\[y\/N\]/);
      terminal.type('y\n');
      await terminal.until(/tls: Repaired online \(\d+:\d\d\)\. /);
      await terminal.until(/RDP before: TLS handshake fails/);
      await terminal.until(/Report: rdp-medic report --local vm-/);
      await terminal.until(/as files: (\S+)/);
      expect(await terminal.ended()).toBe(0);
      expect(await askRdp(own.lab, 'tls')).toMatchObject({ state: 'healthy' });
    },
  );

  inTerminal('stands still when it is interrupted, and goes on with the next call', async () => {
    const terminal = openTerminal(['repair', '--local', 'tls-agent-not-ready', '--yes'], own.env);
    await terminal.until(/tls-agent-not-ready: .*rescue VM/i);
    terminal.type(CTRL_C);
    await terminal.until(/Interrupted: the remediation of tls-agent-not-ready is paused/);
    await terminal.until(/Resume it with: rdp-medic watch --local vm-/);
    expect(await terminal.ended()).toBe(130);

    const { output, code } = await run(
      ['watch', '--local', 'tls-agent-not-ready', '--yes', '--json'],
      own.env,
    );
    expect(recordIn(output)).toMatchObject({ outcome: { kind: 'repaired-offline' } });
    expect(code).toBe(0);
    expect(await askRdp(own.lab, 'tls-agent-not-ready')).toMatchObject({ state: 'healthy' });
  });

  it('survives the death of its process, and goes on with the next call', async () => {
    const killed = run(['repair', '--local', 'rdp-certificate', '--yes'], own.env);
    await untilMade('run-command');
    process.kill(own.hostPid(), 'SIGKILL');
    expect((await killed).code).toBeNull();

    const again = await run(['repair', '--local', 'rdp-certificate', '--yes', '--json'], own.env);
    expect(recordIn(again.output)).toMatchObject({ attempt: 1, outcome: { kind: 'repaired-online' } });
    expect(again.errors).toMatch(/is already being remediated: following that remediation/);
    expect(await askRdp(own.lab, 'rdp-certificate')).toMatchObject({ state: 'healthy' });
  });

  it('rehearses with --dry-run: the record alone goes into a pipe, plain lines beside it, and the VM is as it was', async () => {
    const { code, output, errors } = await run(
      ['repair', '--local', 'rdp-security-layer', '--dry-run', '--json'],
      own.env,
    );
    const record = recordIn(output);
    expect(code).toBe(0);
    expect(record).toMatchObject({ request: { mode: 'rehearse' }, outcome: { kind: 'diagnosed' } });
    expect(output.trimEnd()).not.toContain('\n');
    expect(errors).toMatch(/· Check RDP \(\d+:\d\d\)\n/);
    expect(errors).not.toContain('\x1b');
    expect((await askRdp(own.lab, 'rdp-security-layer')).state).not.toBe('healthy');
  });

  it('asks nobody where nobody sits: it says what is missing, and starts nothing', async () => {
    const { code, errors } = await run(['repair', '--local', 'rdp-security-layer'], own.env);
    expect(code).toBe(2);
    expect(errors).toMatch(
      /This is not an interactive terminal, so there is no prompt\.\nUse --yes, or --dry-run/,
    );
  });

  it('knows afterwards what was done, and leaves nothing behind but the ways back', async () => {
    const list = await run(['list', '--local'], own.env);
    expect(list.output).toMatch(/^tls +rg-fleet .* Repaired online +vm-/m);
    expect(list.output).toMatch(/^tls-agent-not-ready +rg-fleet .* Repaired offline +vm-/m);
    const [kept = ''] = readdirSync(join(own.state, 'local/remediations'));
    expect(readdirSync(join(own.state, 'local/remediations', kept))).toEqual(
      expect.arrayContaining(['evidence', 'record.json', 'report.html']),
    );
    const report = await run(['report', '--local', 'tls-agent-not-ready'], own.env);
    expect(report.output).toMatch(/^# tls-agent-not-ready: Repaired offline\n/);
    expect(made()).toEqual(['original-disk', 'snapshot', 'snapshot', 'snapshot']);
  });
});

/** With the key of the host that --local runs, and no setting. */
async function signsInToPage(): Promise<void> {
  const { url, key } = hostSchema.parse(JSON.parse(readFileSync(join(own.state, 'local/host.json'), 'utf8')));
  const headers = { 'x-functions-key': key, 'x-rdp-medic-page': '1' };
  const signedIn = await fetch(`${url}/page/sign-in`, { method: 'POST', headers, body: '{}' });
  expect(signedIn.status).toBe(200);
  const cookie = signedIn.headers.get('set-cookie') ?? '';
  const list = await fetch(`${url}/page/api/remediations`, { headers: { cookie } });
  expect(list.status).toBe(200);
}

/** Waits until something of this role has been made for a remediation. */
async function untilMade(role: string): Promise<void> {
  for (let tries = 0; tries < 4000; tries++) {
    if (
      own.lab
        .requests()
        .some(
          ({ method, path }) =>
            method === 'PUT' && path.includes('/runCommands/') && path.includes('rdp-certificate'),
        )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`No ${role} was made.`);
}
