// Builds stylesheet and scripts into forms/static/dist: hashed names, a manifest for the pages, licences of all parts.
import * as esbuild from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';

const OUT = process.env.OUT || '../forms/static/dist';

// a new island is one line here
const ENTRIES = {
  style: 'src/css/style.css',
  app: 'src/app.js',
  viewer: 'src/viewer.js',
};

fs.rmSync(OUT, { recursive: true, force: true });
const built = await esbuild.build({
  entryPoints: ENTRIES,
  bundle: true,
  splitting: true,
  format: 'esm',
  minify: true,
  target: ['es2020', 'chrome90'],
  outdir: OUT,
  metafile: true,
  entryNames: '[name]-[hash]',
  chunkNames: 'part-[hash]',
  assetNames: '[name]-[hash]',
  loader: { '.svg': 'dataurl' },
  logLevel: 'warning',
});

writeManifest(built.metafile.outputs);
writeLicences(Object.keys(built.metafile.inputs));

function writeManifest(outputs) {
  const manifest = {};
  for (const [file, output] of Object.entries(outputs)) {
    if (!output.entryPoint) continue;
    const name = Object.keys(ENTRIES).find((key) => ENTRIES[key] === output.entryPoint);
    const entry = (manifest[name] ??= { js: [], css: [] });
    entry[file.endsWith('.css') ? 'css' : 'js'].push(path.basename(file));
    if (output.cssBundle) entry.css.push(path.basename(output.cssBundle));
  }
  fs.writeFileSync(path.join(OUT, 'manifest.json'), JSON.stringify(manifest, null, 1));
}

function writeLicences(inputs) {
  const folders = new Set(inputs.map((file) => file.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean));
  const texts = [...folders].sort().map((folder) => {
    const about = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const file = fs.readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
    const text = file ? fs.readFileSync(path.join(folder, file), 'utf8') : 'No licence file in the package.\n';
    return `=== ${about.name} ${about.version} (${about.license})\n${text}`;
  });
  fs.writeFileSync(path.join(OUT, 'THIRD-PARTY.txt'), texts.join('\n'));
}
