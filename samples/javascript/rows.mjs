// Rows of a model in any JavaScript, by onnxruntime-node or onnxruntime-web: its generator.onnx and model.json are all there is to it.
// ort: the module; session: of generator.onnx; manifest: model.json; c: the class's number; count: how many rows.
export async function rows(ort, session, manifest, c, count) {
  const { class_starts: starts, noise_factors: factors, choices } = manifest.sampling, { columns } = manifest.schema;
  const floats = (width, draw) => new ort.Tensor('float32', Float32Array.from({ length: count * width }, draw), [count, width]);
  const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  const byteSum = () => ([0, 0, 0, 0].reduce(sum => sum + Math.floor(256 * Math.random()), 0) - 510) / Math.sqrt(21845);
  const seeds = Array.from({ length: count }, () => BigInt(starts[c] + Math.floor(Math.random() * (starts[c + 1] - starts[c]))));
  const feeds = { seed: new ort.Tensor('int64', BigInt64Array.from(seeds), [count]), noise: floats(manifest.latent_size, normal) };
  const numbers = columns.filter(({ kind, flag_of: flag }) => !flag && kind !== 'Category' && kind !== 'Identifier').length;
  if (factors) Object.assign(feeds, { factor_noise: floats(factors, normal), column_noise: floats(numbers, byteSum) });
  if (choices) feeds.choice = floats(choices, Math.random);
  const { data } = (await session.run(feeds, ['rows'])).rows;
  return Array.from({ length: count }, (_, i) => columns.map((column, j) => value(column, data[i * columns.length + j])));
}

// A cell as a number, a name, an ISO date or time; null where it is missing.
const value = ({ kind, categories }, cell) => Number.isNaN(cell) ? null : categories ? categories[cell]
  : kind === 'Date' ? new Date(cell * 864e5).toISOString().slice(0, 10) : kind === 'DateTime' ? new Date(cell * 1e3).toISOString() : cell;
