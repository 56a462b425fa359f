// docs/generate.mjs against golden words and against rows that the C# runtime generated, and the sample of docs/model-format.md:
//     node generate.mjs MODULES MODEL COUNTER-RANDOM.json GENERATED.csv
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { generate, normal, uniform, word } from '../../../docs/generate.mjs';

const [modules, folder, oracleFile, rowsFile] = process.argv.slice(2);
const ort = createRequire(`${modules}/`)('onnxruntime-node');

// The short sample is the document's own.
const document = new URL('../../../docs/model-format.md', import.meta.url);
const sample = readFileSync(document, 'utf8').split('```js\n')[1].split('```')[0];
const short = new Function('ort', `${sample}; return generate;`)(ort);

for (const { seed, stream, row, words, uniforms, normals } of JSON.parse(readFileSync(oracleFile, 'utf8')).cases) {
  const at = [BigInt(seed), stream, BigInt(row)];
  const compare = (name, values, make, tolerance) => values.forEach((expected, j) => {
    if (!(Math.abs(make(...at, j) - expected) <= tolerance)) throw new Error(`${name} ${j} of row ${row}: got ${make(...at, j)}, expected ${expected}`);
  });
  compare('word', words, word, 0);
  compare('uniform', uniforms, uniform, 0);
  compare('normal', normals, normal, 1e-6);
}
const manifest = JSON.parse(readFileSync(`${folder}/model.json`, 'utf8'));
const expected = readFileSync(rowsFile, 'utf8').trimEnd().split('\n').slice(1).map(line => line.split(',').slice(0, -1).map(Number));
const session = await ort.InferenceSession.create(`${folder}/generator.onnx`);
const rows = await generate(ort, session, manifest, 0, expected.length);
let turned = 0;
expected.flat().forEach((value, i) => {
  const { decimals, minimum, maximum } = manifest.schema.columns[i % manifest.schema.columns.length], unit = 10 ** -decimals;
  const difference = Math.abs(value - rows[i]);
  // Floats have seven digits, some columns as many decimals.
  if (difference > Math.max(1.001 * unit, 1e-5 * (maximum - minimum))) throw new Error(`value ${i}: got ${rows[i]}, expected ${value}`);
  if (difference > 0.001 * unit && difference > 1e-6 * (maximum - minimum)) turned++;
});
console.log(`generate.mjs: ${expected.length} rows, ${turned} values rounded the other way`);
if (turned > 0.02 * expected.flat().length) throw new Error('too many');
// Other random numbers, other rows: within the columns' ranges, and about the same mean.
const { columns } = manifest.schema, others = await short(session, manifest, 0, 2000);
columns.forEach(({ name, minimum, maximum }, j) => {
  const mean = (values, count) => Array.from({ length: count }, (_, i) => values[i * columns.length + j]).reduce((sum, value) => sum + value / count, 0);
  const own = Array.from(others).filter((_, i) => i % columns.length === j);
  if (own.length !== 2000 || own.some(value => !(value >= minimum && value <= maximum))) throw new Error(`${name}: out of range`);
  const difference = Math.abs(mean(others, 2000) - mean(rows, expected.length)) / (maximum - minimum);
  if (!(difference < 0.1)) throw new Error(`${name}: means differ by ${difference} of the range`);
});
console.log('model-format.md: the JavaScript sample gives rows like these');
