// Runs a model's three networks in onnxruntime-node and compares with the committed outputs of the C# runtime.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [modules, folder, goldenFile] = process.argv.slice(2);
const ort = createRequire(`${modules}/`)('onnxruntime-node');
const golden = JSON.parse(readFileSync(goldenFile, 'utf8'));
const tolerance = 1e-4;
// Rows are rounded in the network: a value halfway between two decimals may go the other way on another processor, by one unit.
const flipsAllowed = 0.02;
const { Latent, Width, Classes, Factors, Ranges, Units } = golden;
const count = golden.Seeds.length;

const int64 = (values) => new ort.Tensor('int64', BigInt64Array.from(values.map(BigInt)), [count]);
const float = (values, width) => new ort.Tensor('float32', Float32Array.from(values), [count, width]);
const double = (values, width) => new ort.Tensor('float64', Float64Array.from(values), [count, width]);

async function check(role, inputs, expected) {
  const session = await ort.InferenceSession.create(`${folder}/${role}.onnx`);
  const outputs = await session.run(inputs);
  for (const [name, [values, ranges, units]] of Object.entries(expected)) {
    const actual = outputs[name].data;
    if (actual.length !== values.length) throw new Error(`${role}.${name}: got ${actual.length} values, expected ${values.length}`);
    let largest = 0, flips = 0;
    values.forEach((value, i) => {
      const difference = Math.abs(actual[i] - value), relative = difference / ranges[i % ranges.length];
      if (relative > tolerance && difference < 1.001 * units[i % units.length]) flips++;
      else if (!(relative <= largest)) largest = relative;
    });
    console.log(`${role}.${name}: largest difference ${largest.toExponential(1)} of a column's range, ${flips} values rounded the other way`);
    if (!(largest <= tolerance) || flips > flipsAllowed * values.length) throw new Error(`${role}.${name}: above ${tolerance}`);
  }
}

const noise = { noise: float(golden.Noise, Latent), factor_noise: float(golden.FactorNoise, Factors), column_noise: float(golden.ColumnNoise, Width) };
await check('generator', { seed: int64(golden.Seeds), ...noise }, { rows: [golden.GeneratorRows, Ranges, Units] });
await check('decoder', { latent: float(golden.Noise, Latent), class: int64(golden.Labels) }, { rows: [golden.DecoderRows, Ranges, Units] });
await check('encoder', { rows: double(golden.GeneratorRows, Width), condition: float(golden.Condition, Classes) }, { mu: [golden.Mu, [1], [0]], log_variance: [golden.LogVariance, [1], [0]] });
