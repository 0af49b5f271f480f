import { asItIs, neighbour, REPAIRED, withSettings, type KindGroup } from './kind.ts';

const COMPUTE = 'Microsoft.Compute';

/** Where it stands. All but the first two make a start after a deallocation less sure. */
export const PLACE: KindGroup = {
  name: 'place',
  title: 'Placement',
  kinds: [
    {
      name: 'regional',
      title: 'Regional',
      claims: { zone: 'none' },
      dress: asItIs,
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: '',
    },
    {
      name: 'zonal',
      title: 'In a zone',
      claims: { zone: '1' },
      dress: (spec) => ({ ...spec, zone: '1' }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'Copies and rescue VM are in its zone.',
    },
    {
      name: 'availability-set',
      title: 'Availability set',
      claims: { zone: 'none', host: 'shared' },
      dress: (spec) => ({
        ...spec,
        availabilitySetId: neighbour(spec, `${COMPUTE}/availabilitySets`, 'pair'),
      }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'It can only start in the cluster of its set: the plan says so.',
    },
    {
      name: 'proximity-group',
      title: 'Proximity placement group',
      claims: { zone: 'none', host: 'shared' },
      dress: (spec) =>
        withSettings(spec, {
          proximityPlacementGroup: { id: neighbour(spec, `${COMPUTE}/proximityPlacementGroups`, 'near') },
        }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'It can only start near its group: the plan says so.',
    },
    {
      name: 'dedicated-host',
      title: 'Dedicated host',
      claims: { host: 'dedicated' },
      dress: (spec) =>
        withSettings(spec, { host: { id: neighbour(spec, `${COMPUTE}/hostGroups`, 'own/hosts/one') } }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'Another VM can take its capacity on the host while it is down. The rescue VM does not use the host.',
    },
    {
      name: 'capacity-reservation',
      title: 'Capacity reservation',
      claims: { host: 'shared', disk: 'no-ultra' },
      dress: (spec) =>
        withSettings(spec, {
          capacityReservation: {
            capacityReservationGroup: { id: neighbour(spec, `${COMPUTE}/capacityReservationGroups`, 'kept') },
          },
        }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'Another VM can take its reservation while it is down: the plan says so.',
    },
    {
      name: 'spot',
      title: 'Spot',
      claims: { host: 'shared' },
      dress: (spec) =>
        withSettings(spec, {
          priority: 'Spot',
          evictionPolicy: 'Deallocate',
          billingProfile: { maxPrice: -1 },
        }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'It starts only while Azure has spare capacity: the plan says so.',
    },
    {
      name: 'flexible-scale-set',
      title: 'Scale set with flexible orchestration',
      claims: { host: 'shared' },
      dress: (spec) => ({
        ...withSettings(spec, { platformFaultDomain: 0 }),
        scaleSetId: neighbour(spec, `${COMPUTE}/virtualMachineScaleSets`, 'flex'),
      }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'Automatic repairs of the scale set may replace a VM that is down longer than the grace period.',
    },
  ],
};
