// Rows of standard input, one object a line, are such as the model's columns hold.
import { readFileSync } from 'node:fs';
import { strict as assert } from 'node:assert';

const { schema } = JSON.parse(readFileSync(`${process.argv[2]}/model.json`));
const rows = readFileSync(0, 'utf8').trim().split('\n').map(line => JSON.parse(line));
for (const row of rows)
  for (const { name, kind, minimum, maximum, decimals, categories, has_missing: mayMiss } of schema.columns) {
    const cell = row[name];
    if (cell === null) assert(mayMiss, name);
    else if (categories) assert(categories.includes(cell), `${name}: ${cell}`);
    else if (kind !== 'Date' && kind !== 'DateTime') {
      assert(cell >= minimum && cell <= maximum, `${name}: ${cell}`);
      if (decimals != null) assert.equal(Number(cell.toFixed(decimals)), cell, name);
    }
  }
console.log(`node: ${rows.length} valid rows of ${schema.columns.length} columns`);
