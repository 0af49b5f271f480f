import { LAB_GROUP_ID, LAB_SUBSCRIPTION } from '../../../../lab/arm/start-lab.ts';

/** One published example and the call that must answer in its form. */
export interface ContractRow {
  /** File name without `.json`. */
  example: string;
  method: string;
  path: string;
  body?: unknown;
  status: number;
  /** Members the example has and the lab does not: features of Azure the lab leaves out. */
  without?: RegExp;
}

export const SUBSCRIPTION = `/subscriptions/${LAB_SUBSCRIPTION}`;
export const COMPUTE = `${LAB_GROUP_ID}/providers/Microsoft.Compute`;
export const NETWORK = `${LAB_GROUP_ID}/providers/Microsoft.Network`;

/** Which api-version goes with which path; the first that fits. */
export const VERSIONS: readonly [RegExp, string][] = [
  [/Microsoft\.Authorization\/locks/, '2020-05-01'],
  [/Microsoft\.Authorization/, '2022-04-01'],
  [/Microsoft\.Network/, '2026-01-01'],
  [/Microsoft\.Compute\/skus\b/, '2021-07-01'],
  [/\/(disks|snapshots)\b/, '2026-03-02'],
  [/Microsoft\.Compute/, '2026-04-01'],
  [/./, '2025-04-01'],
];

export const get = (example: string, path: string, without?: RegExp): ContractRow => ({
  example,
  method: 'GET',
  path,
  status: 200,
  ...(without && { without }),
});

export const post = (example: string, path: string, body?: unknown): ContractRow => ({
  example,
  method: 'POST',
  path,
  status: 202,
  body,
});

export const remove = (example: string, path: string): ContractRow => ({
  example,
  method: 'DELETE',
  path,
  status: 202,
});
