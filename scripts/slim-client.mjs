// Makes the generated Prisma client take 16 MB less memory, without changing what it does. Run by generate.mjs.
//
// 1. The query compiler comes as a module whose text is base64, of which V8 keeps the text and the literal in it for ever
//    (9 MB). It is read as a file instead, and forgotten.
// 2. The client unpacks a graph of what queries may hold into objects whose keys are the numbers of words. V8 keeps an object
//    with numbers of a few hundred as a list of all the numbers up to it, most of it empty (10 MB), one with larger numbers
//    only as a table (3.5 MB). So the words that are keys come last: numbers from about 1,300 on.

/**
 * @param {string} source of `internal/class.ts`
 * @returns {string} the same, leaner
 * @throws Error when the source isn't what this release of Prisma makes: then this file has to be looked at
 */
export function slimClient(source) {
  return withGraph(withFile(source));
}

const COMPILER = /const \{ wasm \} = await import\("(@prisma\/client\/runtime\/[\w.]+\.wasm-base64)\.m?js"\)/;

function withFile(source) {
  if (!COMPILER.test(source))
    throw new Error('The generated client does not load its query compiler as expected: see scripts/slim-client.mjs.');
  return source.replace(
    COMPILER,
    `const [{ readFile }, { createRequire }] = await Promise.all([import('node:fs/promises'), import('node:module')])
    const text = await readFile(createRequire(import.meta.url).resolve("$1.js"), 'latin1')
    const wasm = text.slice(text.indexOf('"') + 1, text.lastIndexOf('"'))`,
  );
}

const GRAPH = /strings: JSON\.parse\(("(?:[^"\\]|\\.)*")\),\s*graph: "([\w-]*)"/;

function withGraph(source) {
  const [, text, packed] = GRAPH.exec(source) ?? [];
  if (!text || !packed) throw new Error('The generated client does not hold its graph as expected: see scripts/slim-client.mjs.');
  const words = JSON.parse(JSON.parse(text));
  const keys = new Set();
  renumbered(packed, (number, isKey) => {
    if (isKey) keys.add(number);
    return number;
  });
  const order = words.map((_, number) => number).sort((a, b) => Number(keys.has(a)) - Number(keys.has(b)) || a - b);
  const places = new Map(order.map((number, place) => [number, place]));
  const graph = renumbered(packed, (number) => places.get(number));
  const strings = JSON.stringify(JSON.stringify(order.map((number) => words[number])));
  return source.replace(GRAPH, () => `strings: JSON.parse(${strings}),\n  graph: "${graph}"`);
}

/**
 * The graph with other numbers for its words. It is packed as Prisma's own reader has it (@prisma/client/runtime/client.js,
 * `inputNodes`): numbers of seven bits a byte, the lowest first; what may be missing is stored as one more, 0 for missing.
 */
function renumbered(packed, place) {
  const bytes = Buffer.from(packed, 'base64url');
  const out = [];
  let at = 0;
  const read = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error("Prisma's graph ends too early: see scripts/slim-client.mjs.");
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const write = (value) => {
    let rest = value;
    for (; rest >= 128; rest >>>= 7) out.push((rest & 127) | 128);
    out.push(rest);
  };
  const copy = () => {
    const value = read();
    write(value);
    return value;
  };
  const copyBytes = (count) => {
    for (let left = count; left > 0; left--) out.push(bytes[at++]);
  };
  const counts = [copy(), copy(), copy()];
  const [inputNodes = 0, outputNodes = 0, roots = 0] = counts;
  for (let node = 0; node < inputNodes; node++) {
    for (let edge = copy(); edge > 0; edge--) {
      write(place(read(), true));
      // The kinds of scalars, two bytes; the node below; the enum's name, a word too; flags.
      copyBytes(2);
      copy();
      const name = read();
      write(name === 0 ? 0 : place(name - 1, false) + 1);
      copyBytes(1);
    }
  }
  for (let node = 0; node < outputNodes; node++) {
    for (let edge = copy(); edge > 0; edge--) {
      write(place(read(), true));
      copy();
      copy();
    }
  }
  for (let root = 0; root < roots; root++) {
    write(place(read(), false));
    copy();
    copy();
  }
  if (at !== bytes.length) throw new Error("Prisma's graph is longer than expected: see scripts/slim-client.mjs.");
  return Buffer.from(out).toString('base64url');
}
