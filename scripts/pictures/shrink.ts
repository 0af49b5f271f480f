import type { Page } from 'playwright-core';
import * as z from 'zod';
import { toPalette } from './palette.ts';
import { encodePng } from './png.ts';

const decodedSchema = z.object({ width: z.int(), height: z.int(), rgba: z.string() });

/** The same picture as a PNG with a palette, less than half as large. @param blank a page that may decode it */
export async function shrink(blank: Page, png: Buffer): Promise<Buffer> {
  const decoded: unknown = await blank.evaluate(`(async () => {
    const bytes = Uint8Array.from(atob(${JSON.stringify(png.toString('base64'))}), (one) => one.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const { width, height } = image;
    const canvas = new OffscreenCanvas(width, height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    const { data } = canvas.getImageData(0, 0, width, height);
    let text = '';
    for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
    return { width, height, rgba: btoa(text) };
  })()`);
  const { width, height, rgba } = decodedSchema.parse(decoded);
  return encodePng(toPalette(Buffer.from(rgba, 'base64')), width, height);
}
