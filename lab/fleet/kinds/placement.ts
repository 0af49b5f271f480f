import { asItIs, neighbour, REPAIRED, withSettings, type KindGroup } from './kind.ts';

const COMPUTE = 'Microsoft.Compute';

/** Where it stands. All but the first two make a start after a deallocation less sure. */
export const PLACE: KindGroup = {
  name: 'place',
  title: 'Place',
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
      note: 'It starts in the cluster of its set or not at all: said in the plan.',
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
      note: 'It starts where its group stands or not at all: said in the plan.',
    },
    {
      name: 'dedicated-host',
      title: 'Dedicated host',
      claims: { host: 'dedicated' },
      dress: (spec) =>
        withSettings(spec, { host: { id: neighbour(spec, `${COMPUTE}/hostGroups`, 'own/hosts/one') } }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'Its room on the host is free while it is down. The rescue VM is not put there.',
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
      note: 'A VM that is down gives its unit to whoever asks first: said in the plan.',
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
      note: 'It starts only while Azure has capacity to spare: said in the plan.',
    },
    {
      name: 'flexible-scale-set',
      title: 'Scale set of flexible orchestration',
      claims: { host: 'shared' },
      dress: (spec) => ({
        ...withSettings(spec, { platformFaultDomain: 0 }),
        scaleSetId: neighbour(spec, `${COMPUTE}/virtualMachineScaleSets`, 'flex'),
      }),
      swap: REPAIRED,
      rebuild: REPAIRED,
      note: 'Automatic repairs of the scale set may replace a VM that is down for longer than their grace period.',
    },
  ],
};
