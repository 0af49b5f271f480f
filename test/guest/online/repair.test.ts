import { CAUSES, RED } from './support/causes.ts';
import { faultsOf, onVm } from './support/vm.ts';

describe.each(CAUSES)('$fault', ({ fault, vm: name, script, codes, faults = [] }) => {
  const id = `online/${script}`;

  it('is told by diagnosis, with the script to run', async () => {
    await onVm(name, { faults }, async (vm) => {
      const { findings } = await vm.run('online/diagnose');
      const causes = findings.filter(({ severity }) => severity === 'fault').map(({ cause }) => cause);
      expect([...new Set(faultsOf(findings))]).toEqual(codes);
      expect(new Set(causes)).toEqual(new Set([script]));
    });
  });

  const isRepaired = fault === RED ? it.failing : it;
  isRepaired('is repaired: the own listener shakes hands, and diagnosis finds nothing more', async () => {
    await onVm(name, { faults }, async (vm) => {
      const result = await vm.run(id);
      expect(result).toMatchObject({ ok: true, changed: true, remaining: [] });
      expect([...new Set(faultsOf(result.findings))]).toEqual(codes);
      if (result.restart === 'vm') await vm.restart();

      const { findings, facts } = await vm.run('online/diagnose');
      expect(faultsOf(findings)).toEqual([]);
      expect(facts).toMatchObject({ handshake: 'done', rdpOwner: 'TermService' });
    });
  });

  it('is left alone by a second run', async () => {
    await onVm(name, { faults }, async (vm) => {
      await vm.run(id);
      const before = structuredClone(vm.disk);
      const second = await vm.run(id);
      expect(second).toMatchObject({ ok: true, changed: false, actions: [], remaining: [] });
      expect(faultsOf(second.findings)).toEqual([]);
      expect(vm.disk).toEqual(before);
    });
  });
});
