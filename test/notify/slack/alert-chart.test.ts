import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RoomHistory } from '../../../lib/audit/read-room-history.ts';
import { SAMPLE_CHARTS, SAMPLE_HISTORY } from '../../../lib/local/service/slack-chart-samples.ts';
import { toAlertChart } from '../../../lib/notify/slack/alert-chart.tsx';
import { renderChart } from '../../../lib/wiring/render-chart.ts';
import { anAlert } from '../../domain/alert/an-alert.ts';
import { expectGolden } from '../../helpers/golden.ts';

/** Slack takes so much. https://docs.slack.dev/reference/methods/files.getUploadURLExternal#errors */
const ALT_TEXT_LENGTH_MAX = 1_000;
const PNG_SIGNATURE = '89504e470d0a1a0a';
/** Where the width and the height of a PNG are. https://www.w3.org/TR/png-3/#11IHDR */
const PNG_WIDTH_AT = 16;
const PNG_HEIGHT_AT = 20;

function sizeOf(png: Uint8Array): readonly [width: number, height: number] {
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(PNG_WIDTH_AT), view.getUint32(PNG_HEIGHT_AT)];
}

function whenOf(forecast: RoomHistory['forecast']): string | undefined {
  const { svg } = toAlertChart(anAlert(), { ...SAMPLE_HISTORY, forecast });
  return /<text class="when"[^>]*>([^<]*)</.exec(svg)?.[1];
}

describe('the chart of an alert', () => {
  it.each(Object.entries(SAMPLE_CHARTS))('(%s) is what its golden file shows', (name, { svg, ...about }) => {
    expectGolden(`slack/${name}.svg`, svg);
    expectGolden(`slack/${name}.json`, `${JSON.stringify(about, undefined, 2)}\n`);
  });

  it('says what, where, when, from what and how old', () => {
    const { svg } = toAlertChart(anAlert(), SAMPLE_HISTORY);
    for (const part of [
      'Free addresses in private-a',
      'subnet-0a · us-east-1a · payments 111122223333',
      '18 addresses left: likely 3 Dec; 80 %: 28 Nov to 14 Dec',
      'free addresses of 251',
      'EC2 as of 2026-11-23 12:00 UTC, 5 minutes ago, read every 60 min',
    ]) {
      expect(svg).toContain(part);
    }
  });

  it('never tells a lone date', () => {
    const { forecast } = SAMPLE_HISTORY;
    if (forecast?.state !== 'forecast') {
      throw new Error('The sample has a forecast');
    }
    const whenCrossing = (p10: number | undefined, p50: number | undefined, p90: number | undefined) =>
      whenOf({
        ...forecast,
        forecast: { ...forecast.forecast, atFloor: { ...forecast.forecast.atFloor, p10, p50, p90 } },
      });
    expect(whenCrossing(6, 11, undefined)).toBe('18 addresses left: likely 3 Dec; 80 %: 28 Nov to after 21 May');
    expect(whenCrossing(6, undefined, undefined)).toBe('18 addresses left: not before 28 Nov, under 50 % by 21 May');
    expect(whenCrossing(undefined, undefined, undefined)).toBe('18 addresses left: not expected by 21 May');
    expect(whenOf({ ...forecast, forecast: { ...forecast.forecast, method: 'none', dayCount: 2 } })).toBe(
      'No forecast of addresses yet: 2 days of history',
    );
    expect(whenOf(undefined)).toBe('No forecast yet');
  });

  it('says what runs out first, how many are left and as of when, whatever it draws', () => {
    const room = {
      subnetId: 'subnet-0a',
      series: 'blocks',
      freeCount: 409,
      capacityCount: 4094,
      countedFrom: 'network-interfaces',
      observedAt: '2026-11-23T07:00:02.000Z',
    } as const;
    const { svg, altText } = toAlertChart(anAlert({ what: { room } }), SAMPLE_HISTORY);
    expect(svg).toContain('>/28 blocks run out first: 409 of 4,094 free, 23 Nov 07:00 UTC</text>');
    expect(altText).toContain(
      '. /28 blocks run out first: 409 of 4,094 free, 23 Nov 07:00 UTC. 18 addresses left: likely 3 Dec',
    );
    expect(svg).toContain('Free addresses in private-a');
    // Of another subnet than the one that is drawn nothing is said.
    const elsewhere = toAlertChart(anAlert({ what: { room: { ...room, subnetId: 'subnet-0b' } } }), SAMPLE_HISTORY);
    expect(elsewhere).toEqual(toAlertChart(anAlert(), SAMPLE_HISTORY));
  });
});

function withNames(text: string) {
  const alert = anAlert({
    where: {
      accountName: text,
      zones: [{ availabilityZone: text, availabilityZoneId: undefined }],
      subnets: [{ subnetId: text, name: text, cidrBlock: undefined }],
    },
  });
  return toAlertChart(alert, { ...SAMPLE_HISTORY, subnetId: text });
}

/** What no document of XML 1.0 may hold, and some more that a picture has no need of. https://www.w3.org/TR/xml/#charsets */
const NOT_XML = /(?!\n)\p{Cc}|\p{Cs}|[\ufffe\uffff]/u;

describe('whatever names hold, a chart', () => {
  it.each([
    '</text><script>alert(1)</script>',
    ']]>&amp;&#0;"\'',
    '\u0000\u001b\ufffe\uffff\ud800\u202egnp',
    '日本語 😀'.repeat(60),
  ])('can be drawn: %j', async (text) => {
    const { svg } = withNames(text);
    expect(svg).not.toContain('<script');
    expect(sizeOf(await renderChart(svg))).toEqual([1_440, 1_000]);
  });

  it('keeps to what XML and Slack take', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        const { svg, fileName, title, altText } = withNames(text);
        expect(svg).not.toMatch(NOT_XML);
        expect(svg.match(/</g)?.length).toBe(withNames('a').svg.match(/</g)?.length);
        expect(fileName).toMatch(/^[A-Za-z0-9-]*-addresses\.png$/);
        expect(title.length).toBeLessThan(120);
        expect(altText.length).toBeLessThanOrEqual(ALT_TEXT_LENGTH_MAX);
      }),
    );
  });
});

describe('a picture', () => {
  it('is a PNG of the document at twice its size, with its text in it', async () => {
    const { svg } = toAlertChart(anAlert(), SAMPLE_HISTORY);
    const png = await renderChart(svg);
    expect(Buffer.from(png.subarray(0, PNG_SIGNATURE.length / 2)).toString('hex')).toBe(PNG_SIGNATURE);
    expect(sizeOf(png)).toEqual([1_440, 1_000]);
    // Without its fonts a picture has no text, and is much smaller.
    const bare = await renderChart(svg.replace(/<text[^>]*>[^<]*<\/text>/g, ''));
    expect(png.length).toBeGreaterThan(1.5 * bare.length);
  });

  it('is not made of what is no document', async () => {
    await expect(renderChart('<svg')).rejects.toThrow();
    await expect(renderChart(toAlertChart(anAlert(), SAMPLE_HISTORY).svg)).resolves.toBeInstanceOf(Uint8Array);
  });
});
