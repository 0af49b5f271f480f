import type { Context } from './context.ts';
import { loadStore, saveStore, type LabState } from './store/state.ts';

/** @throws Error while operations run: what they wait for lives in this process alone */
export function save({ store, operations, addresses, activity }: Context): LabState {
  const [running] = operations.running();
  if (running) throw new Error(`The lab cannot be saved while an operation on ${running.target} runs.`);
  return {
    version: 1,
    addressPrefix: addresses.prefix,
    addressesGiven: addresses.given(),
    resources: saveStore(store),
    activity: structuredClone([...activity.all()]),
  };
}

/** Puts a saved lab back, with its running VMs running. */
export async function resume({ store, addresses, machines }: Context, state: LabState): Promise<void> {
  loadStore(store, state, addresses.prefix);
  for (const vm of store.virtualMachines.within('/')) {
    if (vm.power === 'running') await machines.powerOn(vm, { settled: true });
  }
}
