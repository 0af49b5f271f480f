import { fileOf, setInSystem, softwareHiveOf } from '../../../../lab/fleet/disk/edit.ts';
import {
  addExpiredIssued,
  addManyExpired,
  bindCertificate,
  bindUnreadableCertificate,
  corruptCertificate,
  expired,
  giveCertificate,
  guardStore,
} from '../../../../lab/fleet/faults/certificate.ts';
import type { Fault } from '../../../../lab/fleet/faults/fault.ts';
import {
  addManyKeys,
  denyKeyFromAbove,
  keepKeyFromSystem,
  lockMachineKeys,
  lockRdpKey,
  loseKey,
  refuseOwnershipOfVault,
  removeMachineKeys,
  spoilKey,
  VAULT_ACCOUNT,
  VAULT_KEY,
} from '../../../../lab/fleet/faults/machine-keys.ts';
import { refuse } from '../../../../lab/fleet/faults/refusals.ts';
import { disableService } from '../../../../lab/fleet/faults/services.ts';
import { denyConnections, disableAgent } from '../../../../lab/fleet/faults/settings.ts';
import { disableTls } from '../../../../lab/fleet/faults/tls.ts';
import { storeKey } from '../../../../lab/windows/certificates/store.ts';
import { hiveSubkeys } from '../../../../lab/windows/hive.ts';
import {
  type Group,
  expectRepaired,
  expectRepairedOffline,
  expectRepairedOnline,
  NOW,
  type Case,
} from '../support/stricter.ts';

const expire: Fault = (disk) => {
  giveCertificate(disk, expired(NOW));
};
const byPeer: Case['request'] = (theatre) => ({ options: { peerVmId: theatre.stage.lab.vm('peer').id } });
const domain = {
  domain: 'contoso.example',
  administrators: ['CONTOSO\\PEER$', 'CONTOSO\\Domain Admins'],
};
const ON_PEER = /\/virtualMachines\/peer\/runCommands\//i;
let issued = '';

export const KEYS: Group = {
  title: 'certificate and keys',
  cases: [
    {
      what: 'MachineKeys that SYSTEM and Administrators have lost are given back',
      faults: [lockMachineKeys],
      as: { language: 'de-DE' },
      expect: expectRepairedOnline,
    },
    {
      what: 'MachineKeys that SYSTEM and Administrators have lost are given back on the disk, where no agent answers',
      faults: [lockMachineKeys, disableAgent],
      expect: expectRepairedOffline,
    },
    {
      what: 'a certificate that cannot even be parsed, and that its own machine may not delete, is deleted by a peer',
      faults: [
        (disk) => {
          corruptCertificate(disk, NOW);
        },
        guardStore,
      ],
      as: domain,
      request: byPeer,
      expect: expectRepairedOnline,
    },
    {
      what: 'a peer that is nobody on the other machine is no reason to give up',
      faults: [expire, guardStore],
      request: byPeer,
      expect: expectRepaired,
    },
    {
      what: 'no script runs on the peer for a certificate that the machine itself could have deleted',
      faults: [
        (disk) => {
          bindCertificate(disk, expired(NOW));
          for (const [name, value] of Object.entries({ Start: 2, Type: 16 }))
            setInSystem(disk, 'Services\\Tssdis', name, { type: 'REG_DWORD', value });
        },
      ],
      as: domain,
      request: byPeer,
      expect: ({ record, theatre }) => {
        const begun = Date.parse(record.steps[0]?.startedAt ?? '');
        const onPeer = theatre.stage.lab
          .requests()
          .filter(({ method, path, at }) => method === 'PUT' && at >= begun && ON_PEER.test(path))
          .map(({ path }) => path);
        expect(onPeer).toEqual([]);
      },
    },
    {
      what: 'ninety old certificates in the store do not cost the result of the diagnosis',
      faults: [denyConnections, addManyExpired(90, NOW)],
      expect: expectRepairedOnline,
    },
    {
      what: 'a bound certificate whose key RDP may not read does not keep RDP away',
      faults: [bindUnreadableCertificate(NOW)],
      expect: expectRepairedOnline,
    },
    {
      what: 'a certificate whose key is gone gives way to another',
      faults: [loseKey],
      expect: expectRepairedOnline,
    },
    {
      what: 'a key that other software keeps from SYSTEM stays as it is',
      faults: [lockRdpKey, keepKeyFromSystem],
      expect: (seen) => {
        expectRepairedOnline(seen);
        const { owner, acl } = fileOf(seen.disk, VAULT_KEY);
        expect({ owner, acl }).toEqual({
          owner: VAULT_ACCOUNT,
          acl: [{ sid: VAULT_ACCOUNT, rights: 'F', type: 'allow' }],
        });
      },
    },
    {
      what: 'a key of other software that cannot be taken over does not keep RDP from its own',
      faults: [lockRdpKey, keepKeyFromSystem, refuseOwnershipOfVault],
      expect: expectRepairedOnline,
    },
    {
      what: 'MachineKeys that are gone are made again',
      faults: [removeMachineKeys],
      expect: expectRepaired,
    },
    {
      what: 'a key whose provider says 0x8009001A is moved aside',
      faults: [spoilKey(0x8009001a)],
      expect: expectRepairedOnline,
    },
    {
      what: 'RDP takes up its key again although SessionEnv does not stop',
      faults: [lockRdpKey, refuse('service.stop', { target: 'SessionEnv' })],
      expect: expectRepairedOnline,
    },
    {
      what: 'a folder of very many keys does not take the VM offline',
      faults: [denyConnections, addManyKeys(400, 15)],
      expect: expectRepairedOnline,
    },
    {
      what: 'an entry from above that denies RDP its key is overcome',
      faults: [denyKeyFromAbove],
      expect: expectRepairedOnline,
    },
    {
      what: 'CNG Key Isolation that is disabled does not keep RDP away',
      faults: [disableService('KeyIso')],
      expect: expectRepaired,
    },
    {
      what: 'Cryptographic Services that are disabled do not keep a new certificate from being made',
      faults: [expire, disableService('CryptSvc')],
      expect: expectRepaired,
    },
    {
      what: "an authority's certificate that has expired is left where it lies, on a disk too",
      faults: [
        disableTls,
        disableAgent,
        expire,
        (disk) => {
          issued = addExpiredIssued(disk, NOW);
        },
      ],
      expect: (seen) => {
        expectRepairedOffline(seen);
        expect(hiveSubkeys(softwareHiveOf(seen.disk), storeKey('Remote Desktop'))).toContain(issued);
      },
    },
  ],
};
