import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

export interface AddressesGiven {
  privates: number;
  publics: number;
}

/** The loopback block of one lab: every VM has addresses of its own, so that RDP really listens on port 3389 of them. */
export interface AddressBook {
  /** First two octets, such as `127.42`. */
  prefix: string;
  /** All private addresses, such as `127.42.0.0/17`. */
  privatePrefix: string;
  /** Prefix of the one subnet, such as `127.42.0.0/18`: large enough for a storm of VMs. */
  subnetPrefix: string;
  nextPrivate(): string;
  nextPublic(): string;
  /** How many addresses have been given out. */
  given(): AddressesGiven;
  /** Lets the block go. */
  release(): Promise<void>;
}

const SENTINEL_PORT = 3388;

/** Azure keeps the first addresses of a subnet for itself. */
const RESERVED: AddressesGiven = { privates: 3, publics: 9 };

/** Blocks that other programs are likely to use themselves. */
const FIRST_BLOCK = 16;
const LAST_BLOCK = 250;

/**
 * Finds a loopback block that no other lab on this machine uses: whoever binds the block's sentinel owns it.
 * @param given how many addresses are in use already, when a saved lab goes on
 * @throws Error when all blocks are taken
 */
export async function takeAddressBlock(given: AddressesGiven = RESERVED): Promise<AddressBook> {
  const start = FIRST_BLOCK + (process.pid % (LAST_BLOCK - FIRST_BLOCK));
  for (let step = 0; step <= LAST_BLOCK - FIRST_BLOCK; step += 1) {
    const block = FIRST_BLOCK + ((start - FIRST_BLOCK + step) % (LAST_BLOCK - FIRST_BLOCK + 1));
    const sentinel = await bindSentinel(`127.${String(block)}.255.254`);
    if (sentinel) return createAddressBook(`127.${String(block)}`, sentinel, given);
  }
  throw new Error('No free loopback block is left: too many labs run on this machine.');
}

function createAddressBook(prefix: string, sentinel: Server, given: AddressesGiven): AddressBook {
  let { privates, publics } = given;
  const dotted = (base: number, count: number): string =>
    `${prefix}.${String(base + Math.floor(count / 250))}.${String((count % 250) + 1)}`;
  return {
    prefix,
    privatePrefix: `${prefix}.0.0/17`,
    subnetPrefix: `${prefix}.0.0/18`,
    nextPrivate: () => dotted(1, privates++),
    nextPublic: () => dotted(128, publics++),
    given: () => ({ privates, publics }),
    async release() {
      sentinel.close();
      await once(sentinel, 'close');
    },
  };
}

async function bindSentinel(address: string): Promise<Server | undefined> {
  const server = createServer();
  server.unref();
  return new Promise((resolve) => {
    server.once('error', () => {
      resolve(undefined);
    });
    server.listen(SENTINEL_PORT, address, () => {
      resolve(server);
    });
  });
}
