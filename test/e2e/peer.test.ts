import { fleetVm, type FleetVm } from '../../lab/fleet/index.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const now = Date.now();
const PEERS = ['not-lent', 'opted-out', 'peer'];
/** Of each peer that is named, a VM whose certificate nothing on it may delete. */
const patientOf = (name: string): string => `patient-of-${name}`;
const patient = (name: string): FleetVm => {
  const guarded = fleetVm('rdp-certificate-peer', { now });
  return { ...guarded, spec: { ...guarded.spec, name: patientOf(name) } };
};
const stranger = (name: string, tags: Record<string, string>): FleetVm => {
  const peer = fleetVm('peer', { now });
  return { ...peer, spec: { ...peer.spec, name, tags } };
};

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre(106, {
    fleet: [
      ...PEERS.map(patient),
      fleetVm('peer', { now }),
      stranger('not-lent', {}),
      stranger('opted-out', { 'rdp-medic-peer': 'willing', 'rdp-medic': 'disabled' }),
    ],
  });
});
afterAll(() => theatre.close());

/** Scripts that were put on a VM. */
const scriptsOn = (name: string): string[] =>
  theatre.stage.lab
    .requests()
    .filter(({ method, path }) => method === 'PUT' && path.toLowerCase().includes(`/${name}/runcommands/`))
    .map(({ path }) => path);

it.each([
  ['not-lent', /not used to delete the certificate: .*not allowed it with the tag rdp-medic-peer: willing/],
  ['opted-out', /not used to delete the certificate: .*opted out/],
])('no script runs on a VM that is %s, whoever names it as a peer', async (name, warning) => {
  const { lab } = theatre.stage;
  const record = await theatre.remediate(patientOf(name), {
    mode: 'online',
    options: { peerVmId: lab.vm(name).id },
  });
  expect(record.outcome?.kind).toBe('not-fixed');
  expect(record.warnings.join('\n')).toMatch(warning);
  expect(scriptsOn(name)).toEqual([]);
});

it('one that its owner lends deletes the certificate', async () => {
  const { lab } = theatre.stage;
  const record = await theatre.remediate(patientOf('peer'), {
    mode: 'online',
    options: { peerVmId: lab.vm('peer').id },
  });
  expect(record.outcome?.kind).toBe('repaired-online');
  expect(scriptsOn('peer').length).toBeGreaterThan(0);
});
