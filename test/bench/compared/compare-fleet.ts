import { LAB_GROUP_ID, startLab, type Lab } from '../../../lab/arm/start-lab.ts';
import { createVirtualClock } from '../../../lab/clock/virtual.ts';
import { fleetVm, makeCauseVms, makeFleet, makeImages, type FleetVm } from '../../../lab/fleet/index.ts';
import { createGuestFactory } from '../../../lab/windows/factory.ts';
import { giveWriter } from '../../../lab/windows/writer.ts';
import { ADMIN_ADDRESS, openStage } from '../../../local/stage.ts';
import { measureRdpMedic } from './by-rdp-medic.ts';
import { measureVmRepair } from './by-vm-repair.ts';
import { START } from '../repair.ts';
import type { Compared } from './document.ts';

/** VMs of the fleet that a repair makes well, and that write something all the time. */
export function comparable(now: number): FleetVm[] {
  return [...makeFleet({ now }), ...makeCauseVms({ now })]
    .filter(({ expected: { kind } }) => kind === 'repaired-online' || kind === 'repaired-offline')
    .map(({ spec: { name } }) => fleetVm(name, { now, faults: [giveWriter] }));
}

/** Repairs each VM by both, one after the other, each on its own lab. */
export async function compareFleet(
  place: { folder: string; storage: string },
  fleetAt = comparable,
): Promise<Compared[]> {
  const start = START;
  const fleet = fleetAt(start);
  const names = fleet.map(({ spec }) => spec.name);

  const clock = createVirtualClock(start);
  const peer = makeFleet({ now: start }).filter(({ spec }) => spec.name === 'peer');
  const stage = await openStage({ ...place, clock, fleet: [...fleet, ...peer], probeSeconds: 2 });
  const medic: Compared['medic'][] = [];
  try {
    for (const name of names) medic.push(await measureRdpMedic(stage, name));
  } finally {
    await stage.close();
  }

  const lab = await openLab(fleetAt(start), start);
  const vmRepair: Compared['vmRepair'][] = [];
  try {
    for (const name of names) vmRepair.push(await measureVmRepair(lab, name));
  } finally {
    await lab.close();
  }
  return fleet.flatMap(({ spec: { name }, brokenBy }, index) => {
    const [ours, theirs] = [medic[index], vmRepair[index]];
    return ours && theirs ? [{ name, brokenBy, medic: ours, vmRepair: theirs }] : [];
  });
}

function openLab(fleet: FleetVm[], start: number): Promise<Lab> {
  return startLab({
    clock: createVirtualClock(start),
    guests: createGuestFactory({ engine: 'model' }),
    probeSource: ADMIN_ADDRESS,
    assignedScopes: [LAB_GROUP_ID],
    fleet: async (lab) => {
      lab.addImage(...makeImages());
      for (const { spec } of fleet) await lab.addVm(spec);
    },
  });
}
