/** A Windows as its installation medium or its image made it. */
export interface WindowsRelease {
  productName: string;
  editionId: string;
  build: number;
  /** `SanPolicy` of partmgr: 1 brings every new disk online, 2 leaves shared ones offline. */
  sanPolicy: 1 | 2;
}

export interface DiskOptions {
  computerName: string;
  generation: 'V1' | 'V2';
  release: WindowsRelease;
  /** GPT disk GUID in braces, or MBR signature as eight hex digits. */
  identity: string;
  language: 'en-US' | 'de-DE';
  /** Writes down which control sets there are; the last one is the current one. Default `[1]`. */
  controlSets?: readonly number[];
  /** DNS name; a workgroup without it. */
  domain?: string;
}

/** Windows 6.3 with PowerShell 4: Run Command does not support it any more. */
export const SERVER_2012_R2: WindowsRelease = {
  productName: 'Windows Server 2012 R2 Datacenter',
  editionId: 'ServerDatacenter',
  build: 9600,
  sanPolicy: 1,
};
/** Its .NET offers SSL 3.0 and TLS 1.0 only where a program names no protocols. */
export const SERVER_2016: WindowsRelease = {
  productName: 'Windows Server 2016 Datacenter',
  editionId: 'ServerDatacenter',
  build: 14_393,
  sanPolicy: 1,
};
export const SERVER_2019: WindowsRelease = {
  productName: 'Windows Server 2019 Datacenter',
  editionId: 'ServerDatacenter',
  build: 17_763,
  sanPolicy: 2,
};
export const SERVER_2022: WindowsRelease = {
  productName: 'Windows Server 2022 Datacenter',
  editionId: 'ServerDatacenter',
  build: 20_348,
  sanPolicy: 1,
};
export const SERVER_2025: WindowsRelease = {
  productName: 'Windows Server 2025 Datacenter',
  editionId: 'ServerDatacenter',
  build: 26_100,
  sanPolicy: 1,
};
