import { coresInUse } from '../compute/capacity.ts';
import { imageId } from '../compute/image-id.ts';
import type { VmSize } from '../compute/sizes.ts';
import type { Context } from '../context.ts';
import { ArmError, invalidParameter } from '../errors.ts';
import { ok, page, param, type ArmAnswer, type ArmRequest } from '../http.ts';
import { PATHS, type Route } from '../route.ts';
import { subscriptionOf } from '../store/resource-id.ts';
import type { JsonObject } from '../store/json.ts';
import type { ImageSpec } from '../vm-spec.ts';

const LOCATION = `${PATHS.subscriptionCompute}/locations/:location`;
const VERSIONS = `${LOCATION}/publishers/:publisher/artifacttypes/vmimage/offers/:offer/skus/:sku/versions`;
const IMAGE_ACTION = 'Microsoft.Compute/locations/publishers/artifacttypes/offers/skus/versions/read';

/** What can be bought: sizes, quota, images. */
export const catalogueRoutes: Route[] = [
  {
    method: 'GET',
    path: `${PATHS.subscriptionCompute}/skus`,
    action: 'Microsoft.Compute/skus/read',
    handle: listSkus,
  },
  {
    method: 'GET',
    path: `${LOCATION}/usages`,
    action: 'Microsoft.Compute/locations/usages/read',
    handle: listUsages,
  },
  { method: 'GET', path: VERSIONS, action: IMAGE_ACTION, handle: listImages },
  { method: 'GET', path: `${VERSIONS}/:version`, action: IMAGE_ACTION, handle: getImage },
];

function listSkus(request: ArmRequest, { catalogue }: Context): ArmAnswer {
  const filter = request.query.get('$filter');
  const wanted = filter === null ? catalogue.location : /^location eq '([^']+)'$/i.exec(filter)?.[1];
  if (wanted === undefined) throw invalidParameter('$filter');
  if (wanted.toLowerCase().replaceAll(' ', '') !== catalogue.location) return page([]);
  return page(catalogue.sizes.map((size) => skuToWire(catalogue, size)));
}

function skuToWire({ location, restrictions }: Context['catalogue'], size: VmSize): JsonObject {
  const own = restrictions.filter(
    (restriction) => restriction.size.toLowerCase() === size.name.toLowerCase(),
  );
  const capabilities = {
    vCPUs: size.vCpus,
    MemoryGB: size.memoryGB,
    MaxDataDiskCount: size.maxDataDisks,
    HyperVGenerations: size.generations.join(','),
    PremiumIO: capital(size.premiumIO),
    EphemeralOSDiskSupported: capital(size.ephemeralOsDisk),
    DiskControllerTypes: size.controllers.join(','),
    TrustedLaunchDisabled: capital(!size.generations.includes('V2')),
    ...(size.confidential === true && { ConfidentialComputingType: 'SNP' }),
    CpuArchitectureType: size.architecture,
    MaxNetworkInterfaces: size.maxNics,
    EncryptionAtHostSupported: capital(size.encryptionAtHost),
    AcceleratedNetworkingEnabled: capital(size.acceleratedNetworking),
    ...(size.writeAccelerators > 0 && { MaxWriteAcceleratorDisksAllowed: size.writeAccelerators }),
  };
  return {
    resourceType: 'virtualMachines',
    name: size.name,
    tier: 'Standard',
    size: size.name.replace(/^Standard_/, ''),
    family: size.family,
    locations: [location],
    locationInfo: [{ location, zones: size.zones, zoneDetails: [] }],
    capabilities: Object.entries(capabilities).map(([name, value]) => ({ name, value: String(value) })),
    restrictions: own.map(({ zone, reasonCode }) => ({
      type: zone === undefined ? 'Location' : 'Zone',
      values: [location],
      restrictionInfo: { locations: [location], ...(zone !== undefined && { zones: [zone] }) },
      reasonCode,
    })),
  };
}

function listUsages(request: ArmRequest, { store, catalogue }: Context): ArmAnswer {
  const used = coresInUse(store, catalogue, subscriptionOf(request.path));
  return page(
    [...catalogue.quota].map(([name, limit]) => ({
      unit: 'Count',
      currentValue: used.get(name) ?? 0,
      limit,
      name: {
        value: name,
        localizedValue:
          name === 'cores' ? 'Total Regional vCPUs' : `${name.replace(/Family$/, '')} Family vCPUs`,
      },
    })),
  );
}

/** A bare array, unlike every other list. */
function listImages(request: ArmRequest, { catalogue }: Context): ArmAnswer {
  const top = Number(request.query.get('$top') ?? Infinity);
  const images = catalogue.images.filter((image) => isOf(image, request));
  const ordered = [...images].sort((one, other) =>
    one.version.localeCompare(other.version, 'en', { numeric: true }),
  );
  if (/\bdesc\b/i.test(request.query.get('$orderby') ?? '')) ordered.reverse();
  return ok(
    ordered
      .slice(0, top)
      .map((image) => ({ name: image.version, location: catalogue.location, id: idOf(request, image) })),
  );
}

function getImage(request: ArmRequest, { catalogue }: Context): ArmAnswer {
  const version = param(request, 'version');
  const image = catalogue.images.find(
    (candidate) => isOf(candidate, request) && candidate.version === version,
  );
  if (!image) throw new ArmError(404, 'NotFound', `Artifact: VMImage was not found.`);
  return ok({
    name: version,
    location: catalogue.location,
    id: idOf(request, image),
    properties: {
      osDiskImage: { operatingSystem: image.osType, sizeInGb: image.diskSizeGB },
      dataDiskImages: [],
      automaticOSUpgradeProperties: { automaticOSUpgradeSupported: false },
      hyperVGeneration: image.generation,
      architecture: 'x64',
      features: [
        ...(image.trustedLaunch === true ? [{ name: 'SecurityType', value: 'TrustedLaunchSupported' }] : []),
        { name: 'DiskControllerTypes', value: image.generation === 'V2' ? 'SCSI, NVMe' : 'SCSI' },
      ],
      disallowed: { vmDiskType: 'None' },
      imageDeprecationStatus: { imageState: 'Active' },
    },
  });
}

function isOf(image: ImageSpec, request: ArmRequest): boolean {
  return (['publisher', 'offer', 'sku'] as const).every(
    (part) => image[part].toLowerCase() === param(request, part).toLowerCase(),
  );
}

function idOf(request: ArmRequest, image: ImageSpec): string {
  return imageId(image, param(request, 'subscriptionId'), param(request, 'location'));
}

/** Capabilities spell truth with a capital. */
function capital(value: boolean): string {
  return value ? 'True' : 'False';
}
