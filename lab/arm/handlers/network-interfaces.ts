import type { Demand } from '../access/roles.ts';
import { requireRegion } from '../compute/locations.ts';
import type { Context } from '../context.ts';
import { ArmError, invalidReference } from '../errors.ts';
import { ok, type ArmAnswer, type ArmRequest } from '../http.ts';
import { pageOf } from '../paging.ts';
import { anotherOperationInProgress } from '../network/busy.ts';
import { associationsOf } from '../network/effective-rules.ts';
import { effectiveToWire } from '../network/effective-wire.ts';
import { nicBodySchema, type IpConfiguration, type NicBody } from '../network/network-schema.ts';
import { refuseReserved } from '../network/nic-reservation.ts';
import { nicToWire } from '../network/network-wire.ts';
import { requireNetworkEtag } from '../network/precondition.ts';
import { PATHS, type Route } from '../route.ts';
import { nameOf, sameId } from '../store/resource-id.ts';
import type { NetworkInterface } from '../store/resources.ts';
import { requireGroup, touch } from '../store/store.ts';
import { SECONDS } from '../timings.ts';
import { readBody } from '../wire.ts';

const TYPE = 'Microsoft.Network/networkInterfaces';
const COLLECTION = `${PATHS.groupNetwork}/networkInterfaces`;
const ONE = `${COLLECTION}/:name`;

export const networkInterfaceRoutes: Route[] = [
  {
    method: 'GET',
    path: ONE,
    action: `${TYPE}/read`,
    handle: (request, { store }) => ok(nicToWire(store.networkInterfaces.get(request.target))),
  },
  { method: 'GET', path: COLLECTION, action: `${TYPE}/read`, handle: list },
  {
    method: 'GET',
    path: `${PATHS.subscriptionNetwork}/networkInterfaces`,
    action: `${TYPE}/read`,
    handle: list,
  },
  { method: 'PUT', path: ONE, action: `${TYPE}/write`, linked, handle: createOrUpdate },
  { method: 'DELETE', path: ONE, action: `${TYPE}/delete`, handle: remove },
  {
    method: 'POST',
    path: `${ONE}/effectiveNetworkSecurityGroups`,
    action: `${TYPE}/effectiveNetworkSecurityGroups/action`,
    handle: listEffective,
  },
];

function list(request: ArmRequest, { store }: Context): ArmAnswer {
  return pageOf(request, store.networkInterfaces.within(request.target), nicToWire);
}

/** A NIC joins a subnet and may join an NSG and a public address: each is a right of its own. */
function linked(request: ArmRequest): Demand[] {
  const { networkSecurityGroup, ipConfigurations = [] } =
    nicBodySchema.safeParse(request.body).data?.properties ?? {};
  const join = (ids: (string | undefined)[], type: string): Demand[] =>
    ids
      .filter((id) => id !== undefined)
      .map((scope) => ({ action: `Microsoft.Network/${type}/join/action`, scope }));
  return [
    ...join(
      ipConfigurations.map(({ properties }) => properties.subnet?.id),
      'virtualNetworks/subnets',
    ),
    ...join(
      ipConfigurations.map(({ properties }) => properties.publicIPAddress?.id),
      'publicIPAddresses',
    ),
    ...join([networkSecurityGroup?.id], 'networkSecurityGroups'),
  ];
}

function createOrUpdate(request: ArmRequest, context: Context): ArmAnswer {
  const { store, operations } = context;
  const body = readBody(nicBodySchema, request.body);
  requireGroup(store, request.target);
  requireRegion(body.location, TYPE);
  requireReferences(context, request.target, body);
  const existing = store.networkInterfaces.find(request.target);
  requireNetworkEtag(request, existing);
  const { ipConfigurations: wanted, ...properties } = body.properties;
  const nic: NetworkInterface = existing ?? {
    id: request.target,
    name: nameOf(request.target),
    type: TYPE,
    location: body.location,
    provisioningState: 'Updating',
    revision: 0,
    properties,
    ipConfigurations: [],
    attackers: [],
    macAddress: `00-0D-3A-${context
      .newId()
      .slice(0, 6)
      .toUpperCase()
      .replace(/(..)(..)(..)/, '$1-$2-$3')}`,
    resourceGuid: context.newId(),
  };
  const operation = operations.begin(request, {
    family: 'network',
    location: body.location,
    exclusive: nic.id,
    busy: (running) => anotherOperationInProgress(running),
    async work({ pass }) {
      await pass(SECONDS.networkWrite);
      nic.provisioningState = 'Succeeded';
      return ok(nicToWire(nic));
    },
    failed: () => {
      nic.provisioningState = 'Failed';
    },
  });
  const before = nic.ipConfigurations;
  nic.properties = properties;
  nic.ipConfigurations = wanted.map((configuration) => addressed(context, before, configuration));
  if (body.tags) nic.tags = body.tags;
  nic.provisioningState = 'Updating';
  tieAddresses(context, nic, before);
  touch(nic);
  store.networkInterfaces.put(nic);
  return { status: existing ? 200 : 201, body: nicToWire(nic), operation };
}

