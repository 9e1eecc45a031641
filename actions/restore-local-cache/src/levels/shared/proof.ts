import { createHmac, type Hmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import type { Deadline } from '@runner-actions/core';

/**
 * A pack that is damaged, or was not saved with the key under its name. The message is a full sentence for the user.
 */
export class RejectedPack extends Error {
  override readonly name = 'BadPack';
}

/**
 * The start of a proof: the header of a skippable Zstandard frame, so that readers without a key can read the pack
 * too, and the version of the proof. The 32 bytes of the HMAC follow and end the file. Source: RFC 8878, 3.1.2.
 */
const proofHead = Buffer.concat([Buffer.from('5e2a4d1830000000', 'hex'), Buffer.from('runner-actions 1')]);
const proofBytes = proofHead.length + 32;

/** Appends a proof to a pack: someone with the secret saved it under this name, and it was not changed since. */
export function appendProof(name: string, secret: string) {
  return async function* (pack: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    const mac = openMac(name, secret);
    for await (const part of pack) {
      mac.update(part);
      yield part;
    }
    yield Buffer.concat([proofHead, mac.digest()]);
  };
}

/** Returns the pack without its proof: without a skippable frame of that size at the end. The proof is not checked. */
export async function* withoutProof(pack: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let rest = Buffer.alloc(0);
  for await (const part of pack) {
    const all = Buffer.concat([rest, part]);
    const end = Math.max(0, all.length - proofBytes);
    if (end > 0) yield all.subarray(0, end);
    rest = all.subarray(end);
  }
  const isProof = rest.length === proofBytes && rest.subarray(0, 8).equals(proofHead.subarray(0, 8));
  if (!isProof) yield rest;
}

/**
 * Checks that the pack in `file` was saved under this name with the secret.
 * @returns the problem, as the end of a sentence; `undefined`: the proof is valid
 */
export async function proofProblem(
  file: string,
  name: string,
  secret: string,
  deadline: Deadline,
): Promise<string | undefined> {
  const length = Math.max(0, statSync(file).size - proofBytes);
  const proof = Buffer.concat((await createReadStream(file, { start: length }).toArray()) as Buffer[]);
  if (proof.length !== proofBytes || !proof.subarray(0, proofHead.length).equals(proofHead))
    return "it carries no proof of 'shared-key'";
  const mac = await macOf(file, length, { name, secret, deadline });
  return timingSafeEqual(mac, proof.subarray(proofHead.length))
    ? undefined
    : 'its proof does not match the key, the name or the content';
}

interface ProofInput {
  name: string;
  secret: string;
  deadline: Deadline;
}

/** Starts the HMAC with the name, on its own line. The bytes of the pack follow. */
function openMac(name: string, secret: string): Hmac {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'runner-actions shared-key 1', 32));
  return createHmac('sha256', key).update(`${JSON.stringify(['pack 1', name])}\n`);
}

/** Computes the HMAC of the name and the first `length` bytes of the file. */
async function macOf(file: string, length: number, { name, secret, deadline }: ProofInput): Promise<Buffer> {
  const mac = openMac(name, secret);
  if (length === 0) return mac.digest();
  for await (const part of createReadStream(file, { end: length - 1 })) {
    deadline.signal.throwIfAborted();
    mac.update(part as Buffer);
  }
  return mac.digest();
}
