import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { DocumentRefused } from '../../../app/ports/pdf-engine.ts';
import { createRandom } from '../../support/random.ts';
import { makeVictims } from '../../fixtures/pdf/attacks/victims.ts';
import { corpus } from '../../fixtures/pdf/corpus/corpus.ts';
import { mutate } from '../../fixtures/pdf/mutate.ts';
import { startTestEngine } from '../../fixtures/pdf/test-engine.ts';
import type { TestEngine } from '../../fixtures/pdf/test-engine.ts';

const at = new Date('2026-11-22T12:00:00Z');
const FILES_EACH = 5_000;
const WORKERS = 2;
/** Bytes; a mutation in a small file hits what matters. */
const MAX_BASE = 40_000;
/** A file that the parser never finishes costs the whole deadline: there must be few of them. */
const MAX_EXHAUSTING = 25;
/** MiB. Caches, compiled code, a heap that is not collected at once. */
const GROWTH = 150;

/** Resident memory of every child process of this one, MiB, by process; nothing where the system does not tell. */
function childMemory(): Map<string, number> {
  const found = new Map<string, number>();
  if (!existsSync('/proc/self/task')) return found;
  for (const task of readdirSync('/proc/self/task')) {
    const children = tryRead(`/proc/self/task/${task}/children`).trim().split(/\s+/).filter(Boolean);
    for (const child of children) {
      const [, kib] = /VmRSS:\s+(\d+) kB/.exec(tryRead(`/proc/${child}/status`)) ?? [];
      if (kib !== undefined) found.set(child, Number(kib) / 1024);
    }
  }
  return found;
}

function tryRead(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process is gone
  }
}

describe('10,000 files mutated at random', function () {
  this.timeout(600_000);
  let engine: TestEngine;
  let bases: Uint8Array[];
  const lost: string[] = [];

  before(async () => {
    engine = await startTestEngine({
      workers: WORKERS,
      deadlines: { verify: 3_000, prepareBundle: 5_000 },
      log: { warn: (fields: unknown) => void lost.push(JSON.stringify(fields)) },
    });
    const victims = Object.values(await makeVictims(engine));
    const files = await Promise.all(corpus.map(async (entry) => entry.make(engine)));
    bases = [...victims, ...files].filter(({ length }) => length > 100 && length < MAX_BASE);
    expect(bases.length).to.be.at.least(15);
  });
  after(() => engine.close());

  /** Gives every mutated file to `use`, two at a time; sees to it that memory does not grow with the number of files. */
  async function run(
    seed: number,
    use: (file: Uint8Array) => Promise<'answered' | 'exhausted'>,
  ): Promise<void> {
    const random = createRandom(seed);
    const early = new Map<string, number>();
    const grown: string[] = [];
    let exhausted = 0;
    let done = 0;
    const work = async (): Promise<void> => {
      for (; done < FILES_EACH;) {
        done++;
        const file = mutate(random.pick(bases), random);
        if ((await use(file)) === 'exhausted') exhausted++;
        if (done % 250 !== 0) continue;
        for (const [child, mib] of childMemory()) {
          // What a process holds after its first quarter of a thousand files is what it needs.
          const first = early.get(child);
          if (first === undefined) early.set(child, mib);
          else if (mib > first + GROWTH)
            grown.push(`${child}: ${Math.round(first)} → ${Math.round(mib)} MiB`);
        }
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
    expect(grown, 'memory').to.deep.equal([]);
    expect(exhausted, 'files that took all the time or memory there was').to.be.below(MAX_EXHAUSTING);
  }

  it('are verified: an answer for each, expected', async () => {
    const verdicts = new Map<string, number>();
    await run(1, async (file) => {
      const { verdict, warnings } = await engine.verify({ pdf: file, at });
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
      return warnings.includes('too_complex') ? 'exhausted' : 'answered';
    });
    expect([...verdicts.keys()]).to.include.members(['broken', 'unsigned', 'not_a_pdf']);
  });

  it('are taken in: a document or a refusal for each, expected', async () => {
    let taken = 0;
    await run(2, async (file) => {
      try {
        await engine.prepareBundle({ parts: [{ name: 'a', bytes: file }] });
        taken++;
        return 'answered';
      } catch (error) {
        if (!(error instanceof DocumentRefused)) throw error;
        return error.reason === 'too_complex' ? 'exhausted' : 'answered';
      }
    });
    expect(taken).to.be.above(FILES_EACH / 10);
  });

  it('do not end a worker in any other way than by its limits, expected', () => {
    const others = lost.filter((line) => !/SIGKILL|SIGABRT|134/.test(line));
    expect(others).to.deep.equal([]);
  });
});
