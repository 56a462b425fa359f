// The JavaScript sample of docs/model-format.md, run against golden words and against rows that the C# runtime generated:
//     node generate.mjs MODULES MODEL COUNTER-RANDOM.json GENERATED.csv
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [modules, folder, oracleFile, rowsFile] = process.argv.slice(2);
const ort = createRequire(`${modules}/`)('onnxruntime-node');

// The sample is the document's own.
const document = new URL('../../../docs/model-format.md', import.meta.url);
const sample = readFileSync(document, 'utf8').split('```js\n')[1].split('```')[0];
const { word, uniform, normal, generate } = new Function('ort', `${sample}; return { word, uniform, normal, generate };`)(ort);

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
const rows = await generate(await ort.InferenceSession.create(`${folder}/generator.onnx`), manifest, 0, expected.length);
let turned = 0;
expected.flat().forEach((value, i) => {
  const unit = 10 ** -manifest.schema.columns[i % manifest.schema.columns.length].decimals, difference = Math.abs(value - rows.data[i]);
  if (difference > 1.001 * unit) throw new Error(`value ${i}: got ${rows.data[i]}, expected ${value}`);
  if (difference > 0.001 * unit) turned++;
});
console.log(`generate.mjs: ${expected.length} rows, ${turned} values rounded the other way`);
if (turned > 0.02 * expected.flat().length) throw new Error('too many');
