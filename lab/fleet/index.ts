import type { Lab } from '../arm/start-lab.ts';
import { makeFleet, makeRefusedVms } from './fleet.ts';
import { makeImages } from './images.ts';

export { fleetVm, makeAdviceVms, makeCauseVms, makeFleet, makeRefusedVms } from './fleet.ts';
export type { FleetVm } from './fleet-vm.ts';
export { makeImages } from './images.ts';

/** Puts the images and the whole fleet into a lab; for `startLab({ fleet: fillFleet })`. */
export async function fillFleet(lab: Lab): Promise<void> {
  lab.addImage(...makeImages());
  for (const { spec } of makeFleet({ now: lab.clock.now() })) await lab.addVm(spec);
}

/** As `fillFleet`, with the VMs that preflight must refuse. */
export async function fillFleetAndRefused(lab: Lab): Promise<void> {
  await fillFleet(lab);
  for (const { spec } of makeRefusedVms({ now: lab.clock.now() })) await lab.addVm(spec);
}
