/**
 * Codes with which Azure says that it has no room for a size, at once or at the end of the operation (SupportArticles-docs,
 * allocation-failure; learn.microsoft.com, error-sku-not-available, error-resource-quota).
 */
const NO_ROOM =
  /^(Zonal)?AllocationFailed\b|^Overconstrained(Zonal)?AllocationRequest\b|^SkuNotAvailable\b|^QuotaExceeded\b/i;

/** The same code stands for much else: of a quota the text tells ("results in exceeding approved … Cores quota"). */
const OVER_QUOTA = /^OperationNotAllowed\b.*\bexceeding approved\b.*\bquota\b/is;

/** Whether the subscription's own quota is used up, which whatever is deleted gives back. */
export function saysOverQuota(message: string): boolean {
  return /^QuotaExceeded\b/i.test(message) || OVER_QUOTA.test(message);
}

/** Whether Azure has no room for this size, so that another, or a later try, may do. */
export function saysNoRoom(message: string): boolean {
  return NO_ROOM.test(message) || OVER_QUOTA.test(message);
}
