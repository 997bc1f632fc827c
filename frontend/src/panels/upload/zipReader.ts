/** The parts of the zip library that are used: reading, with the browser's own inflate. */
export { BlobReader, ZipReader } from "@zip.js/zip.js/lib/zip-core-native.js";
