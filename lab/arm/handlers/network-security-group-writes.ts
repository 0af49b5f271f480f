import type { Context } from '../context.ts';
import { ArmError } from '../errors.ts';
import { ok, type ArmAnswer, type ArmRequest } from '../http.ts';
import { anotherOperationInProgress } from '../network/busy.ts';
import { nsgBodySchema } from '../network/network-schema.ts';
import { nsgToWire } from '../network/network-wire.ts';
import { requireNetworkEtag } from '../network/precondition.ts';
import { refuseClash, requireComplete } from '../network/rule-checks.ts';
import { PATHS, type Route } from '../route.ts';
import { nameOf, sameId } from '../store/resource-id.ts';
import type { NetworkSecurityGroup } from '../store/resources.ts';
import { requireGroup, touch } from '../store/store.ts';
import { SECONDS } from '../timings.ts';
import { readBody } from '../wire.ts';

const TYPE = 'Microsoft.Network/networkSecurityGroups';
const ONE = `${PATHS.groupNetwork}/networkSecurityGroups/:name`;

/** Whole groups; the service itself changes single rules only. */
export const networkSecurityGroupWriteRoutes: Route[] = [
  { method: 'PUT', path: ONE, action: `${TYPE}/write`, handle: createOrUpdate },
  { method: 'DELETE', path: ONE, action: `${TYPE}/delete`, handle: remove },
];

function createOrUpdate(request: ArmRequest, context: Context): ArmAnswer {
  const { store, operations } = context;
  const body = readBody(nsgBodySchema, request.body);
  requireGroup(store, request.target);
  const existing = store.networkSecurityGroups.find(request.target);
  requireNetworkEtag(request, existing);
  const nsg: NetworkSecurityGroup = existing ?? {
    id: request.target,
    name: nameOf(request.target),
    type: TYPE,
    location: body.location,
    provisioningState: 'Updating',
    revision: 0,
    rules: [],
    resourceGuid: context.newId(),
  };
  const rules = (body.properties?.securityRules ?? []).map(({ name = '', properties }) => ({
    name,
    properties,
  }));
  for (const rule of rules) {
    requireComplete(nsg, rule);
    refuseClash(rules, rule);
  }
  const operation = operations.begin(request, {
    family: 'network',
    location: nsg.location,
    exclusive: nsg.id,
    busy: anotherOperationInProgress,
    async work({ pass }) {
      await pass(SECONDS.networkWrite);
      nsg.rules = rules;
      if (body.tags) nsg.tags = body.tags;
      nsg.provisioningState = 'Succeeded';
      touch(nsg);
      return ok(nsgToWire(store, nsg));
    },
    failed: () => {
      nsg.provisioningState = 'Failed';
    },
  });
  nsg.provisioningState = 'Updating';
  store.networkSecurityGroups.put(nsg);
  return { status: existing ? 200 : 201, body: nsgToWire(store, nsg), operation };
}

function remove(request: ArmRequest, { store, operations }: Context): ArmAnswer {
  requireGroup(store, request.target);
  const nsg = store.networkSecurityGroups.find(request.target);
  if (!nsg) return { status: 204 };
  const user = store.networkInterfaces
    .within('/')
    .find(({ properties }) => sameId(properties.networkSecurityGroup?.id, nsg.id));
  if (user) {
    throw new ArmError(
      400,
      'InUseNetworkSecurityGroupCannotBeDeleted',
      `Network security group ${nsg.id} cannot be deleted because it is in use by the following resources: ${user.id}. In order to delete the Network security group, remove the association with the resource(s). To learn how to do this, see aka.ms/deletensg.`,
      { details: [] },
    );
  }
  const operation = operations.begin(request, {
    family: 'network',
    location: nsg.location,
    exclusive: nsg.id,
    busy: anotherOperationInProgress,
    async work({ pass }) {
      await pass(SECONDS.networkDelete);
      store.networkSecurityGroups.remove(nsg.id);
      return { status: 200 };
    },
  });
  nsg.provisioningState = 'Deleting';
  return { status: 202, operation };
}
