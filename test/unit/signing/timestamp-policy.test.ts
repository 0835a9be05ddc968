import { expect } from 'chai';
import { DEFAULT_SEALING } from '../../../app/domain/sealing-plan.ts';
import {
  awaitingTimestamps,
  timestampPolicy,
  WaitsForTimestamp,
} from '../../../app/signing/documents/timestamp-policy.ts';
import { PdfEngineFailure } from '../../../app/ports/pdf-engine.ts';
import { describeFailure } from '../../../app/signing/effects/describe-failure.ts';
import { buildSigning, later, T0 } from '../../support/signing-builder.ts';

const urls = ['http://tsa.example.test'];
const signing = (plan: Partial<typeof DEFAULT_SEALING>) =>
  buildSigning({ sealing: { ...DEFAULT_SEALING, ...plan } });
const first = { attempts: 0 };
const tried = { startedAt: T0, attempts: 9 };

describe('what an effect does about time-stamps', () => {
  it('when none is wanted or there is no server, expected none to be asked for', () => {
    expect(timestampPolicy(signing({ level: 'B-B' }), urls, first, later(0))).to.equal(undefined);
    expect(timestampPolicy(signing({}), [], first, later(0))).to.equal(undefined);
  });

  it('when a lower level is allowed, expected ten minutes of patience first', () => {
    const lower = signing({ whenTsaDown: 'lower_level' });
    expect(timestampPolicy(lower, urls, first, later(60))?.whenDown).to.equal('fail');
    expect(timestampPolicy(lower, urls, tried, later(10))?.whenDown).to.equal('fail');
    expect(timestampPolicy(lower, urls, tried, later(11))?.whenDown).to.equal('go_on');
  });

  it('when a signing goes on after days, expected the servers to be asked anew for a while', () => {
    const lower = signing({ whenTsaDown: 'lower_level' });
    const resumed = { ...tried, attempts: 0 };
    expect(timestampPolicy(lower, urls, resumed, later(3 * 24 * 60))?.whenDown).to.equal('fail');
  });

  it('when the plan is to wait, expected no end of patience, and a failure that waits instead of stopping', async () => {
    const wait = signing({ whenTsaDown: 'wait' });
    expect(timestampPolicy(wait, urls, tried, later(600))?.whenDown).to.equal('fail');
    const down = async () => {
      throw new PdfEngineFailure('timestamp_unavailable', 'no time-stamp');
    };
    const error: unknown = await awaitingTimestamps(wait, down).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(WaitsForTimestamp);
    expect(describeFailure(error, { attempts: 3 })).to.include({ waits: true, retryable: true });
    const other: unknown = await awaitingTimestamps(signing({}), down).catch((reason: unknown) => reason);
    expect(other).to.be.instanceOf(PdfEngineFailure);
  });
});
