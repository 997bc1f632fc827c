/** Whether this page may work out checksums: browsers give them to secure pages only (HTTPS, or this computer). */
export const canDigest = (): boolean => globalThis.crypto?.subtle !== undefined;

/** SHA-256 of a film as 64 lower-case hexadecimal digits: the server's name for its content. */
export async function sha256(film: Blob): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await film.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
