import type { Context } from '../context.ts';
import { requireRegion } from '../compute/locations.ts';
import { ok, type ArmAnswer, type ArmRequest } from '../http.ts';
import { anotherOperationInProgress } from '../network/busy.ts';
import { networkBodySchema, publicIpBodySchema } from '../network/network-schema.ts';
import { networkToWire, publicIpToWire } from '../network/network-wire.ts';
import { requireNetworkEtag } from '../network/precondition.ts';
import { PATHS, type Route } from '../route.ts';
import type { JsonValue } from '../store/json.ts';
import { nameOf } from '../store/resource-id.ts';
import type { PublicIpAddress, VirtualNetwork } from '../store/resources.ts';
import { requireGroup, touch } from '../store/store.ts';
import { SECONDS } from '../timings.ts';
import { readBody } from '../wire.ts';

const NETWORK = 'Microsoft.Network/virtualNetworks';
const PUBLIC_IP = 'Microsoft.Network/publicIPAddresses';

/** What others make for a VM of their own, and the service never does (REST API, Virtual Networks and Public IP Addresses - Create Or Update). */
export const networkWriteRoutes: Route[] = [
  {
    method: 'PUT',
    path: `${PATHS.groupNetwork}/virtualNetworks/:name`,
    action: `${NETWORK}/write`,
    handle: putNetwork,
  },
  {
    method: 'PUT',
    path: `${PATHS.groupNetwork}/publicIPAddresses/:name`,
    action: `${PUBLIC_IP}/write`,
    handle: putPublicIp,
  },
];

function putNetwork(request: ArmRequest, context: Context): ArmAnswer {
  const { location, tags, properties } = readBody(networkBodySchema, request.body);
  const network: VirtualNetwork = {
    ...base(request, context, location, context.store.virtualNetworks.find(request.target), NETWORK),
    ...(tags && { tags }),
    addressPrefixes: properties.addressSpace.addressPrefixes,
    subnets: (properties.subnets ?? []).map(
      ({ name, properties: { addressPrefix, networkSecurityGroup } }) => ({
        name,
        addressPrefix,
        ...(networkSecurityGroup && { networkSecurityGroup: networkSecurityGroup.id }),
      }),
    ),
  };
  return write(request, context, network, () => {
    context.store.virtualNetworks.put(network);
    return networkToWire(network);
  });
}

function putPublicIp(request: ArmRequest, context: Context): ArmAnswer {
  const { location, tags, zones, sku, properties } = readBody(publicIpBodySchema, request.body);
  const existing = context.store.publicIpAddresses.find(request.target);
  const publicIp: PublicIpAddress = {
    ...existing,
    ...base(request, context, location, existing, PUBLIC_IP),
    ...(tags && { tags }),
    ...(zones && { zones }),
    sku: sku?.name ?? 'Basic',
    allocation: properties?.publicIPAllocationMethod ?? 'Dynamic',
  };
  if (publicIp.allocation === 'Static') publicIp.ipAddress ??= context.addresses.nextPublic();
  return write(request, context, publicIp, () => {
    context.store.publicIpAddresses.put(publicIp);
    return publicIpToWire(publicIp);
  });
}

function base<Type extends string>(
  request: ArmRequest,
  context: Context,
  location: string,
  existing: VirtualNetwork | PublicIpAddress | undefined,
  type: Type,
) {
  requireGroup(context.store, request.target);
  requireRegion(location, type);
  requireNetworkEtag(request, existing);
  return {
    id: existing?.id ?? request.target,
    name: existing?.name ?? nameOf(request.target),
    type,
    location,
    provisioningState: 'Updating' as const,
    revision: existing?.revision ?? 0,
  };
}

/** It is there at once, and done after a while. */
function write(
  request: ArmRequest,
  { operations }: Context,
  resource: VirtualNetwork | PublicIpAddress,
  put: () => JsonValue,
): ArmAnswer {
  const isNew = resource.revision === 0;
  const operation = operations.begin(request, {
    family: 'network',
    location: resource.location,
    exclusive: resource.id,
    busy: anotherOperationInProgress,
    async work({ pass }) {
      await pass(SECONDS.networkWrite);
      resource.provisioningState = 'Succeeded';
      touch(resource);
      return ok(put());
    },
    failed: () => {
      resource.provisioningState = 'Failed';
    },
  });
  return { status: isNew ? 201 : 200, body: put(), operation };
}
