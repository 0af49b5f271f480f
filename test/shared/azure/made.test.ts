import { LAB_GROUP_ID } from '../../../lab/arm/start-lab.ts';
import { beginDeleteResource, readKind } from '../../../shared/azure/made-kinds.ts';
import {
  hasMadeName,
  madeName,
  madeTags,
  madeTagsLike,
  type Role,
} from '../../../shared/azure/made-resource.ts';
import { listTagged, listTaggedScripts, taggedOf } from '../../../shared/azure/made-resources.ts';
import { beginRelease, beginSweep, listVms } from '../../../shared/azure/sweepable.ts';
import { instanceIdOf } from '../../../shared/model/remediation-id.ts';
import { windowsVm } from '../../lab/arm/support/lab.ts';
import { codeOf, MAKER, startAzureBench, type AzureBench } from './bench.ts';

const WHERE = { subscriptionId: LAB_GROUP_ID.split('/')[2] ?? '', resourceGroup: 'rg-fleet' };
const { deployment, remediationId } = MAKER;

describe('what a remediation made', () => {
  const name = madeName(MAKER, 'repair-disk');
  const seen = { id: '/disks/x', name, tags: madeTags(MAKER, 'repair-disk'), usedBy: null };

  it('has the name of its remediation and role, in any case of letters', () => {
    expect(hasMadeName(name.toUpperCase(), remediationId, 'repair-disk')).toBe(true);
    expect(hasMadeName(`${name}2`, remediationId, 'repair-disk')).toBe(false);
    expect(hasMadeName(name, 'vm-2', 'repair-disk')).toBe(false);
    expect(hasMadeName(name, remediationId, 'original-disk')).toBe(false);
  });

  it('is ours by tags and name; a script by its tags, since it is called after itself', () => {
    expect(taggedOf(seen, deployment)).toMatchObject([{ ownName: true, expiresAt: MAKER.expiresAt }]);
    expect(taggedOf({ ...seen, name: 'database' }, deployment)).toMatchObject([{ ownName: false }]);
    const tags = madeTags(MAKER, 'run-command');
    const script = { ...seen, name: 'probe', tags, id: '/virtualMachines/web/runCommands/probe' };
    expect(taggedOf(script, deployment)).toMatchObject([{ ownName: true }]);
    expect(taggedOf({ ...script, id: '/disks/probe' }, deployment)).toMatchObject([{ ownName: false }]);
    expect(taggedOf({ ...script, tags: seen.tags }, deployment)).toMatchObject([{ ownName: false }]);
  });

  it('is nobody’s without an id, a name, or the tags of this deployment', () => {
    const { id: _id, ...noId } = seen;
    const { name: _name, ...noName } = seen;
    const { tags: _tags, ...noTags } = seen;
    for (const one of [
      noId,
      noName,
      noTags,
      { ...seen, tags: { ...seen.tags, 'rdp-medic-remediation': '' } },
    ])
      expect(taggedOf(one, deployment)).toEqual([]);
    expect(taggedOf(seen, 'elsewhere')).toEqual([]);
  });

  it('bears the tags of what it is made for, as many as there is room for, and never another’s of ours', () => {
    const owner = { owner: 'finance', 'rdp-medic': 'enabled', 'RDP-Medic-peer': 'willing' };
    expect(madeTagsLike(owner, MAKER, 'repair-disk')).toEqual({
      ...owner,
      ...madeTags(MAKER, 'repair-disk'),
    });
    expect(madeTagsLike(owner, MAKER, 'rescue-vm')).toEqual({
      owner: 'finance',
      ...madeTags(MAKER, 'rescue-vm'),
    });
    const others = madeTags({ ...MAKER, remediationId: 'vm-2' }, 'original-disk');
    expect(madeTagsLike(others, MAKER, 'repair-disk')).toEqual(madeTags(MAKER, 'repair-disk'));
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`t${String(index)}`, 'x']));
    expect(Object.keys(madeTagsLike(many, MAKER, 'snapshot'))).toHaveLength(50);
  });
});

