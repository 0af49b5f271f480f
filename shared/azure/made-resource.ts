import { shortHashOf } from '../model/remediation-id.ts';

/** What a resource made by a remediation is for. */
export type Role =
  | 'snapshot'
  | 'rehearsal-snapshot'
  | 'rehearsal-disk'
  | 'repair-disk'
  | 'key-check-disk'
  | 'rescue-vm'
  | 'rescue-os-disk'
  | 'rescue-nic'
  | 'original-disk'
  | 'run-command';

export const TAGS = {
  remediation: 'rdp-medic-remediation',
  role: 'rdp-medic-role',
  expires: 'rdp-medic-expires',
  deployment: 'rdp-medic-deployment',
} as const;

/**
 * Who makes a resource, and until when it may live (ISO 8601): what its name and tags are derived from. Of two deployments in one
 * subscription each cleans up after itself alone.
 */
export interface Maker {
  deployment: string;
  remediationId: string;
  expiresAt: string;
}

/** A name derived from the remediation and the role: an activity that runs twice meets what it made the first time. */
export function madeName({ remediationId }: Pick<Maker, 'remediationId'>, role: Role): string {
  return `${prefixOf(remediationId)}${role}`;
}

/** Whether a name is the one that this remediation gives to what has this role: tags alone are copied easily. */
export function hasMadeName(name: string, remediationId: string, role: string): boolean {
  return name.toLowerCase() === `${prefixOf(remediationId)}${role}`;
}

function prefixOf(remediationId: string): string {
  return `rdp-medic-${shortHashOf(remediationId)}-`;
}

/** Tags on everything made: the janitor goes by them (docs/decisions/0006). */
export function madeTags(
  { deployment, remediationId, expiresAt }: Maker,
  role: Role,
): Record<string, string> {
  return {
    [TAGS.deployment]: deployment,
    [TAGS.remediation]: remediationId,
    [TAGS.role]: role,
    [TAGS.expires]: expiresAt,
  };
}

/** The most tags that Azure takes on a resource (learn.microsoft.com, tag-resources, limitations). */
const MOST_TAGS = 50;

/**
 * As `madeTags`, with the tags of what it is made for, since a policy may demand some on everything (microsoft/AzureTRE#2890): as many as
 * there is room for. Those that let a VM be repaired, or lent as a peer, are no rescue VM's.
 */
export function madeTagsLike(
  source: Readonly<Record<string, string>> | undefined,
  maker: Maker,
  role: Role,
): Record<string, string> {
  const own = madeTags(maker, role);
  const isRescue = role.startsWith('rescue-');
  const taken = Object.entries(source ?? {}).filter(
    ([name]) => !(name in own) && !(isRescue && name.toLowerCase().startsWith('rdp-medic')),
  );
  return { ...Object.fromEntries(taken.slice(0, MOST_TAGS - Object.keys(own).length)), ...own };
}
