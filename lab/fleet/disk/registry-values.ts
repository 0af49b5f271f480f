import type { RegistryValue } from '../../windows/disk.ts';

export const dword = (value: number): RegistryValue => ({ type: 'REG_DWORD', value });
export const text = (value: string): RegistryValue => ({ type: 'REG_SZ', value });
export const expandable = (value: string): RegistryValue => ({ type: 'REG_EXPAND_SZ', value });
export const list = (...value: string[]): RegistryValue => ({ type: 'REG_MULTI_SZ', value });
