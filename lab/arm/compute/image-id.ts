import type { ImageReference } from '../vm-spec.ts';

/** Id of a platform image's version, capitals as the platform writes them. */
export function imageId(
  { publisher, offer, sku, version }: ImageReference,
  subscriptionId: string,
  location: string,
): string {
  return (
    `/Subscriptions/${subscriptionId}/Providers/Microsoft.Compute/Locations/${location}` +
    `/Publishers/${publisher}/ArtifactTypes/VMImage/Offers/${offer}/Skus/${sku}/Versions/${version}`
  );
}
