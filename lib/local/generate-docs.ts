import { writeFileSync } from 'node:fs';
import { ANSWERS } from '../api/answers.ts';
import { renderReferencePage } from '../api/reference-page.ts';
import { ROUTES } from '../api/routes.ts';
import { settingsSchemaDocument } from '../settings/settings-schema-document.ts';
import { costDocument } from './cost/cost-document.ts';
import { eventsDocument } from './events-document.ts';
import { memberRoleTemplate } from './member-role-template.ts';
import { openapiText } from './openapi-document.ts';
import { permissionsDocument } from './permissions-document.ts';

// Documents that code could print are printed by it; a test fails when the committed ones differ.
writeFileSync('docs/cost.md', costDocument());
writeFileSync('docs/events.md', eventsDocument());
writeFileSync('docs/permissions.md', permissionsDocument());
writeFileSync('infra/member-role.yaml', memberRoleTemplate());
writeFileSync('elbowroom.settings.schema.json', settingsSchemaDocument());
writeFileSync('docs/openapi.json', openapiText());
writeFileSync('docs/api-reference.html', renderReferencePage(ROUTES, ANSWERS));
