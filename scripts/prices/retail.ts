import * as z from 'zod';

/** The public list of prices; no sign-in. https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices */
const API = 'https://prices.azure.com/api/retail/prices';

const itemSchema = z.object({
  armSkuName: z.string(),
  skuName: z.string(),
  productName: z.string(),
  meterName: z.string(),
  retailPrice: z.number(),
  type: z.string(),
});
export type PriceItem = z.infer<typeof itemSchema>;
const pageSchema = z.object({ Items: z.array(itemSchema), NextPageLink: z.string().nullish() });

/** Every item that a filter finds, over all pages, in USD. @throws Error where the API refuses or answers something else */
export async function retailItems(
  filter: string,
  get: (address: string) => Promise<Response> = fetch,
): Promise<PriceItem[]> {
  const items: PriceItem[] = [];
  let next: string | null | undefined = `${API}?currencyCode='USD'&$filter=${encodeURIComponent(filter)}`;
  while (next) {
    const answer = await get(next);
    if (!answer.ok) throw new Error(`${next} answered HTTP ${String(answer.status)}`);
    const page = pageSchema.parse(await answer.json());
    items.push(...page.Items);
    next = page.NextPageLink;
  }
  return items;
}
