/** Red, green, blue of a colour, each 0 to 255, in one number. */
type Colour = number;

const LARGEST = 256;

/** A picture of at most 256 colours: its palette, and for each pixel the place of its colour there. */
export interface Indexed {
  readonly palette: readonly Colour[];
  readonly pixels: Uint8Array;
}

/**
 * The same picture in at most 256 colours: those that most pixels have; what remains takes the nearest of these. Pictures of pages have
 * few colours beside the shades between letters and paper.
 * @param rgba four bytes a pixel; what is transparent counts as opaque
 */
export function toPalette(rgba: Uint8Array): Indexed {
  const counts = new Map<Colour, number>();
  for (let at = 0; at < rgba.length; at += 4) {
    const colour = colourAt(rgba, at);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, LARGEST)
    .map(([colour]) => colour);
  const places = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]));
  const pixels = new Uint8Array(rgba.length / 4);
  for (let index = 0; index < pixels.length; index++)
    pixels[index] = places.get(colourAt(rgba, index * 4)) ?? 0;
  return { palette, pixels };
}

function colourAt(rgba: Uint8Array, at: number): Colour {
  return ((rgba[at] ?? 0) << 16) | ((rgba[at + 1] ?? 0) << 8) | (rgba[at + 2] ?? 0);
}

function nearest(palette: readonly Colour[], colour: Colour): number {
  let best = 0;
  let least = Infinity;
  for (const [place, one] of palette.entries()) {
    const distance = [16, 8, 0]
      .map((shift) => ((one >> shift) & 255) - ((colour >> shift) & 255))
      .reduce((sum, difference) => sum + difference * difference, 0);
    if (distance < least) [best, least] = [place, distance];
  }
  return best;
}
