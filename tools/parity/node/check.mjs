// Runs a model's three networks in onnxruntime-node and compares with the committed outputs of the C# runtime.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [modules, folder, goldenFile] = process.argv.slice(2);
const ort = createRequire(`${modules}/`)('onnxruntime-node');
const golden = JSON.parse(readFileSync(goldenFile, 'utf8'));
const tolerance = 1e-4;
const { Latent, Width, Classes, Ranges } = golden;
const count = golden.Seeds.length;

const int64 = (values) => new ort.Tensor('int64', BigInt64Array.from(values.map(BigInt)), [count]);
const float = (values, width) => new ort.Tensor('float32', Float32Array.from(values), [count, width]);
const double = (values, width) => new ort.Tensor('float64', Float64Array.from(values), [count, width]);

async function check(role, inputs, expected) {
  const session = await ort.InferenceSession.create(`${folder}/${role}.onnx`);
  const outputs = await session.run(inputs);
  for (const [name, [values, ranges]] of Object.entries(expected)) {
    const actual = outputs[name].data;
    if (actual.length !== values.length) throw new Error(`${role}.${name}: got ${actual.length} values, expected ${values.length}`);
    const largest = values.reduce((most, value, i) => Math.max(most, Math.abs(actual[i] - value) / ranges[i % ranges.length]), 0);
    console.log(`${role}.${name}: largest difference ${largest.toExponential(1)} of a column's range`);
    if (!(largest <= tolerance)) throw new Error(`${role}.${name}: above ${tolerance}`);
  }
}

await check('generator', { seed: int64(golden.Seeds), noise: float(golden.Noise, Latent) }, { rows: [golden.GeneratorRows, Ranges] });
await check('decoder', { latent: float(golden.Noise, Latent), class: int64(golden.Labels) }, { rows: [golden.DecoderRows, Ranges] });
await check('encoder', { rows: double(golden.GeneratorRows, Width), condition: float(golden.Condition, Classes) }, { mu: [golden.Mu, [1]], log_variance: [golden.LogVariance, [1]] });
