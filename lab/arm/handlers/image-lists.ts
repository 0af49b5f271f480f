import type { Context } from '../context.ts';
import { ok, type ArmAnswer, type ArmRequest } from '../http.ts';
import { PATHS, type Route } from '../route.ts';
import type { ImageReference } from '../vm-spec.ts';

const PUBLISHERS = `${PATHS.subscriptionCompute}/locations/:location/publishers`;
const OFFERS = `${PUBLISHERS}/:publisher/artifacttypes/vmimage/offers`;
const ACTION = 'Microsoft.Compute/locations/publishers';

/** The way down to an image's versions, by which clients look for one that they cannot name (REST API, Virtual Machine Images - List *). */
export const imageListRoutes: Route[] = [
  { method: 'GET', path: PUBLISHERS, action: `${ACTION}/read`, handle: listOf('publisher') },
  { method: 'GET', path: OFFERS, action: `${ACTION}/artifacttypes/offers/read`, handle: listOf('offer') },
  {
    method: 'GET',
    path: `${OFFERS}/:offer/skus`,
    action: `${ACTION}/artifacttypes/offers/skus/read`,
    handle: listOf('sku'),
  },
];

/** Bare arrays of names, unlike every other list, with ids below that of the list. */
function listOf(part: 'publisher' | 'offer' | 'sku'): (request: ArmRequest, context: Context) => ArmAnswer {
  return (request, { catalogue }) => {
    const names = catalogue.images.filter((image) => isBelow(image, request)).map((image) => image[part]);
    return ok(
      [...new Set(names)]
        .sort((one, other) => one.localeCompare(other, 'en'))
        .map((name) => ({ location: catalogue.location, name, id: `${request.path}/${name}` })),
    );
  };
}

function isBelow(image: ImageReference, { params }: ArmRequest): boolean {
  return (['publisher', 'offer'] as const).every(
    (part) => params[part] === undefined || params[part].toLowerCase() === image[part].toLowerCase(),
  );
}
