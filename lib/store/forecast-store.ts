import type { ForecastReader, ForecastStore, StoredForecasts } from '../audit/store-ports.ts';
import { columnsDocument, encodeDocument } from './columns-document.ts';
import { decodeDocument } from './document-kind.ts';
import { vpcForecastsShape } from './forecast-shape.ts';
import { forecastsKey } from './keys.ts';
import { type PackedDocument, readPacked, writePacked } from './packed-document.ts';
import { nowSeconds, type StoreTable } from './table.ts';

/** Thirteen months, as the state beside it. */
const FORECAST_SECONDS = 396 * 86_400;

/** What was forecast of a VPC as bytes, without loss. */
export const FORECASTS_DOCUMENT = columnsDocument('forecasts', 1, vpcForecastsShape);

/** Keeps what was forecast of each VPC, a document of its own beside the state. */
export function createForecastStore(table: StoreTable): ForecastStore {
  return {
    ...createForecastReader(table),
    async writeForecasts(vpc, forecasts, expectedVersion) {
      const { outcome } = await writePacked(table, forecastsKey(vpc), encodeDocument(FORECASTS_DOCUMENT, forecasts), {
        kind: FORECASTS_DOCUMENT.name,
        schemaVersion: FORECASTS_DOCUMENT.schemaVersion,
        expect: expectedVersion === undefined ? 'absent' : { version: expectedVersion },
        expiresAt: nowSeconds(table) + FORECAST_SECONDS,
      });
      return outcome;
    },
  };
}

/** Reads what was forecast of VPCs. */
export function createForecastReader(table: StoreTable): ForecastReader {
  return {
    async readForecasts(vpc, options) {
      const document = await readPacked(table, forecastsKey(vpc), options);
      return document === undefined ? undefined : forecastsIn(document);
    },
  };
}

/** Returns the forecasts that a document holds. */
export function forecastsIn(document: PackedDocument): StoredForecasts {
  return { version: document.version, forecasts: decodeDocument(FORECASTS_DOCUMENT, document) };
}
