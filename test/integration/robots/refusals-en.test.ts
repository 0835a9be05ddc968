import { testRefusals } from './test-refusals.ts';

describe('response codes in a portal that speaks English', function () {
  this.timeout(60_000);
  testRefusals('en');
});
