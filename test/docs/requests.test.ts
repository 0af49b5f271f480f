import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';
import { createScaledClock } from '../../lab/clock/scaled.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { APPROVER_SECRET } from '../../local/stage.ts';
import { instanceOfRemediation } from '../../shared/model/remediation-id.ts';
import { askedOf } from '../e2e/support/approval.ts';
import { openTheatre, type Theatre } from '../e2e/support/theatre.ts';
import { shellBlocks } from './support/documents.ts';

const BLOCKS = shellBlocks('docs/how-to-send-requests.md');
const block = (about: string): string => BLOCKS.find((text) => text.includes(about)) ?? 'false';

const missing = ['bash', 'curl', 'jq', 'openssl'].filter((tool) => spawnSync(tool, ['--version']).error);
const describeWithTools = missing.length === 0 ? describe : describe.skip;
const why = missing.length === 0 ? '' : ` (skipped: this machine has no ${missing.join(', ')})`;

const TICKET_SECRET = 'a secret of the generic connector';
const now = Date.now();
/** A virtual clock would jump over the time a person takes to answer. */
const clock = createScaledClock({ epoch: now, startedAtRealMs: now, rate: 120 });

describeWithTools(`The shell commands of docs/how-to-send-requests.md, word by word${why}`, () => {
  let theatre: Theatre;
  let variables: Record<string, string>;
  beforeAll(async () => {
    theatre = await openTheatre(210, {
      clock,
      fleet: [fleetVm('tls-agent-not-ready', { now }), fleetVm('healthy', { now })],
      settings: { RDP_MEDIC_SECRET_GENERIC: TICKET_SECRET },
      policy: { approval: { modes: ['full'] } },
    });
    const { url, functionKey } = theatre.stage.host;
    variables = { APP: url, KEY: functionKey, APPROVER: APPROVER_SECRET, SECRET: TICKET_SECRET };
  });
  afterAll(() => theatre.close());

  const vmId = (name: string): string => theatre.stage.lab.vm(name).id;
  const answer = z.looseObject({ id: z.string() });

  /** Types a block into a shell that has its variables; what it prints, as JSON. @throws Error where a command fails */
  async function type(text: string, more: Record<string, string>): Promise<unknown> {
    const env = { PATH: process.env['PATH'], ...variables, ...more };
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', text], { env });
    return JSON.parse(stdout);
  }

  it('are all here', () => {
    expect(BLOCKS).toHaveLength(3);
  });

  it('request a repair, and approve the plan that it waits with', async () => {
    const { id } = answer.parse(await type(block('idempotency-key'), { VM: vmId('tls-agent-not-ready') }));
    expect(await askedOf(theatre, 'tls-agent-not-ready')).toBe(id);
    expect(await type(block('PLAN='), { ID: id })).toEqual({ id, approved: true });
    await theatre.stage.host.finished(instanceOfRemediation(id) ?? id);
    expect(await theatre.rdpOf('tls-agent-not-ready')).toMatchObject({ state: 'healthy' });
  });

  it('sign a ticket', async () => {
    expect(await type(block('SIGNATURE='), { VM: vmId('healthy') })).toMatchObject({ status: 'started' });
  });
});
