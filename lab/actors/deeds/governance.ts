import { denyAssignmentId } from '../../arm/access/deny-assignments.ts';
import { groupOf, isWithin, parseResourceId } from '../../arm/store/resource-id.ts';
import { idOf, type Scene } from '../scene.ts';
import type { VerbEntry } from './verb.ts';

const AUTHORIZATION = 'providers/Microsoft.Authorization';
const DENY_ASSIGNMENTS = `${AUTHORIZATION}/denyAssignments`;
/** "Add or replace a tag on resources", effect *modify*. */
const TAG_POLICY =
  '/providers/Microsoft.Authorization/policyDefinitions/5ffd78d9-436d-4b41-a421-5baa819e3008';

const LEVELS = new Map([
  ['readonly', 'ReadOnly'],
  ['cannotdelete', 'CanNotDelete'],
]);

async function patchTags(
  { azure }: Scene,
  scope: string,
  operation: 'Merge' | 'Delete',
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  await azure.change('PATCH', `${scope}/providers/Microsoft.Resources/tags/default`, {
    operation,
    properties: { tags },
  });
}

/** Locks, rights, tags and policies. */
export const GOVERNANCE = {
  lock: {
    usage: 'lock ReadOnly|CanNotDelete [vm|disk|group|…]',
    words: [1, 2],
    async run(scene, [level = '', what = 'vm']) {
      const known = LEVELS.get(level.toLowerCase());
      if (known === undefined) throw new RangeError(`There is no lock '${level}'.`);
      await scene.azure.change('PUT', `${idOf(scene, what)}/${AUTHORIZATION}/locks/set-by-hand`, {
        properties: { level: known, notes: 'Set by hand.' },
      });
    },
  },
  /** Takes off every lock on the VM's group and on what is in it. */
  unlock: {
    usage: 'unlock',
    words: [0, 0],
    async run({ azure, context, vmId }) {
      const locks = context.store.locks.within('/').filter(({ scope }) => isWithin(scope, groupOf(vmId)));
      for (const { id } of locks) await azure.change('DELETE', id);
    },
  },
  /** Takes the role away from the service's identity wherever it reaches the VM, or, with an action, gives it one without that action. */
  revoke: {
    usage: 'revoke [<action>]',
    words: [0, 1],
    async run({ azure, context, vmId }, [action]) {
      const { roles } = context;
      for (const assignment of roles.assignments.filter(({ scope }) => isWithin(vmId, scope))) {
        const { name, scope } = assignment;
        if (action !== undefined) {
          const { Actions, NotActions } = roles.permissionsOf(assignment);
          const narrower = `${name}-without-${toName(action)}`;
          const roleDefinitionId = `${scope}/${AUTHORIZATION}/roleDefinitions/${narrower}`;
          await azure.change('PUT', roleDefinitionId, {
            properties: { permissions: [{ actions: Actions, notActions: [...NotActions, action] }] },
          });
          await azure.change('PUT', `${scope}/${AUTHORIZATION}/roleAssignments/${narrower}`, {
            properties: { roleDefinitionId },
          });
        }
        // Azure does not let an assignment change its role.
        await azure.change('DELETE', `${scope}/${AUTHORIZATION}/roleAssignments/${name}`);
      }
    },
  },
  /** Gives the role again, on the VM's subscription. */
  grant: {
    usage: 'grant',
    words: [0, 0],
    async run({ azure, vmId }) {
      const subscription = parseResourceId(vmId)?.subscriptionId ?? '';
      const assignment = `${AUTHORIZATION}/roleAssignments/given-again-${subscription}`;
      await azure.change('PUT', `/subscriptions/${subscription}/${assignment}`, { properties: {} });
    },
  },
  /** What a deployment stack with deny settings does, to everybody. */
  deny: {
    usage: 'deny <action> [vm|disk|group|…]',
    words: [1, 2],
    async run(scene, [action = '', what = 'vm']) {
      const id = `${idOf(scene, what)}/${DENY_ASSIGNMENTS}/stack-${toName(action)}`;
      await scene.azure.change('PUT', id, { properties: { permissions: [{ actions: [action] }] } });
    },
  },
  /** Takes away every deny assignment on the VM's group and on what is in it. */
  allow: {
    usage: 'allow',
    words: [0, 0],
    async run({ azure, context, vmId }) {
      const there = context.denyAssignments.filter(({ scope }) => isWithin(scope, groupOf(vmId)));
      for (const one of there) await azure.change('DELETE', denyAssignmentId(one));
    },
  },
  tag: {
    usage: 'tag [vm|disk|…] <name>=<value>…',
    words: [0, 1],
    needsSettings: true,
    run: (scene, [what = 'vm'], tags) => patchTags(scene, idOf(scene, what), 'Merge', tags),
  },
  /** With the values they have, or any. */
  untag: {
    usage: 'untag [vm|disk|…] <name>=…',
    words: [0, 1],
    needsSettings: true,
    run: (scene, [what = 'vm'], tags) => patchTags(scene, idOf(scene, what), 'Delete', tags),
  },
  /** From now on each write in the VM's group gets these tags. */
  policy: {
    usage: 'policy <name>=<value>…',
    words: [0, 0],
    needsSettings: true,
    async run({ azure, vmId }, _words, tags) {
      for (const [tagName, tagValue] of Object.entries(tags)) {
        await azure.change(
          'PUT',
          `${groupOf(vmId)}/${AUTHORIZATION}/policyAssignments/tag-${toName(tagName)}`,
          {
            properties: {
              policyDefinitionId: TAG_POLICY,
              parameters: { tagName: { value: tagName }, tagValue: { value: tagValue } },
            },
          },
        );
      }
    },
  },
} satisfies Record<string, VerbEntry>;

function toName(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
