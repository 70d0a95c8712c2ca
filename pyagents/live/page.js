"use strict";
// Shows the steps of a run as they come, and again those that have been.

const WIDTH = 320, HEIGHT = 130, LEFT = 34, BOTTOM = 18, TOP = 6, RIGHT = 6;
const find = (id) => document.getElementById(id);
const steps = [];
let about = null, shown = -1, live = true, pending = false;

function element(name, attributes, parent, text) {
  const made = parent.namespaceURI.endsWith("svg") || name === "svg"
    ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return parent.appendChild(made);
}

function state(kind, text) {
  find("state").className = kind;
  find("state").textContent = text;
}

function begin(message) {
  about = message;
  find("agent").textContent = about.agent;
  find("about").textContent = about.about;
  document.title = `${about.agent} - nru watch`;
  for (const title of about.tiles) {
    const tile = element("div", {}, find("tiles"));
    element("dt", {}, tile, title);
    element("dd", {}, tile, "-");
  }
  for (const panel of about.panels) {
    const card = element("section", { class: "card" }, find("charts"));
    const head = element("h2", {}, card, panel.title);
    if (panel.parts) element("span", {}, head, `, thin: ${panel.parts}`);
    element("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": panel.title }, card);
  }
  state("playing", "playing");
}

// A round number at or above the greatest value, to end an axis with.
function ceiling(value) {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((part) => part * power).find((end) => end >= value * 0.9999);
}

function path(values, x, y) {
  let text = "", joined = false;
  values.forEach((value, index) => {
    if (value !== null) text += `${joined ? "L" : "M"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    joined = value !== null;
  });
  return text;
}

function chart(svg, panel, at) {
  svg.replaceChildren();
  const curves = steps[0].curves[panel].map((_, line) => steps.map((step) => step.curves[panel][line]));
  const top = ceiling(Math.max(0, ...curves.flat().filter((value) => value !== null)));
  const x = (index) => LEFT + (WIDTH - LEFT - RIGHT) * steps[index].step / Math.max(1, about.steps);
  const y = (value) => HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top;
  for (const value of [0, top / 2, top]) {
    element("line", { class: "axis", x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value) }, svg);
    element("text", { x: LEFT - 5, y: y(value) + 3, "text-anchor": "end" }, svg, Number(value.toPrecision(3)));
  }
  const end = about.start + about.steps * about.step;
  element("text", { x: LEFT, y: HEIGHT - 4 }, svg, `${about.start.toFixed(1)} s`);
  element("text", { x: WIDTH - RIGHT, y: HEIGHT - 4, "text-anchor": "end" }, svg, `${end.toFixed(1)} s`);
  curves.slice(1).forEach((curve) => element("path", { class: "part", d: path(curve, x, y) }, svg));
  element("path", { class: "whole", d: path(curves[0], x, y) }, svg);
  element("line", { class: "mark", x1: x(at), x2: x(at), y1: TOP, y2: HEIGHT - BOTTOM }, svg);
  if (curves[0][at] !== null) element("circle", { class: "dot", cx: x(at), cy: y(curves[0][at]), r: 3 }, svg);
}

function draw() {
  pending = false;
  if (!steps.length) return;
  const at = live ? steps.length - 1 : Math.min(shown, steps.length - 1);
  shown = at;
  find("at").max = steps.length - 1;
  find("at").value = at;
  find("when").textContent = `step ${steps[at].step} of ${about.steps}, ${steps[at].time}`;
  const cells = find("tiles").querySelectorAll("dd");
  steps[at].tiles.forEach((text, index) => { cells[index].textContent = text; });
  document.querySelectorAll("svg").forEach((svg, panel) => chart(svg, panel, at));
  for (let back = at; back >= 0; back -= 1) {
    if (steps[back].picture) {
      find("hall").hidden = false;
      find("picture").src = steps[back].picture;
      break;
    }
  }
}

function redraw() {
  if (!pending) requestAnimationFrame(draw);
  pending = true;
}

function follow(on) {
  live = on;
  find("live").setAttribute("aria-pressed", String(on));
  redraw();
}

find("live").addEventListener("click", () => follow(true));
find("at").addEventListener("input", (event) => { shown = Number(event.target.value); follow(false); });

const events = new EventSource("events");
events.addEventListener("about", (event) => { if (!about) begin(JSON.parse(event.data)); });
events.addEventListener("step", (event) => { steps.push(JSON.parse(event.data)); redraw(); });
events.addEventListener("end", (event) => {
  events.close();
  const { message } = JSON.parse(event.data);
  state(message ? "failed" : "done", message ? "failed" : "over");
  if (message) find("about").textContent = message;
  find("live").disabled = true;
});
events.onerror = () => { events.close(); state("failed", "cut off"); };
