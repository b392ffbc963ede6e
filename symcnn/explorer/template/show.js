// What the page shows at some values: the message, the totals, the formula, the plot, the conditions, the layers.

const $ = (id) => document.getElementById(id);
const data = JSON.parse($("data").textContent);
const formulas = new Formulas(data.nodes);
const MOST_POINTS = 160;
const NONE = "—";

const knobs = data.knobs.map((told, place) => {
  const [first, step] = told.list ? [null, null] : [BigInt(told.first), BigInt(told.step)];
  const list = told.list ? told.list.map(parsed) : null;
  const count = list ? list.length : told.count;
  const value = (i) => (list ? list[i] : first + step * BigInt(i));
  return { ...told, count, value, list, first, step, field: $(`knob-${place}`), slider: $(`slider-${place}`), wrong: $(`wrong-${place}`) };
});
const state = { values: knobs.map((knob) => parsed(knob.start)), pinned: null };

// What is wrong with a value, or an empty text.
function refused(knob, value) {
  const sign = value === null ? 0 : compare(value, 0n);
  const right = { "": true, positive: sign > 0, nonnegative: sign >= 0, negative: sign < 0, nonpositive: sign <= 0 }[knob.sign];
  if (value === null || (knob.integer && !isInteger(value)) || !right) return `${knob.name} must be ${knob.kind}`;
  const odd = isInteger(value) && value % 2n !== 0n;
  return knob.parity === null || odd === Boolean(knob.parity) ? "" : `${knob.name} must be ${knob.parity ? "odd" : "even"}`;
}

const holds = (at, root) => {
  try { return at(root); } catch { return false; }
};
const valueOf = (at, root) => {
  try { return [at(root), ""]; } catch (error) { return [null, error instanceof RangeError ? "the number is too large" : error.message]; }
};
const listed = (values) => knobs.map((knob, i) => `${knob.name} = ${written(values[i])}`).join(", ");
const broken = (at) => data.conditions.filter(({ root }) => !holds(at, root));

// A configuration: what fails there, and its totals, which are shown nowhere if something fails.
function configuration(values) {
  const at = formulas.at(values);
  const fails = broken(at);
  const totals = data.quantities.map(({ root }) => (fails.length ? [null, ""] : valueOf(at, root)));
  return { values, at, fails, totals };
}

const chosen = () => data.quantities[$("of").selectedIndex];
const bound = data.note ? "≥ " : "";

function redraw() {
  const now = configuration(state.values);
  const pinned = state.pinned && configuration(state.pinned);
  showMessage(now);
  showTotals(now, pinned);
  showFormula(now);
  showPlot(now, pinned);
  showConditions(now);
  showLayers(now);
}

function showMessage({ values, fails, totals }) {
  const sentences = fails.map(({ text, symbols, reason }) => {
    const about = symbols.map((i) => `${knobs[i].name} = ${written(values[i])}`).join(", ");
    return `${about} ${symbols.length === 1 ? "breaks" : "break"} the condition ${text}${reason ? ` (${reason})` : ""}`;
  });
  const other = totals[$("of").selectedIndex][1];
  const more = sentences.length > 3 ? ` And ${sentences.length - 3} more conditions fail.` : "";
  const text = sentences.length ? `No numbers here: ${sentences.slice(0, 3).join("; ")}.${more}` : other ? `No number here: ${other}.` : "";
  if ($("message").textContent !== text) $("message").textContent = text;
  $("message").hidden = !text;
}

const totalRows = data.quantities.map(({ label }) => {
  const row = $("totals").tBodies[0].insertRow();
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = label;
  row.append(head);
  for (const kind of ["", "pinned", "pinned", "pinned"]) {
    const cell = row.insertCell();
    cell.className = `number ${kind}`;
  }
  return row;
});

function showTotals(now, pinned) {
  for (const cell of document.querySelectorAll("#totals .pinned")) cell.hidden = !pinned;
  totalRows.forEach((row, i) => {
    const [value] = now.totals[i];
    const [other] = pinned ? pinned.totals[i] : [null];
    const both = value !== null && other !== null;
    const difference = both ? add(value, multiply(-1n, other)) : null;
    const texts = [
      value === null ? NONE : bound + written(value),
      other === null ? NONE : bound + written(other),
      both ? (compare(difference, 0n) > 0 ? "+" : "") + written(difference) : NONE,
      both && over(other) !== 0n ? `× ${rounded(toNumber(divide(value, other)))}` : NONE,
    ];
    texts.forEach((text, cell) => (row.cells[cell + 1].textContent = text));
    row.className = data.quantities[i] === chosen() ? "chosen" : "";
  });
  $("pinned-at").hidden = !pinned;
  if (pinned) $("pinned-at").textContent = `pinned: ${listed(pinned.values)}${pinned.fails.length ? ", where a condition fails" : ""}`;
}

function showFormula(now) {
  const place = $("of").selectedIndex;
  const [value] = now.totals[place];
  for (const formula of document.querySelectorAll(".formula > div")) formula.hidden = formula.dataset.place !== String(place);
  $("value").textContent = value === null ? NONE : bound + written(value);
  $("at").textContent = `at ${listed(now.values)}`;
  $("latex").textContent = chosen().latex;
  $("python").textContent = chosen().python;
}

