// Mocha's spec output, closed by one plain line that any machine can read, and a list of what could
// not be tried here (a missing outside program), which is printed, never skipped silently.
import Mocha from 'mocha';

export const notTried = [];

export default class PlainClosingLine extends Mocha.reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    for (const what of notTried) console.log(`not tried here: ${what}`);
    console.log(`${passes} passed, ${failures} failed${pending ? `, ${pending} skipped` : ''}`);
  }
}
