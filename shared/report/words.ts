import type { ProbeState } from '../model/probe.ts';
import type { OutcomeKind, StepState } from '../model/record.ts';

/** What a reader sees at a glance; each has its own colour and sign. */
export type Tone = 'good' | 'warn' | 'bad' | 'plain';

export interface Label {
  readonly text: string;
  readonly tone: Tone;
}

export const OUTCOMES: Readonly<Record<OutcomeKind, Label>> = {
  'repaired-online': { text: 'Repaired', tone: 'good' },
  'repaired-offline': { text: 'Repaired offline', tone: 'good' },
  healthy: { text: 'Healthy', tone: 'good' },
  diagnosed: { text: 'Diagnosed', tone: 'plain' },
  refused: { text: 'Refused', tone: 'warn' },
  'set-by-policy': { text: 'Set by a policy', tone: 'warn' },
  'not-fixed': { text: 'Not fixed', tone: 'bad' },
  failed: { text: 'Failed', tone: 'bad' },
  cancelled: { text: 'Cancelled', tone: 'warn' },
  'rolled-back': { text: 'Rolled back', tone: 'plain' },
};

export const STEP_STATES: Readonly<Record<StepState, Label>> = {
  running: { text: 'Running', tone: 'plain' },
  done: { text: 'Done', tone: 'plain' },
  'not-needed': { text: 'Not needed', tone: 'plain' },
  fixed: { text: 'Fixed', tone: 'good' },
  failed: { text: 'Failed', tone: 'bad' },
  skipped: { text: 'Skipped', tone: 'plain' },
};

export const PROBE_STATES: Readonly<Record<ProbeState, Label>> = {
  healthy: { text: 'RDP answers', tone: 'good' },
  filtered: { text: 'No answer', tone: 'bad' },
  refused: { text: 'Refused', tone: 'bad' },
  'no-tls': { text: 'Answers without TLS', tone: 'warn' },
  'not-rdp': { text: 'Not RDP', tone: 'bad' },
  'negotiation-failed': { text: 'Negotiation fails', tone: 'bad' },
  'tls-failed': { text: 'TLS fails', tone: 'bad' },
  'certificate-expired': { text: 'Certificate out of its time', tone: 'bad' },
  'nla-failed': { text: 'NLA fails', tone: 'bad' },
  'other-machine': { text: 'Another machine', tone: 'warn' },
};

const ABBREVIATIONS = /\b(acl|bcd|id|nsg|os|rdp|tls|vm)\b/g;

/** `restart-vm` as `Restart VM`; anything that is not such a word stays as it came. */
export function sentenceCase(word: string): string {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(word)) return word;
  const words = word.replaceAll('-', ' ').replace(ABBREVIATIONS, (short) => short.toUpperCase());
  return capitalised(words);
}

export function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
