// The plot: curves over one symbol, drawn in the svg element of the page.

const BOX = { left: 78, right: 622, top: 40, bottom: 310 };
const TICKS = 5;

function element(tag, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function short(value, letters) {
  const size = Math.abs(value);
  if (size < 1000) return String(Number(value.toPrecision(3)));
  const thousands = Math.floor(Math.log10(size) / 3 + 1e-9);
  if (thousands > letters.length) return value.toExponential(1).replace("+", "");
  return Number((value / 1000 ** thousands).toPrecision(3)) + letters[thousands - 1];
}

function linearTicks(low, high) {
  const rough = (high - low) / TICKS;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * ten).find((s) => s >= rough);
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high * (1 + 1e-12); i++) ticks.push(i * step);
  return ticks;
}

function logTicks(low, high) {
  const decades = Math.log10(high / low);
  if (decades < 0.7) return linearTicks(low, high);
  const every = Math.max(1, Math.ceil(decades / 6));
  const ticks = [];
  for (let ten = Math.floor(Math.log10(low)); ten <= Math.ceil(Math.log10(high)); ten += every)
    for (const m of decades < 3 ? [1, 2, 5] : [1]) {
      const tick = m * 10 ** ten;
      if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push(tick);
    }
  return ticks;
}

// A scale from values to places; a log scale takes what is above 0 alone.
function scale(values, from, to, log, fromZero) {
  const kept = values.filter((v) => Number.isFinite(v) && (!log || v > 0));
  if (!kept.length) return null;
  let low = Math.min(...kept), high = Math.max(...kept);
  if (fromZero && !log) [low, high] = [Math.min(0, low), Math.max(0, high)];
  if (low === high) [low, high] = log ? [low / 2, high * 2] : [low - Math.abs(low || 1) / 2, high + Math.abs(high || 1) / 2];
  const bent = log ? Math.log : (v) => v;
  const place = (v) => from + ((bent(v) - bent(low)) / (bent(high) - bent(low))) * (to - from);
  return { place, ticks: log ? logTicks(low, high) : linearTicks(low, high), fits: (v) => Number.isFinite(v) && (!log || v > 0) };
}

// Points that hang together, as a path; a null between them leaves a gap.
function path(points, x, y) {
  let text = "", open = false;
  for (const point of points) {
    const fits = point && x.fits(point[0]) && y.fits(point[1]);
    if (fits) text += `${open ? "L" : "M"}${x.place(point[0]).toFixed(1)} ${y.place(point[1]).toFixed(1)}`;
    open = Boolean(fits);
  }
  return text;
}

function axes(svg, x, y, { letters, across, up }) {
  for (const tick of y.ticks) {
    const at = y.place(tick).toFixed(1);
    svg.append(element("line", { class: "grid", x1: BOX.left, x2: BOX.right, y1: at, y2: at }));
    svg.append(element("text", { x: BOX.left - 7, y: at, "text-anchor": "end", "dominant-baseline": "middle" }, short(tick, letters)));
  }
  for (const tick of x.ticks) {
    const at = x.place(tick).toFixed(1);
    svg.append(element("line", { class: "axis", x1: at, x2: at, y1: BOX.bottom, y2: BOX.bottom + 5 }));
    svg.append(element("text", { x: at, y: BOX.bottom + 8, "text-anchor": "middle", "dominant-baseline": "hanging" }, short(tick, "KMBT")));
  }
  svg.append(element("path", { class: "axis", d: `M${BOX.left} ${BOX.top}V${BOX.bottom}H${BOX.right}` }));
  const middle = (BOX.left + BOX.right) / 2;
  svg.append(element("text", { x: middle, y: 376, "text-anchor": "middle" }, across));
  svg.append(element("text", { x: 4, y: 20 }, up));
}

// curves: {kind: "now" or "pinned", points, mark, dots}
function draw(svg, curves, { log, ...texts }) {
  svg.replaceChildren();
  const points = curves.flatMap(({ points, mark }) => [...points, mark]).filter(Boolean);
  const x = scale(points.map(([v]) => v), BOX.left, BOX.right, log, false);
  const y = scale(points.map(([, v]) => v), BOX.bottom, BOX.top, log, true);
  if (!x || !y) return false;
  axes(svg, x, y, texts);
  for (const { kind, points, mark, dots } of curves) {
    svg.append(element("path", { class: kind, d: path(points, x, y) }));
    const round = (point, name, r) => {
      if (point && x.fits(point[0]) && y.fits(point[1]))
        svg.append(element("circle", { class: name, cx: x.place(point[0]).toFixed(1), cy: y.place(point[1]).toFixed(1), r }));
    };
    if (dots) for (const point of points) round(point, kind === "now" ? "dot" : "there", 3.5);
    round(mark, kind === "now" ? "here" : "there", 6);
  }
  return true;
}
