import { testRefusals } from './test-refusals.ts';

describe('response codes in a portal that speaks Russian', function () {
  this.timeout(60_000);
  testRefusals('ru');
});
