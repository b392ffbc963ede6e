// Exact numbers: an integer is a BigInt, a fraction {n, d} in lowest terms with d above 1.

const isInteger = (x) => typeof x === "bigint";
const over = (x) => (isInteger(x) ? x : x.n);
const under = (x) => (isInteger(x) ? 1n : x.d);
const MOST_BITS = 4_000_000;
const MOST_STEPS = 100_000n;

function gcd(a, b) {
  while (b) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
}

function quotient(n, d) {
  if (d === 0n) throw new Error("the formula divides by zero");
  const common = gcd(n, d) * (d < 0n ? -1n : 1n);
  return d === common ? n / common : { n: n / common, d: d / common };
}

function whole(value) {
  const text = String(value);
  return text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text);
}

function add(a, b) {
  return isInteger(a) && isInteger(b) ? a + b : quotient(over(a) * under(b) + over(b) * under(a), under(a) * under(b));
}

function multiply(a, b) {
  return isInteger(a) && isInteger(b) ? a * b : quotient(over(a) * over(b), under(a) * under(b));
}

function divide(a, b) {
  return quotient(over(a) * under(b), under(a) * over(b));
}

function compare(a, b) {
  const left = over(a) * under(b), right = over(b) * under(a);
  return left < right ? -1 : left > right ? 1 : 0;
}

// Division of BigInts drops what is behind the point; a floor is one less where that was negative.
function floorDivide(a, b) {
  let n = over(a) * under(b), d = under(a) * over(b);
  if (d === 0n) throw new Error("the formula divides by zero");
  if (d < 0n) [n, d] = [-n, -d];
  const q = n / d;
  return n % d < 0n ? q - 1n : q;
}

function remainder(a, b) {
  return add(a, multiply(-1n, multiply(b, floorDivide(a, b))));
}

function power(base, exponent) {
  if (!isInteger(exponent)) throw new Error("an exponent is no integer");
  const size = exponent < 0n ? -exponent : exponent;
  const bits = (over(base).toString(16).length + under(base).toString(16).length) * 4;
  const trivial = isInteger(base) && (base === 0n || base === 1n || base === -1n);
  if (!trivial && size * BigInt(bits) > MOST_BITS) throw new Error("the number is too large to be written out");
  const result = quotient(over(base) ** size, under(base) ** size);
  return exponent < 0n ? divide(1n, result) : result;
}

const COMPARED = {
  ">=": (c) => c >= 0, ">": (c) => c > 0, "<=": (c) => c <= 0,
  "<": (c) => c < 0, "==": (c) => c === 0, "!=": (c) => c !== 0,
};

function operands([kind, ...parts]) {
  if (kind === "const" || kind === "arg" || kind === "index" || kind === "always") return [];
  if (kind === "compare") return parts.slice(1);
  if (kind === "pow") return parts.slice(0, 1);
  return kind === "choose" ? parts.flat() : parts;
}

// The nodes of some formulas; each stands after those that it is computed from.
class Formulas {
  constructor(nodes) {
    this.nodes = nodes.map(([kind, ...parts]) => (kind === "const" ? [kind, whole(parts[0])] : [kind, ...parts]));
    this.moving = new Map();
    this.nodes.forEach((node, place) => {
      if (node[0] === "loop") this.moving.set(place, this.containing(node[1], place));
    });
  }

  containing(index, last) {
    const found = new Set([index]);
    for (let i = index + 1; i < last; i++) if (operands(this.nodes[i]).some((part) => found.has(part))) found.add(i);
    found.delete(index);
    return [...found];
  }

  // The formulas at some values: a function from a root to its value, each node computed at most once.
  at(args) {
    const known = new Array(this.nodes.length);
    const value = (node) => (known[node] === undefined ? (known[node] = this.computed(node, args, known, value)) : known[node]);
    return value;
  }