/** A configuration keeps its private address as long as it lives. */
function addressed(
  { addresses }: Context,
  before: IpConfiguration[],
  configuration: IpConfiguration,
): IpConfiguration {
  const old = before.find(({ name }) => name === configuration.name)?.properties;
  const { privateIPAddress, privateIPAllocationMethod = 'Dynamic', ...rest } = configuration.properties;
  return {
    ...configuration,
    properties: {
      ...rest,
      privateIPAllocationMethod,
      privateIPAddress: privateIPAddress ?? old?.privateIPAddress ?? addresses.nextPrivate(),
    },
  };
}

/** Keeps the public addresses' side of the tie: which configuration each belongs to. */
function tieAddresses({ store, addresses }: Context, nic: NetworkInterface, before: IpConfiguration[]): void {
  for (const { properties } of before) {
    const publicIp =
      properties.publicIPAddress && store.publicIpAddresses.find(properties.publicIPAddress.id);
    if (publicIp) delete publicIp.ipConfiguration;
  }
  for (const { name, properties } of nic.ipConfigurations) {
    const publicIp =
      properties.publicIPAddress && store.publicIpAddresses.find(properties.publicIPAddress.id);
    if (!publicIp) continue;
    publicIp.ipConfiguration = `${nic.id}/ipConfigurations/${name}`;
    if (publicIp.allocation === 'Static') publicIp.ipAddress ??= addresses.nextPublic();
  }
}

function requireReferences({ store }: Context, nicId: string, { properties }: NicBody): void {
  const nsg = properties.networkSecurityGroup?.id;
  if (nsg !== undefined && !store.networkSecurityGroups.find(nsg)) throw invalidReference(nsg, nicId);
  for (const { properties: configuration } of properties.ipConfigurations) {
    const subnet = configuration.subnet?.id;
    const network =
      subnet === undefined
        ? undefined
        : store.virtualNetworks.find(subnet.replace(/\/subnets\/[^/]+\/?$/i, ''));
    if (
      subnet !== undefined &&
      !network?.subnets.some(({ name }) => sameId(`${network.id}/subnets/${name}`, subnet))
    ) {
      throw invalidReference(subnet, nicId);
    }
    const publicIp = configuration.publicIPAddress?.id;
    if (publicIp !== undefined && !store.publicIpAddresses.find(publicIp))
      throw invalidReference(publicIp, nicId);
  }
}

function remove(request: ArmRequest, context: Context): ArmAnswer {
  const { store, operations, clock } = context;
  requireGroup(store, request.target);
  const nic = store.networkInterfaces.find(request.target);
  if (!nic) return { status: 204 };
  refuseReserved(clock, nic);
  if (nic.virtualMachine !== undefined) {
    throw new ArmError(
      400,
      'NicInUse',
      `Network Interface ${nic.id} is used by existing resource ${nic.virtualMachine}. In order to delete the network interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.`,
      { details: [] },
    );
  }
  const operation = operations.begin(request, {
    family: 'network',
    location: nic.location,
    exclusive: nic.id,
    busy: (running) => anotherOperationInProgress(running),
    async work({ pass }) {
      await pass(SECONDS.networkDelete);
      store.networkInterfaces.remove(nic.id);
      tieAddresses(context, { ...nic, ipConfigurations: [] }, nic.ipConfigurations);
      return { status: 200 };
    },
  });
  nic.provisioningState = 'Deleting';
  return { status: 202, operation };
}

function listEffective(request: ArmRequest, { store, operations }: Context): ArmAnswer {
  const nic = store.networkInterfaces.get(request.target);
  const vm = nic.virtualMachine === undefined ? undefined : store.virtualMachines.find(nic.virtualMachine);
  if (vm?.power !== 'running') {
    throw new ArmError(
      400,
      'NicMustBeAttachedToRunningVmToGetEffectiveSecurityGroups',
      `A network interface must be attached to a running virtual machine to get effective security groups. The network interface ${nic.id} is not attached to a running virtual machine.`,
      { details: [] },
    );
  }
  const operation = operations.begin(request, {
    family: 'network',
    location: nic.location,
    async work({ pass }) {
      await pass(SECONDS.effectiveRules);
      return ok({
        value: associationsOf(store, nic).map((association) => effectiveToWire(store, nic, association)),
      });
    },
  });
  return { status: 202, operation };
}
