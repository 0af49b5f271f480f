import * as z from 'zod';

/** What the rescue VM is made with, where Azure leaves a choice: one of each is tried after the other. */
export const rescueShapesSchema = z.object({
  /** Sizes, the one to begin with first; never empty. */
  sizes: z.array(z.string()).min(1),
  /** Types of its OS disk, the cheapest first; never empty. */
  diskTypes: z.array(z.string()).min(1),
});
export type RescueShapes = z.infer<typeof rescueShapesSchema>;

export const rescueShapeSchema = z.object({ size: z.string(), diskType: z.string() });
export type RescueShape = z.infer<typeof rescueShapeSchema>;