  computed(place, args, known, value) {
    const [kind, ...parts] = this.nodes[place];
    switch (kind) {
      case "const": case "always": return parts[0];
      case "arg": return args[parts[0]];
      case "add": return parts.reduce((sum, part) => add(sum, value(part)), 0n);
      case "mul": return parts.reduce((product, part) => multiply(product, value(part)), 1n);
      case "pow": return power(value(parts[0]), BigInt(parts[1]));
      case "power": return power(value(parts[0]), value(parts[1]));
      case "floordiv": return floorDivide(value(parts[0]), value(parts[1]));
      case "mod": return remainder(value(parts[0]), value(parts[1]));
      case "ratio": return divide(value(parts[0]), value(parts[1]));
      case "max": return parts.map(value).reduce((a, b) => (compare(a, b) < 0 ? b : a));
      case "min": return parts.map(value).reduce((a, b) => (compare(a, b) > 0 ? b : a));
      case "abs": return compare(value(parts[0]), 0n) < 0 ? multiply(-1n, value(parts[0])) : value(parts[0]);
      case "compare": return COMPARED[parts[0]](compare(value(parts[1]), value(parts[2])));
      case "and": return parts.every(value);
      case "or": return parts.some(value);
      case "not": return !value(parts[0]);
      case "choose": return this.chosen(parts, value);
      case "loop": return this.loop(place, parts, known, value);
      default: throw new Error(`the page does not know the operation ${kind}`);
    }
  }

  chosen(branches, value) {
    const found = branches.find(([test]) => value(test));
    if (!found) throw new Error("no case of the formula holds");
    return value(found[1]);
  }

  // Below its start a sum runs backwards, and is taken away, as SymPy's is.
  loop(place, [index, low, high, body], known, value) {
    let [first, stop, sign] = [value(low), add(value(high), 1n), 1n];
    if (!isInteger(first) || !isInteger(stop)) throw new Error("a sum does not run between integers");
    if (stop < first) [first, stop, sign] = [stop, first, -1n];
    if (stop - first > MOST_STEPS) throw new Error("a sum has too many terms to be added up here");
    let total = 0n;
    for (let i = first; i < stop; i++) {
      for (const node of this.moving.get(place)) known[node] = undefined;
      known[index] = i;
      total = add(total, value(body));
    }
    return multiply(sign, total);
  }
}

function toNumber(x) {
  if (isInteger(x)) return Number(x);
  const spare = Math.max(0, Math.min(x.n.toString(2).length, x.d.toString(2).length) - 1000);
  return Number(x.n >> BigInt(spare)) / Number(x.d >> BigInt(spare));
}

const grouped = (n) => n.toString().replace(/\B(?=(\d{3})+$)/g, ",");

// Three significant digits and a bit more, for people.
function rounded(x) {
  const digits = Math.abs(x) >= 1000 ? 0 : Math.abs(x) >= 100 ? 1 : 3;
  return Number.isFinite(x) && Math.abs(x) < 1e15 ? String(Number(x.toFixed(digits))) : x.toPrecision(4);
}

function written(x) {
  return isInteger(x) ? grouped(x) : `${grouped(x.n)}/${grouped(x.d)} (about ${rounded(toNumber(x))})`;
}

// A value as it is typed: an integer, a fraction or a decimal; null for any other text.
function parsed(text) {
  const plain = text.replace(/[\s,_]/g, "");
  const found = /^(-?\d{1,400})(?:\/(\d{1,400})|\.(\d{1,400}))?$/.exec(plain);
  if (!found) return null;
  const [, integer, divisor, digits] = found;
  if (divisor !== undefined) return /^0+$/.test(divisor) ? null : quotient(BigInt(integer), BigInt(divisor));
  return digits === undefined ? BigInt(integer) : quotient(BigInt(integer + digits), 10n ** BigInt(digits.length));
}

const asText = (x) => (isInteger(x) ? String(x) : `${x.n}/${x.d}`);
