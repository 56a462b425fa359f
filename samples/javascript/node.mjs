// npm install onnxruntime-node && node node.mjs MODEL_FOLDER CLASS COUNT: rows as JSON, one a line.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { rows } from './rows.mjs';

const ort = createRequire(`${process.env.MODULES ?? process.cwd()}/`)('onnxruntime-node');
const [folder, name, count] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync(`${folder}/model.json`)), c = manifest.classes.indexOf(name);
if (c < 0) throw new Error(`got the class '${name}', expected one of ${manifest.classes.join(', ')}`);
const session = await ort.InferenceSession.create(`${folder}/generator.onnx`);
for (const row of await rows(ort, session, manifest, c, Number(count)))
  console.log(JSON.stringify(Object.fromEntries(row.map((cell, j) => [manifest.schema.columns[j].name, cell]))));
