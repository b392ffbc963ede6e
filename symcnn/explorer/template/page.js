// What a reader does: the knobs, the state in the address, and the buttons.

function place(knob, value) {
  if (knob.list) return knob.list.findIndex((one) => compare(one, value) === 0);
  const found = Number(floorDivide(add(value, multiply(-1n, knob.first)), knob.step));
  return Math.min(Math.max(found, 0), knob.count - 1);
}

function showKnob(i) {
  const knob = knobs[i], value = state.values[i];
  if (knob.list) knob.field.selectedIndex = place(knob, value);
  else {
    if (document.activeElement !== knob.field || parsed(knob.field.value) === null) knob.field.value = asText(value);
    knob.slider.value = place(knob, value);
    knob.slider.setAttribute("aria-valuetext", written(value));
  }
  showWrong(knob, "");
}

function showWrong(knob, text) {
  if (!knob.wrong) return;
  knob.field.setAttribute("aria-invalid", String(Boolean(text)));
  knob.wrong.textContent = text;
}

function setKnob(i, value) {
  state.values = state.values.with(i, value);
  showKnob(i);
  changed();
}

function setAll(values) {
  state.values = values;
  knobs.forEach((knob, i) => {
    if (!knob.list) knob.field.value = asText(values[i]);
    showKnob(i);
  });
}

knobs.forEach((knob, i) => {
  if (knob.list) {
    knob.field.addEventListener("input", () => setKnob(i, knob.value(knob.field.selectedIndex)));
    return;
  }
  knob.slider.addEventListener("input", () => {
    const value = knob.value(Number(knob.slider.value));
    knob.field.value = asText(value);
    setKnob(i, value);
  });
  knob.field.addEventListener("input", () => {
    const value = parsed(knob.field.value), wrong = refused(knob, value);
    if (wrong) showWrong(knob, `${wrong}; the numbers are for ${knob.name} = ${written(state.values[i])}`);
    else setKnob(i, value);
  });
});
$("knobs").addEventListener("submit", (event) => event.preventDefault());

// What is said aloud, and what the address keeps, once the knobs rest.

let resting = 0;
function changed() {
  redraw();
  clearTimeout(resting);
  resting = setTimeout(() => {
    const text = $("message").textContent || `${chosen().label}: ${$("value").textContent}`;
    $("live").textContent = $("message").textContent ? "" : text;
    keep();
  }, 350);
}

// In a frame of a notebook there is no address of its own.
const framed = location.protocol === "about:" || location.protocol === "data:";

function kept() {
  const words = new URLSearchParams(knobs.map((knob, i) => [knob.name, asText(state.values[i])]));
  words.set(".of", chosen().key);
  words.set(".along", knobs[$("vary").selectedIndex].name);
  if ($("log").checked) words.set(".log", "1");
  if (state.pinned) words.set(".pin", state.pinned.map(asText).join(" "));
  return `#${words}`;
}

function keep() {
  if (framed || location.hash === kept()) return;
  try { history.replaceState(null, "", kept()); } catch { /* an address that cannot be changed stays */ }
}

function allowed(i, text) {
  const value = text === null || text === undefined ? null : parsed(text);
  if (value === null || refused(knobs[i], value)) return null;
  return knobs[i].list && place(knobs[i], value) < 0 ? null : value;
}

function restore() {
  const words = new URLSearchParams(framed ? "" : location.hash.slice(1));
  setAll(knobs.map((knob, i) => allowed(i, words.get(knob.name)) ?? state.values[i]));
  const pin = (words.get(".pin") ?? "").split(" ").map((text, i) => (i < knobs.length ? allowed(i, text) : null));
  if (words.has(".pin") && pin.length === knobs.length && !pin.includes(null)) state.pinned = pin;
  const of = data.quantities.findIndex(({ key }) => key === words.get(".of"));
  const along = knobs.findIndex(({ name }) => name === words.get(".along"));
  if (of >= 0) $("of").selectedIndex = of;
  if (along >= 0) $("vary").selectedIndex = along;
  if (words.has(".log")) $("log").checked = true;
  showPin();
}

// Buttons.

function showPin() {
  $("pin").textContent = state.pinned ? "Unpin" : "Pin this configuration";
}

$("pin").addEventListener("click", () => {
  state.pinned = state.pinned ? null : state.values;
  showPin();
  changed();
});
$("reset").addEventListener("click", () => {
  setAll(knobs.map((knob) => parsed(knob.start)));
  changed();
});
for (const id of ["of", "vary", "log", "all-layers"]) $(id)?.addEventListener("input", changed);
window.addEventListener("hashchange", () => {
  restore();
  redraw();
});

async function copy(from) {
  try {
    if (self === top && navigator.clipboard) {
      await navigator.clipboard.writeText(from.textContent);
      return true;
    }
  } catch { /* not allowed here: it is selected instead */ }
  getSelection().selectAllChildren(from);
  return document.execCommand("copy");
}

for (const kind of ["latex", "python"])
  $(`copy-${kind}`).addEventListener("click", async () => {
    const done = await copy($(kind));
    $("copied").textContent = done ? "Copied." : "It is selected: press Ctrl+C or ⌘C to copy it.";
  });

// The plot starts along the symbol that matters most.
function startAlong() {
  const now = configuration(state.values);
  const weight = (i) => Math.abs(toNumber((now.fails.length ? null : exponent(now, i)[0]) ?? 0n));
  $("vary").selectedIndex = data.along.reduce((best, i) => (weight(i) > weight(best) ? i : best), data.along[0]);
}

setAll(state.values);
startAlong();
restore();
redraw();
