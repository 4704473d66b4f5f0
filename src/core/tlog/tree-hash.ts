/** SHA-256 of the bytes: 32 bytes. Must not keep the argument, which is a scratch buffer. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** Length of every hash in bytes. */
export const hashBytes = 32;

/** The hash function of a log (RFC 6962, section 2.1): leaves and nodes are hashed under different prefixes. */
export interface TreeHasher {
  /** Root of the tree without leaves: SHA-256 of nothing. */
  readonly empty: Uint8Array;
  /** SHA-256(0x00 ‖ entry). */
  leaf(entry: Uint8Array): Uint8Array;
  /** SHA-256(0x01 ‖ left ‖ right); both sides have 32 bytes. */
  node(left: Uint8Array, right: Uint8Array): Uint8Array;
}

/** Tree hashing by the given SHA-256, without an allocation of its own for entries of up to 65,535 bytes. */
export function treeHasher(sha256: Sha256): TreeHasher {
  const nodeInput = new Uint8Array(1 + 2 * hashBytes);
  nodeInput[0] = 1;
  const scratch = new Uint8Array(65_536);
  let leafInput = scratch.subarray(0, 1);
  return {
    empty: sha256(new Uint8Array(0)),
    leaf(entry) {
      // Entries of one log mostly have one length: its view is made once.
      if (leafInput.length !== 1 + entry.length) {
        const size = 1 + entry.length;
        leafInput = size <= scratch.length ? scratch.subarray(0, size) : new Uint8Array(size);
      }
      leafInput.set(entry, 1);
      return sha256(leafInput);
    },
    node(left, right) {
      nodeInput.set(left, 1);
      nodeInput.set(right, 1 + hashBytes);
      return sha256(nodeInput);
    },
  };
}
