import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertIdOf, idText } from '../../../lib/domain/alert/alert-id.ts';

describe('alertIdOf', () => {
  it('says kind, home and subject', () => {
    const vpc = { ownerId: '111122223333', region: 'us-east-1', vpcId: 'vpc-0a' };
    expect(alertIdOf('exhaustion', { kind: 'vpc', vpc }, { kind: 'subnet', subnetId: 'subnet-0a' })).toBe(
      'exhaustion.111122223333.us-east-1.vpc-0a.subnet.subnet-0a',
    );
    expect(
      alertIdOf(
        'scan-stale',
        { kind: 'account', accountId: '1' },
        { kind: 'target', target: { accountId: '1', region: 'r' } },
      ),
    ).toBe('scan-stale.1.target.1.r');
    expect(alertIdOf('scan-stale', { kind: 'account', accountId: '1' }, { kind: 'account', accountId: '1' })).toBe(
      'scan-stale.1.account.1',
    );
  });

  it('is of safe characters only, whatever the name of a cluster holds', () => {
    const cluster = { kind: 'cluster', clusterId: '1:r:<b>/é.~', clusterName: '<b>/é.~' } as const;
    expect(alertIdOf('exhaustion', { kind: 'account', accountId: '1' }, cluster)).toBe(
      'exhaustion.1.cluster.1~003ar~003a~003cb~003e~002f~00e9~002e~007e',
    );
  });
});

describe('idText', () => {
  it('gives no two lists of words the same text', () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom('a', '.', '~', '0', '/', 'é') }), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(words, words, (a, b) => {
        expect(idText(a) === idText(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
        expect(idText(a)).toMatch(/^[A-Za-z0-9_.~-]*$/);
      }),
    );
  });
});
