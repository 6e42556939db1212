import { writeFileSync } from 'node:fs';
import { settingsSchemaDocument } from '../settings/settings-schema-document.ts';
import { costDocument } from './cost/cost-document.ts';
import { eventsDocument } from './events-document.ts';
import { memberRoleTemplate } from './member-role-template.ts';
import { openapiDocument, openapiText } from './openapi-document.ts';
import { permissionsDocument } from './permissions-document.ts';
import { renderReferencePage } from './reference/reference-page.tsx';

// Documents that code could print are printed by it; a test fails when the committed ones differ.
writeFileSync('docs/cost.md', costDocument());
writeFileSync('docs/events.md', eventsDocument());
writeFileSync('docs/permissions.md', permissionsDocument());
writeFileSync('infra/member-role.yaml', memberRoleTemplate());
writeFileSync('elbowroom.settings.schema.json', settingsSchemaDocument());
writeFileSync('docs/openapi.json', openapiText());
writeFileSync('docs/api-reference.html', renderReferencePage(openapiDocument()));
