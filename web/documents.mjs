// Relay's compiler adds the documents that changed to the manifest of trusted ones. Where that is missing all of them are compiled anew.
// What earlier builds asked for stays in it, so that a page that is open while we deploy goes on working.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';

const MANIFEST = 'persisted/documents.json';
const ARTIFACTS = 'source/__generated__';

if (!existsSync(MANIFEST)) {
  rmSync(ARTIFACTS, { recursive: true, force: true });
  mkdirSync('persisted', { recursive: true });
  writeFileSync(MANIFEST, '{}\n');
}
mkdirSync(ARTIFACTS, { recursive: true });
