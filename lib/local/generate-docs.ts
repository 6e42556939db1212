import { writeFileSync } from 'node:fs';
import { permissionsDocument } from './permissions-document.ts';

// Documents that code could print are printed by it; a test fails when the committed ones differ.
writeFileSync('docs/permissions.md', permissionsDocument());