describe('in Azure', () => {
  let bench: AzureBench;
  beforeEach(async () => {
    bench = await startAzureBench();
  });
  afterEach(() => bench.close());

  const azure = () => bench.acting.azure;
  const osDiskId = () => bench.vm().properties.storageProfile?.osDisk?.managedDisk?.id ?? '';
  const release = (id: string) =>
    beginRelease(azure(), deployment, { id, remediationId, role: 'original-disk' });

  function markDisk(role: Role): string {
    bench.lab.disk(osDiskId()).tags = { owner: 'finance', ...madeTags(MAKER, role) };
    return osDiskId();
  }

  it('a rescue VM is used by nobody, its network card by it', async () => {
    await bench.lab.addVm(windowsVm('rescue', { tags: madeTags(MAKER, 'rescue-vm') }));
    const vmId = bench.lab.vm('rescue').id;
    const nicId = bench.lab.vm('rescue').properties.networkProfile?.networkInterfaces?.[0]?.id ?? '';
    const nic = bench.lab.store.networkInterfaces.get(nicId);
    nic.tags = madeTags(MAKER, 'rescue-nic');
    const found = await listTagged(azure(), deployment, WHERE);
    expect(found.map(({ id, usedBy }) => [id.toLowerCase(), usedBy?.toLowerCase() ?? null])).toEqual([
      [vmId.toLowerCase(), null],
      [nicId.toLowerCase(), vmId.toLowerCase()],
    ]);
  });

  it('a VM of a remediation bears no OS disk that is its owner’s, any other does', async () => {
    await bench.lab.addVm(windowsVm('rescue', { tags: madeTags(MAKER, 'rescue-vm') }));
    const { vms } = await listVms(azure(), WHERE);
    const idOf = (name: string): string => instanceIdOf(bench.lab.vm(name).id.toLowerCase());
    expect(vms).toHaveLength(2);
    expect(vms).toContainEqual({ instanceId: idOf('web'), osDiskId: osDiskId().toLowerCase() });
    expect(vms).toContainEqual({ instanceId: idOf('rescue'), osDiskId: null });
  });

  it('a disk under a VM is not swept, and is its owner’s again where the VM boots from it', async () => {
    const id = markDisk('original-disk');
    expect(await readKind(azure(), id)).toMatchObject({ usedBy: expect.stringMatching(/\/web$/i) });
    const judged = { id, remediationId, role: 'original-disk' };
    expect(await codeOf(beginSweep(azure(), deployment, judged))).toBe('AzureRefused');
    await bench.done(release(id));
    expect(bench.lab.disk(id).tags).toEqual({ owner: 'finance' });
  });

  it('a disk keeps its tags where no VM boots from it', async () => {
    const id = markDisk('original-disk');
    const kept = bench.lab.disk(id).tags;
    // Attached as a data disk only, by the word of the VM.
    const other = await bench.finish(
      bench.compute.disks.createOrUpdate('rg-fleet', 'other', {
        location: bench.vm().location,
        creationData: { createOption: 'Empty' },
        diskSizeGB: 8,
      }),
    );
    const osDisk = bench.vm().properties.storageProfile?.osDisk;
    if (osDisk) osDisk.managedDisk = { id: other.id ?? '' };
    expect(await release(id)).toMatchObject({ done: true });
    delete bench.lab.disk(id).managedBy;
    expect(await release(id)).toMatchObject({ done: true });
    expect(bench.lab.disk(id).tags).toEqual(kept);
  });

  it('a disk keeps its tags where it is exported, or the VM that had it is gone', async () => {
    const id = markDisk('original-disk');
    const kept = bench.lab.disk(id).tags;
    bench.lab.disk(id).managedBy = `${bench.vmId}-gone`;
    expect(await release(id)).toMatchObject({ done: true });
    delete bench.lab.disk(id).managedBy;
    bench.lab.disk(id).exported = true;
    expect(await release(id)).toMatchObject({ done: true });
    expect(bench.lab.disk(id).tags).toEqual(kept);
  });

  it('a network card on no VM is used by nobody', async () => {
    const nicId = bench.vm().properties.networkProfile?.networkInterfaces?.[0]?.id ?? '';
    const { virtualMachine: _, ...card } = structuredClone(bench.lab.store.networkInterfaces.get(nicId));
    const name = madeName(MAKER, 'rescue-nic');
    const id = nicId.replace(/[^/]+$/, name);
    bench.lab.store.networkInterfaces.put({
      ...card,
      id,
      name,
      tags: madeTags(MAKER, 'rescue-nic'),
    });
    expect(await readKind(azure(), id)).toMatchObject({ usedBy: null });
  });

  it('a script is found on its VM, read and removed, once', async () => {
    await bench.finish(
      bench.compute.virtualMachineRunCommands.createOrUpdate('rg-fleet', 'web', 'left', {
        location: bench.vm().location,
        source: { script: 'exit 0' },
        tags: madeTags(MAKER, 'run-command'),
      }),
    );
    const [script, ...more] = await listTaggedScripts(azure(), deployment, bench.vmId);
    expect(more).toEqual([]);
    expect(script).toMatchObject({ role: 'run-command', ownName: true, usedBy: null });
    const id = script?.id ?? '';
    expect(await readKind(azure(), id)).toMatchObject({ name: 'left', usedBy: null });
    await bench.done(beginDeleteResource(azure(), id));
    expect(await readKind(azure(), id)).toBeUndefined();
    expect(await beginDeleteResource(azure(), id)).toMatchObject({ done: true });
    expect(bench.lab.store.virtualMachines.find(bench.vmId)).toBeDefined();
  });

  it('nothing is deleted that is gone, or that no remediation makes', async () => {
    expect(await beginDeleteResource(azure(), `${osDiskId()}-gone`)).toMatchObject({ done: true });
    const vault = `${LAB_GROUP_ID}/providers/Microsoft.KeyVault/vaults/secrets`;
    expect(await codeOf(beginDeleteResource(azure(), vault))).toBe('Internal');
    expect(bench.lab.requests().filter(({ method }) => method === 'DELETE')).toEqual([]);
  });
});
