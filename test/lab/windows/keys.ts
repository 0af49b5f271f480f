/** Keys below a control set, written out here so that the lab's own constants are judged by them. */
export const TERMINAL_SERVER = 'Control\\Terminal Server';
export const RDP_TCP = 'Control\\Terminal Server\\WinStations\\RDP-Tcp';
export const SCHANNEL_SERVER = (version: string): string =>
  `Control\\SecurityProviders\\SCHANNEL\\Protocols\\${version}\\Server`;
/** The same for a running machine. */
export const CURRENT = 'HKLM\\SYSTEM\\CurrentControlSet';
