/**
 * glibc gives freed memory back to the system as soon as 128 KiB of it lie together, and has the system clear each page
 * when it is asked for again: with messages of 64 KiB, most of the time went there. It raises that mark by itself, to
 * twice the largest piece that was freed (mallopt(3), M_MMAP_THRESHOLD), so that a process that once had a large one is
 * quicker ever after. This is such a piece, the largest that counts: the system is asked for no page of it, as nobody
 * writes to it.
 */
const markRaisedBy = 32 * 1024 * 1024 - 64 * 1024

let raised = process.platform !== 'linux'

/** New memory of exactly that length, with anything in it. For large pieces: up to 64 MiB stay with the process then. */
export function allocate(length: number): Uint8Array {
  if (!raised) {
    raised = true
    Buffer.allocUnsafeSlow(markRaisedBy)
  }
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer)
}
