// What a file says by Content Credentials, as JSON: whether they hold, why not, and the pictures that went in. Read by an
// implementation in TypeScript that shares no code with the one that signs (c2pa-rs). It does not ask who vouches for the signer.
import { readFile } from 'node:fs/promises';
import { JPEG, PNG } from '@trustnxt/c2pa-ts/asset';
import { SuperBox } from '@trustnxt/c2pa-ts/jumbf';
import { ManifestStore, ValidationResult } from '@trustnxt/c2pa-ts/manifest';

const file = new Uint8Array(await readFile(process.argv[2]));
const asset = PNG.canRead(file) ? new PNG(file) : new JPEG(file);
const told = { valid: false, failures: ['absent'], generators: [] };
const store = await asset.getManifestJUMBF();
if (store) {
  let result;
  try {
    const read = ManifestStore.read(SuperBox.fromBuffer(store));
    told.generators = read.manifests.map(({ claim }) => claim?.claimGeneratorName ?? '');
    result = await read.validate(asset);
  } catch (error) {
    result = ValidationResult.fromError(error);
  }
  told.valid = result.isValid;
  told.failures = result.statusEntries.filter(({ success }) => success === false).map(({ code }) => code);
}
process.stdout.write(JSON.stringify(told));
