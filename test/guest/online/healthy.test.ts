import { GUEST_SCRIPTS } from '../../../shared/catalog/guest-scripts.ts';
import { faultsOf, onVm } from './support/vm.ts';

const SCRIPTS = GUEST_SCRIPTS.map(({ id }) => id).filter(
  (id) => id.startsWith('online/') && id !== 'online/peer-certificate',
);

/** Healthy Windows of two versions. */
describe.each(['healthy', 'peer'])('on the VM %s', (name) => {
  it.each(SCRIPTS)('%s finds no fault and changes nothing', async (id) => {
    await onVm(name, {}, async (vm) => {
      const before = structuredClone(vm.disk);
      const result = await vm.run(id);
      expect(result).toMatchObject({ script: id, ok: true, changed: false, restart: 'none', remaining: [] });
      expect(faultsOf(result.findings)).toEqual([]);
      expect(vm.disk).toEqual(before);
    });
  });
});
