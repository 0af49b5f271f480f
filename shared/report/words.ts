import type { Tool } from '../model/commands.ts';

/** Where commands are typed. */
export const TOOLS: Readonly<Record<Tool, string>> = {
  az: 'Azure CLI',
  'az-powershell': 'PowerShell (Az module)',
  windows: 'On the VM, in PowerShell as an administrator',
  'rdp-medic': 'RDP Medic command line',
  http: 'RDP Medic API',
};

const ABBREVIATIONS = /\b(acl|bcd|id|nsg|os|rdp|tls|vm)\b/g;

/** `restart-vm` as `Restart VM`; anything that is not such a word stays as it came. */
export function sentenceCase(word: string): string {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(word)) return word;
  const words = word.replaceAll('-', ' ').replace(ABBREVIATIONS, (short) => short.toUpperCase());
  return capitalised(words);
}

/** Of our own words; a foreign first letter stays: some have no capital of one letter. */
export function capitalised(words: string): string {
  return words.replace(/^[a-z]/, (letter) => letter.toUpperCase());
}

/** Words that are capitalised by themselves, within a sentence. */
export function inSentence(words: string): string {
  return words.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}
