/**
 * How long an operation usually takes, in seconds, by what begins it: when it is first worth asking whether it has ended. Typical figures
 * of activity logs for small VMs, which no service level promises (lab/arm/timings.ts); afterwards Azure's own Retry-After holds.
 */
const USUAL: Readonly<Record<string, number>> = {
  'POST deallocate': 45,
  'POST powerOff': 25,
  'POST start': 40,
  'POST restart': 35,
  'POST attachDetachDataDisks': 10,
  'PUT snapshots': 20,
  'PUT disks': 30,
  'PATCH disks': 3,
  'PATCH virtualMachines': 15,
  'DELETE virtualMachines': 40,
  'DELETE disks': 5,
  'DELETE snapshots': 5,
  'DELETE runCommands': 5,
  'DELETE networkInterfaces': 6,
  'PUT networkInterfaces': 4,
  'PUT securityRules': 4,
  'DELETE securityRules': 6,
};

/** Type and name of the resource, child and action; an action stands alone at the end. */
const PATH = /\/providers\/[^/]+\/(?<rest>[^?]+)/i;

/** The usual duration of what this request begins, in seconds; `undefined` where nothing is known of it. */
export function usualSeconds({ method, url }: { method: string; url: string }): number | undefined {
  const parts = PATH.exec(url)?.groups?.['rest']?.split('/') ?? [];
  const what = method === 'POST' ? parts.at(-1) : parts.at(-2);
  return USUAL[`${method} ${what ?? ''}`];
}
