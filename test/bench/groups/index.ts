import type { Measurement } from '../row.ts';

interface Group {
  readonly name: string;
  readonly title: string;
  /** Gives its measurement, with the storage account that it has to itself. Loaded in its own process alone. */
  readonly load: () => Promise<(storage: string) => Promise<Measurement>>;
  /** Whether it is too long to be run twice each time. */
  readonly once?: boolean;
  /** How large the JavaScript heap may become, in megabytes, where its process is to show that it needs no more. */
  readonly heap?: number;
}

/** In the order of the table. */
export const GROUPS: readonly Group[] = [
  {
    name: 'repairs',
    title: 'Every fault of the fleet, by the whole service on a virtual clock',
    load: async () => (await import('./repairs.ts')).measure,
  },
  {
    name: 'offline',
    title: 'Downtime of offline repairs of a VM that is deallocated',
    load: async () => (await import('./offline.ts')).measureOffline('deallocate'),
  },
  {
    name: 'offline-power-off',
    title: 'Downtime of offline repairs of a VM that is powered off',
    load: async () => (await import('./offline.ts')).measureOffline('powerOff'),
  },
  {
    name: 'compared',
    title: 'Beside az vm repair',
    load: async () => (await import('./compared.ts')).measure,
  },
  {
    name: 'history',
    title: 'History of one repair after the other',
    load: async () => (await import('./history.ts')).measure,
  },
  {
    name: 'scale',
    title: 'What Azure lets a crowd of repairs ask for',
    load: async () => (await import('./scale.ts')).measure,
  },
  {
    name: 'package',
    title: 'The package that is deployed',
    load: async () => (await import('./package.ts')).measure,
  },
  {
    name: 'house',
    title: 'Our own house',
    load: async () => (await import('./house.ts')).measure,
  },
  {
    name: 'storm',
    title: 'A storm of VMs in four subscriptions',
    load: async () => (await import('./storm.ts')).measure,
    once: true,
    heap: 260,
  },
];