// The values that a curve is drawn at: those of the knob, thinned, and the current one.
function samples(knob, current) {
  const count = Math.min(knob.count, MOST_POINTS);
  const found = Array.from({ length: count }, (_, i) => knob.value(count === 1 ? 0 : Math.floor((i * (knob.count - 1)) / (count - 1))));
  if (!found.some((x) => compare(x, current) === 0)) found.push(current);
  return found.sort(compare);
}

function curve(kind, values, place, root) {
  const point = (x) => {
    const at = formulas.at(values.with(place, x));
    if (broken(at).length) return null;
    const [y] = valueOf(at, root);
    return y === null ? null : [toNumber(x), toNumber(y)];
  };
  const knob = knobs[place];
  return { kind, points: samples(knob, values[place]).map(point), mark: point(values[place]), dots: knob.count <= 12 };
}

function showPlot(now, pinned) {
  const place = $("vary").selectedIndex, { root, label, letters } = chosen();
  const curves = [curve("now", now.values, place, root)];
  if (pinned) curves.unshift(curve("pinned", pinned.values, place, root));
  const log = $("log").checked;
  const drawn = draw($("plot"), curves, { log, letters, across: knobs[place].name, up: label });
  const points = curves.at(-1).points, kept = points.filter(Boolean);
  const gaps = kept.length < points.length ? ", left out where a condition fails" : "";
  $("plot").hidden = !drawn;
  const ends = () => [kept[0], kept.at(-1)].map(([x, y]) => `${short(y, letters)} at ${knobs[place].name} = ${short(x, "KMBT")}`).join(" to ");
  $("plot-text").textContent = kept.length
    ? `${label} along ${knobs[place].name}: from ${ends()}${gaps}${pinned ? "; the pinned configuration is dashed" : ""}.`
    : "There is nothing to draw here: a condition fails throughout.";
  $("exponent").textContent = exponentText(now, place);
}

// How many per cent more for 1 % more of the symbol: by its formula, or from one step to the next.
function exponent(now, place) {
  const root = chosen().exponents[place];
  if (root !== null) return [valueOf(now.at, root)[0], ""];
  const step = knobs[place].step ?? 1n, x = now.values[place], next = add(x, step);
  const [value] = now.totals[$("of").selectedIndex];
  const [after] = valueOf(formulas.at(now.values.with(place, next)), chosen().root);
  if (value === null || after === null || over(value) === 0n) return [null, ""];
  return [divide(multiply(x, add(after, multiply(-1n, value))), multiply(step, value)), " (from here to the next value)"];
}

function exponentText(now, place) {
  const { name } = knobs[place];
  const [found, how] = now.fails.length ? [null, ""] : exponent(now, place);
  if (found === null) return `Local exponent in ${name}: ${NONE}`;
  const exact = rounded(toNumber(found));
  return `Local exponent in ${name}: ${exact}${how}. 1 % more of ${name} makes about ${exact} % more.`;
}

function showConditions(now) {
  for (const item of document.querySelectorAll("#conditions li")) {
    const fails = now.fails.includes(data.conditions[item.dataset.place]);
    const status = item.querySelector(".status");
    status.textContent = fails ? "✗ fails:" : "✓ holds:";
    status.classList.toggle("fails", fails);
  }
}

const layerRows = (data.layers ?? []).map(({ path, label, outputs, counts }) => {
  const row = $("layers").tBodies[0].insertRow();
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = path;
  row.append(head);
  const [count, share, output, layer] = [0, 1, 2, 3].map(() => row.insertCell());
  const code = document.createElement("code");
  code.textContent = data.labels[label];
  layer.append(code);
  output.className = count.className = "number";
  const bar = document.createElement("span"), filled = document.createElement("span"), text = document.createElement("span");
  bar.className = "bar";
  bar.append(filled);
  share.append(bar, text);
  return { row, outputs, counts, output, count, filled, text };
});

function shapeText(now, shape) {
  return shape.map((size) => (typeof size === "string" ? size : written(valueOf(now.at, size)[0] ?? NONE))).join(" × ");
}

function showLayers(now) {
  if (!layerRows.length) return;
  const place = $("of").selectedIndex, [total] = now.totals[place], { key, label } = chosen();
  const added = layerRows[0].counts[place] !== undefined && layerRows[0].counts[place] !== null;
  $("layers-of").textContent = label;
  $("layers-note").textContent = added ? "" : `${key} is no sum over layers: the table has none of it.`;
  let left = 0;
  for (const { row, outputs, counts, output, count, filled, text } of layerRows) {
    const [value] = now.fails.length || !added ? [null] : valueOf(now.at, counts[place]);
    const share = value === null || total === null || over(total) === 0n ? null : toNumber(divide(value, total));
    output.textContent = now.fails.length ? NONE : outputs.map((shape) => shapeText(now, shape)).join("; ");
    count.textContent = value === null ? NONE : written(value);
    filled.style.width = `${100 * Math.min(Math.max(share ?? 0, 0), 1)}%`;
    text.textContent = share === null ? NONE : `${(100 * share).toFixed(1)} %`;
    row.hidden = value === 0n && !$("all-layers").checked;
    left += row.hidden;
  }
  $("left-out").textContent = left ? `(${left} left out)` : "";
}
