import { windowsVolume } from '../../../lab/fleet/disk/edit.ts';
import {
  bindCertificate,
  corruptCertificate,
  damageKey,
  expired,
  inTime,
  rdpKeyPath,
} from '../../../lab/fleet/faults/certificate.ts';
import { makeImages } from '../../../lab/fleet/index.ts';
import { lockMachineKeys } from '../../../lab/fleet/faults/machine-keys.ts';
import { SID } from '../../../lab/windows/sids.ts';
import { RDP_TCP, CURRENT } from './keys.ts';
import { look, verdict } from './rdp-client.ts';
import { createBench, diskOf, NOW, type Bench, type BenchVm, refusal } from './support.ts';

let bench: Bench;
beforeAll(() => {
  bench = createBench();
});
afterAll(() => bench.close());

const systemEvents = (vm: BenchVm): number[] =>
  vm
    .machine()
    .events.query({ log: 'System' })
    .map(({ id }) => id);
const wire = async (vm: BenchVm): Promise<string> => verdict(await look(vm.address), NOW);

describe('the self-signed certificate', () => {
  it('is made anew when it was deleted and SessionEnv starts, and is served then', async () => {
    const vm = await bench.boot('rdp-certificate');
    const { certificates, services, files, info } = vm.machine();
    const [old] = certificates.list('Remote Desktop');
    expect(old).toMatchObject({ selfSigned: true, hasPrivateKey: true });
    certificates.remove('Remote Desktop', old?.thumbprint ?? '');
    expect(await wire(vm)).toBe('expired');

    await services.restart('SessionEnv');
    const [fresh, ...more] = certificates.list('Remote Desktop');
    expect(more).toEqual([]);
    expect(fresh?.thumbprint).not.toBe(old?.thumbprint);
    expect(fresh?.subject).toContain(info.computerName);
    expect(await wire(vm)).toBe('healthy');
    expect(systemEvents(vm)).toContain(1056);
    const keyFile = `C:${rdpKeyPath(vm.disk)}`;
    expect(files.acl(keyFile).entries).toEqual([
      { sid: SID.system, rights: 'F', type: 'allow' },
      { sid: SID.networkService, rights: 'R', type: 'allow' },
    ]);
  });

  it('is left when it has expired, with event 1058: only deleting it makes Windows begin anew', async () => {
    const vm = await bench.boot('rdp-certificate');
    await vm.machine().services.restart('SessionEnv');
    expect(await wire(vm)).toBe('expired');
    expect(systemEvents(vm)).toContain(1058);
  });

  it('cannot be made while SYSTEM may not delete the old key (36870, 1057)', async () => {
    const vm = await bench.boot('machine-keys');
    const { certificates, services } = vm.machine();
    certificates.remove('Remote Desktop', certificates.list('Remote Desktop')[0]?.thumbprint ?? '');
    await services.restart('SessionEnv');
    expect(certificates.list('Remote Desktop')).toEqual([]);
    expect(systemEvents(vm)).toEqual(expect.arrayContaining([36870, 1057]));
    expect(await wire(vm)).toBe('failure 3');
  });

  it('is missing in the negotiation when it is corrupt', async () => {
    const vm = await bench.bootFaulty((disk) => {
      corruptCertificate(disk, NOW);
    });
    expect(vm.machine().certificates.list('Remote Desktop')).toMatchObject([{ corrupt: true }]);
    expect(await wire(vm)).toBe('failure 3');
  });

  it('is made by the first start of a fresh image', async () => {
    const image = makeImages().find(({ sku }) => sku === '2019-datacenter-smalldisk-g2');
    if (!image) throw new Error('the lab has no such image');
    const vm = await bench.boot('rescue', { disk: image.makeDisk('RESCUE') });
    expect(vm.machine().certificates.list('Remote Desktop')).toHaveLength(1);
    expect(await wire(vm)).toBe('healthy');
  });

  it('is made anew when its key file is gone', async () => {
    const vm = await bench.boot('healthy');
    const { certificates, files, services } = vm.machine();
    const before = certificates.list('Remote Desktop')[0]?.thumbprint;
    files.move(`C:${rdpKeyPath(vm.disk)}`, 'C:\\Windows\\Temp\\old-key');
    await services.restart('SessionEnv');
    expect(certificates.list('Remote Desktop')).toHaveLength(1);
    expect(certificates.list('Remote Desktop')[0]?.thumbprint).not.toBe(before);
    expect(await wire(vm)).toBe('healthy');
  });
});

describe('the private key', () => {
  it('that is damaged cuts the handshake off; moved aside, SessionEnv makes another', async () => {
    const vm = await bench.bootFaulty(damageKey);
    expect(await wire(vm)).toBe('tls-cut');
    expect(systemEvents(vm)).toContain(36870);
    const { files, services } = vm.machine();
    files.move(`C:${rdpKeyPath(vm.disk)}`, 'C:\\Windows\\Temp\\damaged-key');
    await services.restart('SessionEnv');
    expect(await wire(vm)).toBe('healthy');
  });

  it('is read when TermService starts: permissions alone do not help the running one', async () => {
    const vm = await bench.boot('machine-keys');
    const { files, services } = vm.machine();
    const key = `C:${rdpKeyPath(vm.disk)}`;
    files.takeOwnership(key);
    files.grant(key, SID.networkService, 'R');
    expect(files.canRead(key, SID.networkService)).toBe(true);
    expect(await wire(vm)).toBe('tls-cut');
    await services.restart('TermService', { force: true });
    expect(await wire(vm)).toBe('healthy');
  });
});

