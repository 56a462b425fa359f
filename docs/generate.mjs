// Draws rows from a model in onnxruntime-node or onnxruntime-web, the very ones that the C# runtime draws: see model-format.md.
// 64-bit numbers are BigInt.
const mask = 0xFFFFFFFFn;

// Word j of a row: Philox4x32-10.
export function word(seed, stream, row, j) {
  let [c0, c1, c2, c3] = [BigInt(j >> 2), row & mask, row >> 32n & mask, BigInt(stream)];
  let [k0, k1] = [seed & mask, seed >> 32n & mask];
  for (let round = 0; round < 10; round++) {
    const p0 = 0xD2511F53n * c0, p1 = 0xCD9E8D57n * c2;
    [c0, c1, c2, c3] = [p1 >> 32n ^ c1 ^ k0, p1 & mask, p0 >> 32n ^ c3 ^ k1, p0 & mask];
    [k0, k1] = [k0 + 0x9E3779B9n & mask, k1 + 0xBB67AE85n & mask];
  }
  return Number([c0, c1, c2, c3][j & 3]);
}

export const uniform = (seed, stream, row, j) => (word(seed, stream, row, j) >>> 8) / 2 ** 24;

export function normal(seed, stream, row, j) {
  const first = j & ~1, radius = Math.sqrt(-2 * Math.log1p(-uniform(seed, stream, row, first))), angle = 2 * Math.PI * uniform(seed, stream, row, first + 1);
  return Math.fround(radius * (j & 1 ? Math.sin(angle) : Math.cos(angle)));
}

// Column noise: four bytes of a word, summed.
export function byteSum(seed, stream, row, j) {
  const w = word(seed, stream, row, j);
  return Math.fround(((w & 255) + (w >>> 8 & 255) + (w >>> 16 & 255) + (w >>> 24) - 510) / Math.sqrt(21845));
}

/** Rows 0 to count - 1 of class c, as `leocvae generate --seed SEED` makes them: count x d values, row by row. */
export async function generate(ort, session, manifest, c, count, seed = 42n) {
  const { class_starts: starts, even_seeds: even, noise_factors: factors, choices, attempts = 1 } = manifest.sampling, one = BigInt(c) << 40n;
  const numbers = manifest.schema.columns.filter(({ kind, flag_of: flag }) => !flag && kind !== 'Category' && kind !== 'Identifier').length;
  const widths = { noise: manifest.latent_size, ...(factors && { factor_noise: factors, column_noise: numbers }), ...(choices && { choice: choices }) };
  const run = async (outputs, seeds, noise) => {
    const feeds = { seed: new ort.Tensor('int64', BigInt64Array.from(seeds, BigInt), [seeds.length]) };
    for (const [name, width] of Object.entries(widths))
      feeds[name] = new ort.Tensor('float32', Float32Array.from(noise[name]), [seeds.length, width]);
    return session.run(feeds, outputs);
  };
  const empty = () => ({ noise: [], factor_noise: [], column_noise: [], choice: [] });
  const weights = (await run(['seed_weight'], [], empty())).seed_weight.data.slice(starts[c], starts[c + 1]);
  let sum = 0;
  const upTo = Array.from(weights, weight => sum += weight);
  const start = BigInt(word(seed, 7, one, 0)) << 32n | BigInt(word(seed, 7, one, 1));
  const draws = { noise: [8, normal], factor_noise: [23, normal], column_noise: [24, byteSum], choice: [28, uniform] };
  const width = manifest.schema.columns.length, rows = new Float64Array(count * width);
  // Rows that don't pass the check are drawn again, each time by another key and from another seed.
  let left = Array.from({ length: count }, (_, i) => i);
  for (let attempt = 0; attempt < attempts && left.length; attempt++) {
    const seeds = [], noise = empty(), key = seed + BigInt(attempt) * 11400714819323198485n & 0xFFFFFFFFFFFFFFFFn;
    for (const i of left.map(BigInt)) {
      const u = even && !attempt ? Number((start + i * 11400714819323198485n & 0xFFFFFFFFFFFFFFFFn) >> 11n) / 2 ** 53 : uniform(key, 7, one + i, 0);
      const at = upTo.findIndex(total => u * sum < total);
      seeds.push(starts[c] + (at < 0 ? upTo.length - 1 : at));
      for (const [name, size] of Object.entries(widths))
        for (let j = 0; j < size; j++)
          noise[name].push(draws[name][1](key, draws[name][0], one + i, j));
    }
    const made = await run(attempts > 1 ? ['rows', 'margin'] : ['rows'], seeds, noise);
    left.forEach((row, i) => rows.set(made.rows.data.subarray(i * width, (i + 1) * width), row * width));
    left = left.filter((_, i) => made.margin && !(made.margin.data[i] >= 0));
  }
  return rows;
}
