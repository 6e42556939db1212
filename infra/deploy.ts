import { createAlarms } from './alarms.ts';
import { createDashboard } from './dashboard.ts';
import { createFunctions, TIMEOUT_SECONDS } from './functions.ts';
import { connectHttpApi, createHttpApi } from './http-api.ts';
import { readParameters } from './parameters.ts';
import { createQueues } from './queues.ts';
import { writeSettingsDocument } from './settings-document.ts';
import { createReportsBucket, createSettingsBucket, createTable } from './storage.ts';
import { createMailTopic } from './topics.ts';
import { connectTriggers } from './triggers.ts';

/** 16 random bytes as hexadecimal text: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html */
const EXTERNAL_ID_BYTES = 16;

/** Deploys a stage, and returns what the member accounts and its users have to be told. */
export function deploy(environment: Readonly<Record<string, string | undefined>>) {
  const parameters = readParameters(environment);
  writeSettingsDocument($cli.paths.root);
  // Not a secret: it keeps others' deployments from being let in by mistake. It stays the same for the life of the stage.
  const externalId = new random.RandomId('ExternalId', { byteLength: EXTERNAL_ID_BYTES }).hex;
  const table = createTable();
  const settings = createSettingsBucket();
  createReportsBucket();
  const queues = createQueues({ target: TIMEOUT_SECONDS.target, judge: TIMEOUT_SECONDS.judge });
  const bus = new sst.aws.Bus('Bus');
  const mailTopic = createMailTopic();
  const api = createHttpApi();
  const functions = createFunctions({ parameters, table, settings, queues, bus, mailTopic, externalId, api });
  connectTriggers(functions, queues, bus);
  connectHttpApi(api, functions, parameters);
  createAlarms(functions, queues, parameters.alarmEmail);
  createDashboard(functions, queues, table);
  return {
    apiUrl: api.url,
    externalId,
    roleName: parameters.roleName,
    hubAccountId: aws.getCallerIdentityOutput().accountId,
    table: table.name,
    settingsBucket: settings.name,
    busName: bus.name,
    alertMailTopic: mailTopic.arn,
  };
}
