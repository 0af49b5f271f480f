import { deleteHiveKey } from '../../../../lab/windows/hive.ts';
import { RDP_TCP, TERMINAL_SERVER } from '../../../../lab/windows/rdp/settings.ts';
import { SERVER_2012_R2 } from '../../../../lab/fleet/disk/options.ts';
import { currentControlSet, setInSystem, systemHiveOf } from '../../../../lab/fleet/disk/edit.ts';
import type { Fault } from '../../../../lab/fleet/faults/fault.ts';
import { installSoftwareByPolicy, loseDomainController } from '../../../../lab/fleet/faults/group-policy.ts';
import { breakWmi, removeProgram } from '../../../../lab/fleet/faults/machine.ts';
import { malformValue, refusePolicyService } from '../../../../lab/fleet/faults/registry.ts';
import { disableAgent, disableListener } from '../../../../lab/fleet/faults/settings.ts';
import { allowOnlyEcdsaByPolicy, disableTls, switchOffAlgorithms } from '../../../../lab/fleet/faults/tls.ts';
import {
  type Group,
  expectRepairedOffline,
  expectRepairedOnline,
  faultsTold,
  type Seen,
} from '../support/stricter.ts';

const removeListener: Fault = (disk) => {
  deleteHiveKey(systemHiveOf(disk), `${currentControlSet(disk)}\\${RDP_TCP}`);
};
const set =
  (key: string, name: string, value: number): Fault =>
  (disk) => {
    setInSystem(disk, key, name, { type: 'REG_DWORD', value });
  };
/** The Group Policy service is as it was, and nobody says that it could not be set back. */
const withPolicyBack = (seen: Seen): void => {
  expectRepairedOnline(seen);
  expect(seen.machine.services.get('gpsvc')).toMatchObject({ startType: 'Automatic', state: 'Running' });
  expect(seen.record.steps.filter(({ state }) => state === 'failed').map(({ title }) => title)).toEqual([]);
};
const inDomain = { domain: 'contoso.example' };

export const SETTINGS: Group = {
  title: 'listener, TLS and policy',
  cases: [
    {
      what: 'a listener whose settings are gone gets them back whole',
      faults: [removeListener],
      expect: expectRepairedOnline,
    },
    {
      what: 'a listener whose settings are gone gets them back whole on the disk, where no agent answers',
      faults: [removeListener, disableAgent],
      expect: (seen) => {
        expectRepairedOffline(seen);
        const key = `HKLM\\SYSTEM\\CurrentControlSet\\${RDP_TCP}`;
        expect(seen.machine.registry.number(key, 'SecurityLayer')).toBe(2);
        expect(seen.machine.registry.number(key, 'MinEncryptionLevel')).toBe(3);
      },
    },
    {
      what: 'one value of the wrong length does not hide what else is wrong',
      faults: [disableListener, malformValue(RDP_TCP, 'MaxIdleTime', 5)],
      expect: expectRepairedOnline,
    },
    {
      what: 'one value of the wrong length does not hide what else is wrong on the disk, where no agent answers',
      faults: [disableListener, malformValue(RDP_TCP, 'MaxIdleTime', 3), disableAgent],
      expect: expectRepairedOffline,
    },
    {
      what: 'Remote Desktop that was switched off as a whole answers again',
      faults: [set(TERMINAL_SERVER, 'TSEnabled', 0)],
      expect: expectRepairedOnline,
    },
    {
      what: 'TLS is in force again although the Group Policy service cannot be held off',
      faults: [disableTls, refusePolicyService],
      expect: expectRepairedOnline,
    },
    {
      what: 'a domain controller out of reach is no failure to set Group Policy back',
      faults: [disableTls, loseDomainController],
      as: inDomain,
      expect: withPolicyBack,
    },
    {
      what: 'a policy that asks whether it may restart the computer holds nothing up',
      faults: [disableTls, installSoftwareByPolicy],
      as: inDomain,
      expect: withPolicyBack,
    },
    {
      what: 'suites that an RSA certificate cannot serve are told to be the fault',
      faults: [allowOnlyEcdsaByPolicy],
      expect: (seen) => {
        expect(faultsTold(seen)).not.toEqual([]);
      },
    },
    {
      what: 'hashes that are switched off in SCHANNEL are told to be the fault',
      faults: [switchOffAlgorithms('Hashes', 'SHA256', 'SHA384')],
      expect: (seen) => {
        expect(faultsTold(seen)).not.toEqual([]);
      },
    },
    {
      what: 'a machine that WMI gives no answers on, and without netsh, is repaired without taking it offline',
      faults: [disableTls, breakWmi, removeProgram('netsh.exe')],
      as: { language: 'de-DE' },
      expect: expectRepairedOnline,
    },
    {
      what: 'what WMI did not answer is never told as no fault',
      faults: [breakWmi, removeProgram('netsh.exe'), allowOnlyEcdsaByPolicy],
      expect: ({ text }) => {
        expect(text).not.toMatch(/no fault (was )?found|found nothing to repair/i);
      },
    },
    {
      what: 'Server 2012 R2 is not taken offline for want of a PowerShell that its scripts can run in',
      faults: [disableTls],
      as: { release: SERVER_2012_R2 },
      expect: ({ kind }) => {
        expect(['repaired-online', 'refused', 'not-fixed']).toContain(kind);
      },
    },
    {
      what: 'network level authentication is left as it was when it is not the fault',
      faults: [set(RDP_TCP, 'fAllowSecProtocolNegotiation', 0), set(RDP_TCP, 'UserAuthentication', 0)],
      expect: (seen) => {
        expectRepairedOnline(seen);
        const key = `HKLM\\SYSTEM\\CurrentControlSet\\${RDP_TCP}`;
        expect(seen.machine.registry.number(key, 'UserAuthentication')).toBe(0);
      },
    },
  ],
};
