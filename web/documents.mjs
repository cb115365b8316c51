// Relay's compiler adds to the manifest of trusted documents and wants it to exist; it starts empty, so that it holds this build's only.
import { mkdirSync, writeFileSync } from 'node:fs';

for (const folder of ['persisted', 'source/__generated__']) mkdirSync(folder, { recursive: true });
writeFileSync('persisted/documents.json', '{}\n');
