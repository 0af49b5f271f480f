import { crc32, deflateSync } from 'node:zlib';
import type { Indexed } from './palette.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Eight bits a pixel, by palette, with the one compression and filter there are, not interlaced (PNG specification 11.2.2). */
const INDEXED = [8, 3, 0, 0, 0];

/** A PNG of a picture with a palette, pressed as hard as it goes. */
export function encodePng({ palette, pixels }: Indexed, width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set(INDEXED, 8);
  const colours = palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]);
  // Each line begins with its filter: none, which is best for palettes.
  const lines = Buffer.alloc((width + 1) * height);
  for (let line = 0; line < height; line++)
    lines.set(pixels.subarray(line * width, (line + 1) * width), line * (width + 1) + 1);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(colours)),
    chunk('IDAT', deflateSync(lines, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