describe('a bound certificate', () => {
  it('is served instead of the self-signed one, expired or not', async () => {
    const vm = await bench.bootFaulty((disk) => {
      bindCertificate(disk, expired(NOW));
    });
    expect(await wire(vm)).toBe('expired');
    const { registry, services } = vm.machine();
    registry.deleteValue(`${CURRENT}\\${RDP_TCP}`, 'SSLCertificateSHA1Hash');
    await services.restart('TermService', { force: true });
    expect(await wire(vm)).toBe('healthy');
  });

  it('that is not there gives way to the self-signed one, with event 1051', async () => {
    const vm = await bench.bootFaulty((disk) => {
      const thumbprint = bindCertificate(disk, inTime(NOW));
      const { files } = windowsVolume(disk);
      const key = Object.keys(files).find((path) => path.endsWith(thumbprint.slice(0, 8).toLowerCase()));
      Reflect.deleteProperty(files, key ?? '');
    });
    expect(await wire(vm)).toBe('healthy');
    expect(systemEvents(vm)).toContain(1051);
  });
});

describe('the certificate store from another machine', () => {
  it('can be emptied by a peer that the domain allows, though nothing local may', async () => {
    const target = await bench.boot('rdp-certificate-peer');
    const peer = await bench.boot('peer');
    const { certificates, services, registry } = target.machine();
    const thumbprint = certificates.list('Remote Desktop')[0]?.thumbprint ?? '';
    expect(
      refusal(() => {
        certificates.remove('Remote Desktop', thumbprint);
      }),
    ).toBe(5);
    expect(
      refusal(() => {
        registry.deleteKey(
          `HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\Remote Desktop\\Certificates\\${thumbprint}`,
        );
      }),
    ).toBe(5);

    const remote = await peer.machine().certificates.openRemote(target.address, 'Remote Desktop');
    remote.remove(remote.list()[0]?.thumbprint ?? '');
    expect(certificates.list('Remote Desktop')).toEqual([]);
    await services.restart('SessionEnv');
    expect(await wire(target)).toBe('healthy');
  });

  it('refuses SYSTEM of a machine outside the domain (5)', async () => {
    const target = await bench.boot('rdp-certificate-peer');
    const stranger = await bench.boot('healthy');
    await expect(
      stranger.machine().certificates.openRemote(target.address, 'Remote Desktop'),
    ).rejects.toMatchObject({ code: 5 });
  });

  it('needs Remote Registry there (1722) and a machine at the address (53)', async () => {
    const target = await bench.boot('rdp-certificate-peer');
    const { certificates } = (await bench.boot('peer')).machine();
    await target.machine().services.stop('RemoteRegistry');
    await expect(certificates.openRemote(target.address, 'Remote Desktop')).rejects.toMatchObject({
      code: 1722,
    });
    await expect(certificates.openRemote('127.1.2.3', 'Remote Desktop')).rejects.toMatchObject({ code: 53 });
  });
});

describe('permissions of MachineKeys', () => {
  it('keep even SYSTEM out until the file is taken over', async () => {
    const disk = diskOf('healthy');
    lockMachineKeys(disk);
    const { files } = (await bench.boot('healthy', { disk })).machine();
    const folder = 'C:\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys';
    const key = `C:${rdpKeyPath(disk)}`;
    expect(refusal(() => files.list(folder))).toBe(5);
    expect(refusal(() => files.acl(key))).toBe(5);
    expect(
      refusal(() => {
        files.grant(key, SID.networkService, 'R');
      }),
    ).toBe(5);

    files.takeOwnership(folder);
    files.takeOwnership(key);
    expect(files.acl(key).owner).toBe(SID.administrators);
    files.grant(folder, SID.system, 'F');
    files.grant(key, SID.networkService, 'R');
    expect(files.list(folder)).toHaveLength(3);
    expect(files.canRead(key, SID.networkService)).toBe(true);
  });

  it('let a denial win over a grant beside it, and a grant of its own over an inherited denial', async () => {
    const vm = await bench.boot('healthy');
    const { files } = vm.machine();
    files.makeDirectory('C:\\Windows\\Temp\\a');
    files.writeText('C:\\Windows\\Temp\\a\\b.txt', 'text');
    files.grant('C:\\Windows\\Temp\\a\\b.txt', SID.networkService, 'R');
    files.deny('C:\\Windows\\Temp\\a', SID.networkService, 'F');
    expect(files.canRead('C:\\Windows\\Temp\\a\\b.txt', SID.networkService)).toBe(true);
    files.deny('C:\\Windows\\Temp\\a\\b.txt', SID.networkService, 'R');
    expect(files.canRead('C:\\Windows\\Temp\\a\\b.txt', SID.networkService)).toBe(false);
    files.removeEntries('C:\\Windows\\Temp\\a\\b.txt', SID.networkService, 'deny');
    expect(files.canRead('C:\\Windows\\Temp\\a\\b.txt', SID.networkService)).toBe(true);
  });

  it('do not pile up when the same right is granted twice', async () => {
    const { files } = (await bench.boot('healthy')).machine();
    files.grant('C:\\Windows\\Temp', SID.networkService, 'R');
    files.grant('C:\\Windows\\Temp', SID.networkService, 'R');
    expect(files.acl('C:\\Windows\\Temp').entries).toEqual([
      { sid: SID.networkService, rights: 'R', type: 'allow' },
    ]);
    files.grant('C:\\Windows\\Temp', SID.networkService, 'F');
    expect(files.acl('C:\\Windows\\Temp').entries).toEqual([
      { sid: SID.networkService, rights: 'F', type: 'allow' },
    ]);
  });
});
