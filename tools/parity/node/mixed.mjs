// docs/generate.mjs on a table with categories, missing values and columns that belong together:
//     node mixed.mjs table > TABLE.csv                    writes such a table
//     node mixed.mjs MODULES MODEL GENERATED.csv COUNT    compares with rows of the first class that the C# runtime generated
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { generate, uniform } from '../../../docs/generate.mjs';

if (process.argv[2] === 'table') {
  const lines = ['city,state,low,high,is_x,is_y,is_z,score,class'];
  for (let i = 0; i < 240; i++) {
    const u = j => uniform(1n, 99, BigInt(i), j), city = Math.floor(6 * u(0)), low = Math.floor(20 * u(1)), flag = Math.floor(3 * u(2));
    lines.push([`c${city}`, `s${city >> 1}`, low, low + Math.floor(5 * u(3)), ...[0, 1, 2].map(k => +(k === flag)),
      u(4) < 0.2 ? '' : (10 * u(5) + city).toFixed(2), u(6) < 0.3 + 0.1 * flag ? 'few' : 'many'].join());
  }
  console.log(lines.join('\n'));
  process.exit();
}

const [modules, folder, rowsFile, countText] = process.argv.slice(2), count = Number(countText);
const ort = createRequire(`${modules}/`)('onnxruntime-node');
const manifest = JSON.parse(readFileSync(`${folder}/model.json`, 'utf8')), { columns } = manifest.schema;
const session = await ort.InferenceSession.create(`${folder}/generator.onnx`);
const rows = await generate(ort, session, manifest, 0, count);
const lines = readFileSync(rowsFile, 'utf8').trim().split('\n').slice(1);
if (lines.length !== count) throw new Error(`got ${lines.length} rows, expected ${count}`);
let differ = 0;
lines.forEach((line, i) => line.split(',').slice(0, columns.length).forEach((cell, j) => {
  const { categories, decimals } = columns[j], got = rows[i * columns.length + j];
  const text = Number.isNaN(got) ? '' : categories ? categories[got] : null;
  // A number may be rounded the other way, and a level chosen the other way where shares add up to just the uniform number.
  differ += text === null ? Math.abs(got - Number(cell)) > 1.001 * 10 ** -(decimals ?? 6) || cell === '' : text !== cell;
}));
console.log(`mixed.mjs: ${count} rows of ${columns.length} columns, ${differ} cells chosen the other way`);
if (differ > 0.005 * count * columns.length) throw new Error('too many');
