import { createScaledClock } from '../../lab/clock/scaled.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { remediationRecordSchema, type RemediationRecord } from '../../shared/model/record.ts';
import { askedOf, planOf } from './support/approval.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const now = Date.now();
/** A virtual clock would jump over the time a person takes to answer. */
const clock = createScaledClock({ epoch: now, startedAtRealMs: now, rate: 120 });

let theatre: Theatre;
beforeAll(async () => {
  const patient = (name: string) => {
    const vm = fleetVm('tls-agent-not-ready', { now });
    return { ...vm, spec: { ...vm.spec, name } };
  };
  theatre = await openTheatre(9, {
    clock,
    fleet: [patient('approved'), patient('refused')],
    policy: { approval: { modes: ['full'] } },
  });
});
afterAll(() => theatre.close());

async function waiting(name: string): Promise<RemediationRecord> {
  const id = await askedOf(theatre, name);
  const answer = await theatre.stage.call('GET', `/api/remediations/${id}`);
  return remediationRecordSchema.parse(await answer.json());
}

/** What is tried over HTTP to have it approved otherwise. */
async function expectNobodyElseApproves(id: string): Promise<void> {
  const { stage } = theatre;
  const path = `/api/remediations/${id}/approval`;
  const yes = { approved: true, plan: await planOf(theatre, id) };
  const answers = [
    // By the function key alone.
    await stage.call('POST', path, yes),
    // For another plan, and for none.
    await stage.callAsApprover('POST', path, { ...yes, plan: '0'.repeat(64) }),
    await stage.callAsApprover('POST', path, { approved: true }),
    // In somebody else's name.
    await stage.callAsApprover('POST', path, { ...yes, by: 'the CIO' }),
    // By a link, or its preview.
    await stage.callAsApprover('GET', `${path}?approved=true&plan=${yes.plan}`),
  ];
  expect(answers.map(({ status }) => status)).toEqual([403, 409, 400, 400, 405]);
  const record: unknown = await (await stage.call('GET', `/api/remediations/${id}`)).json();
  expect(record).toMatchObject({ phase: 'approval' });
}

describe('where the policy asks for approval', () => {
  it('the VM is taken offline once a person has said yes', async () => {
    const ended = theatre.remediate('approved');
    const { id, plan } = await waiting('approved');
    expect(plan?.lines.join('\n')).toMatch(/Change on the disk, as rehearsed: set Enabled in .*TLS 1\.2/);
    expect(theatre.stage.lab.vm('approved').power).toBe('running');
    await expectNobodyElseApproves(id);
    const answer = await theatre.stage.callAsApprover('POST', `/api/remediations/${id}/approval`, {
      approved: true,
      plan: await planOf(theatre, id),
    });
    expect(answer.status).toBe(202);
    const record = await ended;
    expect(record.outcome).toMatchObject({ kind: 'repaired-offline' });
    expect(record.steps.find((step) => step.id === 'approval')?.detail).toBe(
      'Approved by someone with the approver secret.',
    );
  });

  it('a no leaves the VM as it was found', async () => {
    const disk = theatre.osDiskOf('refused').id;
    const ended = theatre.remediate('refused');
    const { id } = await waiting('refused');
    await theatre.stage.callAsApprover('POST', `/api/remediations/${id}/approval`, {
      approved: false,
      plan: await planOf(theatre, id),
    });
    expect((await ended).outcome).toMatchObject({ kind: 'not-fixed' });
    expect(theatre.osDiskOf('refused').id).toBe(disk);
    expect(theatre.leftovers()).toEqual([]);
  });
});
