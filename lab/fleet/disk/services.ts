import type { Hive } from '../../windows/disk.ts';
import { dword, expandable, list, text } from './registry-values.ts';

const NETWORK_SERVICE = 'NT AUTHORITY\\NetworkService';
const LOCAL_SERVICE = 'NT AUTHORITY\\LocalService';
const LOCAL_SYSTEM = 'LocalSystem';
const AUTOMATIC = 2;
const MANUAL = 3;

interface ServiceRow {
  name: string;
  /** English, German. */
  display: readonly [string, string];
  start: number;
  account: string;
  needs?: readonly string[];
  /** Group of a shared host; a program of its own without it. */
  host?: string;
  image?: string;
  serviceDll?: string;
  isProtected?: boolean;
}

/** Services of a Windows Server that RDP, its certificate, its policy or its repair touch, with their defaults. */
const SERVICES: readonly ServiceRow[] = [
  {
    name: 'DcomLaunch',
    display: ['DCOM Server Process Launcher', 'DCOM-Server-Prozessstart'],
    start: AUTOMATIC,
    account: LOCAL_SYSTEM,
    host: 'DcomLaunch',
  },
  {
    name: 'RpcEptMapper',
    display: ['RPC Endpoint Mapper', 'RPC-Endpunktzuordnung'],
    start: AUTOMATIC,
    account: NETWORK_SERVICE,
    host: 'RPCSS',
  },
  {
    name: 'RpcSs',
    display: ['Remote Procedure Call (RPC)', 'Remoteprozeduraufruf (RPC)'],
    start: AUTOMATIC,
    account: NETWORK_SERVICE,
    needs: ['RpcEptMapper', 'DcomLaunch'],
    host: 'rpcss',
  },
  {
    name: 'SamSs',
    display: ['Security Accounts Manager', 'Sicherheitskonto-Manager'],
    start: AUTOMATIC,
    account: LOCAL_SYSTEM,
    needs: ['RpcSs'],
    image: '%SystemRoot%\\system32\\lsass.exe',
  },
  {
    name: 'KeyIso',
    display: ['CNG Key Isolation', 'CNG-Schlüsselisolation'],
    start: MANUAL,
    account: LOCAL_SYSTEM,
    needs: ['RpcSs'],
    image: '%SystemRoot%\\system32\\lsass.exe',
  },
  {
    name: 'EventLog',
    display: ['Windows Event Log', 'Windows-Ereignisprotokoll'],
    start: AUTOMATIC,
    account: LOCAL_SERVICE,
    host: 'LocalServiceNetworkRestricted',
  },
  {
    name: 'BFE',
    display: ['Base Filtering Engine', 'Basisfiltermodul'],
    start: AUTOMATIC,
    account: LOCAL_SERVICE,
    needs: ['RpcSs'],
    host: 'LocalServiceNoNetworkFirewall',
  },
  {
    name: 'MpsSvc',
    display: ['Windows Defender Firewall', 'Windows Defender Firewall'],
    start: AUTOMATIC,
    account: LOCAL_SERVICE,
    needs: ['BFE'],
    host: 'LocalServiceNoNetworkFirewall',
  },
  {
    name: 'CryptSvc',
    display: ['Cryptographic Services', 'Kryptografiedienste'],
    start: AUTOMATIC,
    account: NETWORK_SERVICE,
    needs: ['RpcSs'],
    host: 'NetworkService',
  },
  {
    name: 'gpsvc',
    display: ['Group Policy Client', 'Gruppenrichtlinienclient'],
    start: AUTOMATIC,
    account: LOCAL_SYSTEM,
    needs: ['RpcSs'],
    host: 'netsvcs',
  },
  {
    name: 'LanmanWorkstation',
    display: ['Workstation', 'Arbeitsstationsdienst'],
    start: AUTOMATIC,
    account: NETWORK_SERVICE,
    host: 'NetworkService',
  },
  {
    name: 'LanmanServer',
    display: ['Server', 'Server'],
    start: AUTOMATIC,
    account: LOCAL_SYSTEM,
    needs: ['SamSs'],
    host: 'netsvcs',
  },
  {
    name: 'RemoteRegistry',
    display: ['Remote Registry', 'Remoteregistrierung'],
    start: AUTOMATIC,
    account: LOCAL_SERVICE,
    needs: ['RpcSs'],
    host: 'localService',
  },
  {
    name: 'Winmgmt',
    display: ['Windows Management Instrumentation', 'Windows-Verwaltungsinstrumentation'],
    start: AUTOMATIC,
    account: LOCAL_SYSTEM,
    needs: ['RpcSs'],
    host: 'netsvcs',
  },
  {
    name: 'WinDefend',
    display: ['Microsoft Defender Antivirus Service', 'Microsoft Defender Antivirus-Dienst'],
    start: AUTOMATIC,
    account: LOCAL_SYSTEM,
    needs: ['RpcSs'],
    image: '"C:\\Program Files\\Windows Defender\\MsMpEng.exe"',
    isProtected: true,
  },
  {
    name: 'RdAgent',
    display: ['RdAgent', 'RdAgent'],
    start: AUTOMATIC,
    account: LOCAL_SYSTEM,
    image: 'C:\\WindowsAzure\\Packages\\WaAppAgent.exe',
  },
  {
    name: 'WindowsAzureGuestAgent',
    display: ['Windows Azure Guest Agent', 'Windows Azure Guest Agent'],
    start: AUTOMATIC,
    account: LOCAL_SYSTEM,
    image: 'C:\\WindowsAzure\\Packages\\WindowsAzureGuestAgent.exe',
  },
  {
    name: 'W32Time',
    display: ['Windows Time', 'Windows-Zeitgeber'],
    start: MANUAL,
    account: LOCAL_SERVICE,
    host: 'LocalService',
  },
  {
    name: 'seclogon',
    display: ['Secondary Logon', 'Sekundäre Anmeldung'],
    start: MANUAL,
    account: LOCAL_SYSTEM,
    host: 'netsvcs',
  },
  {
    name: 'CertPropSvc',
    display: ['Certificate Propagation', 'Zertifikatverteilung'],
    start: MANUAL,
    account: LOCAL_SYSTEM,
    needs: ['RpcSs'],
    host: 'netsvcs',
  },
  {
    name: 'SessionEnv',
    display: ['Remote Desktop Configuration', 'Konfiguration für Remotedesktops'],
    start: MANUAL,
    account: LOCAL_SYSTEM,
    needs: ['RpcSs', 'LanmanWorkstation'],
    host: 'netsvcs',
  },
  {
    name: 'TermService',
    display: ['Remote Desktop Services', 'Remotedesktopdienste'],
    start: MANUAL,
    account: 'NT Authority\\NetworkService',
    needs: ['RpcSs'],
    host: 'termsvcs',
    serviceDll: '%SystemRoot%\\System32\\termsrv.dll',
  },
  {
    name: 'UmRdpService',
    display: [
      'Remote Desktop Services UserMode Port Redirector',
      'Anschlussumleitung für Remotedesktopdienst im Benutzermodus',
    ],
    start: MANUAL,
    account: LOCAL_SYSTEM,
    needs: ['TermService'],
    host: 'LocalSystemNetworkRestricted',
  },
];

const OWN_PROCESS = 16;
const SHARED_PROCESS = 32;

/** Writes the services below a control set. */
export function writeServices(hive: Hive, controlSet: string, language: 'en-US' | 'de-DE'): void {
  for (const row of SERVICES) {
    const key = `${controlSet}\\Services\\${row.name}`;
    hive[key] = {
      DisplayName: text(row.display[language === 'de-DE' ? 1 : 0]),
      ErrorControl: dword(1),
      ImagePath: expandable(row.image ?? `%SystemRoot%\\system32\\svchost.exe -k ${row.host ?? ''}`),
      ObjectName: text(row.account),
      Start: dword(row.start),
      Type: dword(row.host === undefined || row.name === 'TermService' ? OWN_PROCESS : SHARED_PROCESS),
      ...(row.needs === undefined ? {} : { DependOnService: list(...row.needs) }),
      ...(row.isProtected === true ? { LaunchProtected: dword(3) } : {}),
    };
    if (row.serviceDll !== undefined)
      hive[`${key}\\Parameters`] = {
        ServiceDll: expandable(row.serviceDll),
        ServiceDllUnloadOnStop: dword(1),
      };
  }
}
