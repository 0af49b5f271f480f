/** Registry keys and paths of RDP on a running Windows, as in `guest/lib`. */
export const TERMINAL_SERVER = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server';
export const RDP_TCP = `${TERMINAL_SERVER}\\WinStations\\RDP-Tcp`;
export const TS_POLICY = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services';
export const SCHANNEL_PROTOCOLS =
  'HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols';
export const CIPHER_POLICY =
  'HKLM\\SOFTWARE\\Policies\\Microsoft\\Cryptography\\Configuration\\SSL\\00010002';
export const CIPHER_LIST =
  'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Cryptography\\Configuration\\Local\\SSL\\00010002';
export const GPSVC = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\gpsvc';
export const RDP_CERTIFICATE_KEYS =
  'HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\Remote Desktop\\Certificates';
export const FIREWALL_POLICY_RULES = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\FirewallRules';
export const MACHINE_KEYS = 'C:\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys';
export const FIREWALL_RULES = ['RemoteDesktop-UserMode-In-TCP', 'RemoteDesktop-UserMode-In-UDP'] as const;
export const LISTENER_PROTOCOL = '{5828227c-20cf-4408-b73f-73ab70b8849f}';
export const NETWORK_SERVICE_ACCOUNT = /^NT AUTHORITY\\Network ?Service$/i;
