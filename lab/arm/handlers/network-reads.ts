import type { Context } from '../context.ts';
import { resourceNotFound } from '../errors.ts';
import { ok, page, param, type ArmAnswer, type ArmRequest } from '../http.ts';
import { networkToWire, publicIpToWire, subnetToWire } from '../network/network-wire.ts';
import { PATHS, type Route } from '../route.ts';

const PUBLIC_IP = 'Microsoft.Network/publicIPAddresses';
const NETWORK = 'Microsoft.Network/virtualNetworks';
const NETWORKS = `${PATHS.groupNetwork}/virtualNetworks`;
const PUBLIC_IPS = `${PATHS.groupNetwork}/publicIPAddresses`;

/** Network resources the service only looks at. */
export const networkReadRoutes: Route[] = [
  {
    method: 'GET',
    path: `${PUBLIC_IPS}/:name`,
    action: `${PUBLIC_IP}/read`,
    handle: (request, { store }) => ok(publicIpToWire(store.publicIpAddresses.get(request.target))),
  },
  {
    method: 'GET',
    path: PUBLIC_IPS,
    action: `${PUBLIC_IP}/read`,
    handle: (request, { store }) => page(store.publicIpAddresses.within(request.target).map(publicIpToWire)),
  },
  {
    method: 'GET',
    path: `${NETWORKS}/:name`,
    action: `${NETWORK}/read`,
    handle: (request, { store }) => ok(networkToWire(store.virtualNetworks.get(request.target))),
  },
  {
    method: 'GET',
    path: NETWORKS,
    action: `${NETWORK}/read`,
    handle: (request, { store }) => page(store.virtualNetworks.within(request.target).map(networkToWire)),
  },
  {
    method: 'GET',
    path: `${NETWORKS}/:name/subnets`,
    action: `${NETWORK}/subnets/read`,
    handle: listSubnets,
  },
  {
    method: 'GET',
    path: `${NETWORKS}/:name/subnets/:subnet`,
    action: `${NETWORK}/subnets/read`,
    handle: getSubnet,
  },
];

function listSubnets(request: ArmRequest, { store }: Context): ArmAnswer {
  const network = store.virtualNetworks.get(request.target);
  return page(network.subnets.map((subnet) => subnetToWire(network, subnet)));
}

function getSubnet(request: ArmRequest, { store }: Context): ArmAnswer {
  const network = store.virtualNetworks.get(request.target.replace(/\/subnets\/[^/]+$/i, ''));
  const name = param(request, 'subnet');
  const subnet = network.subnets.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (!subnet)
    throw resourceNotFound(`${NETWORK}/subnets`, `${network.name}/${name}`, param(request, 'resourceGroup'));
  return ok(subnetToWire(network, subnet));
}
