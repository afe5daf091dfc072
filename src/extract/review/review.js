"use strict";
const root = document.documentElement;
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// ---- language: the one last chosen, else the reader's ----

const remembered = {
  get: () => { try { return localStorage.getItem("extract-language"); } catch { return null; } },
  set: language => { try { localStorage.setItem("extract-language", language); } catch { /* a file may have no storage */ } },
};
const speak = language => { root.lang = language.startsWith("zh") ? "zh-CN" : "en"; };
speak(remembered.get() || navigator.language || "zh-CN");

// ---- a number and its box: pointing at either lights both ----

const marked = (key, within) => all(`[data-mark="${CSS.escape(key)}"]`, within);
const only = (name, elements) => {
  all(`.${name}`).forEach(one => one.classList.remove(name));
  elements.forEach(one => one.classList.add(name));
};
const point = target => {
  const holder = target.closest?.("[data-mark]");
  only("lit", holder ? marked(holder.dataset.mark) : []);
};
const pin = holder => {
  const inPicture = holder instanceof SVGElement;
  const within = holder.closest(".sheet, .finding");
  const others = marked(holder.dataset.mark, within).filter(one => one instanceof SVGElement !== inPicture);
  only("pinned", inPicture ? others : [holder]);
  only("lit", marked(holder.dataset.mark));
  others[0]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  const correct = document.getElementById("correct");
  if (correct) correct.hidden = root.dataset.serve === undefined || !document.querySelector("td.pinned");
};

// ---- findings: the pages that they are about, with the boxes of their numbers ----

const findings = () => all("details.finding");
const centre = figure => {
  const box = figure.querySelector("rect.stated, rect.suspect, rect");
  const view = figure.querySelector(".window");
  if (!box) return;
  const [inner, outer] = [box.getBoundingClientRect(), view.getBoundingClientRect()];
  view.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
  view.scrollTop += inner.top + inner.height / 2 - outer.top - outer.height / 2;
};
const evidenceOf = (finding, page) => {
  const sheet = document.getElementById(`page-${page}`);
  const source = sheet?.querySelector("figure");
  if (!source) return null;
  const figure = source.cloneNode(true);
  figure.style.cssText = sheet.style.cssText;
  figure.classList.remove("zoomed");
  figure.querySelector(".zoom").remove();
  const caption = document.createElement("figcaption");
  caption.append(sheet.querySelector("h3 a").cloneNode(true));
  figure.prepend(caption);
  const roles = new Map(all("[data-role][data-mark]", finding).reverse().map(one => [one.dataset.mark, one.dataset.role]));
  all("rect", figure).forEach(box => {
    box.removeAttribute("class");
    if (roles.has(box.dataset.mark)) box.classList.add(roles.get(box.dataset.mark));
    else box.remove();
  });
  return figure;
};
const show = finding => {
  const evidence = finding.querySelector(".evidence");
  if (!evidence.children.length) {
    const pages = finding.dataset.pages.split(" ").filter(Boolean);
    evidence.append(...pages.map(page => evidenceOf(finding, page)).filter(Boolean));
  }
  all("figure", evidence).forEach(centre);
};
const open = finding => {
  findings().forEach(one => { one.open = one === finding; });
  finding.querySelector("summary").focus({ preventScroll: true });
  finding.scrollIntoView({ block: "start" });
};
const step = by => {
  const list = findings();
  if (!list.length) return;
  const here = list.findIndex(one => one.contains(document.activeElement) || one.open);
  const next = list[Math.min(Math.max(here + by, 0), list.length - 1)];
  if (list.some(one => one.open)) open(next);
  else {
    next.querySelector("summary").focus();
    next.scrollIntoView({ block: "nearest" });
  }
};
const close = () => findings().filter(one => one.open).forEach(one => {
  one.open = false;
  one.querySelector("summary").focus();
});
const follow = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.matches(".finding")) open(target);
  const [, wanted, place] = location.hash.match(/^#([0-9a-f]{16})-(.+)$/) ?? [];
  const page = wanted && document.querySelector(`tr[data-document="${wanted}"] a`);
  if (page) location.replace(`${page.href}#${place}`); // #document-page-14: how workbooks lead to a page, whatever its file is called
};

// ---- cells: the arrow keys go from one to the next ----

const arrows = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const walk = (table, [down, right]) => {
  const rows = all("tbody tr", table).map(row => all("[data-mark]", row)).filter(row => row.length);
  if (!rows.length) return;
  const y = rows.findIndex(row => row.some(cell => cell.matches(".pinned")));
  const x = y < 0 ? 0 : rows[y].findIndex(cell => cell.matches(".pinned"));
  const row = y < 0 ? rows[0] : rows[Math.min(Math.max(y + down, 0), rows.length - 1)];
  const cell = row[Math.min(Math.max(y < 0 ? 0 : x + right, 0), row.length - 1)];
  pin(cell);
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
};

// ---- the overview: documents filtered and sorted ----

const filter = () => {
  const wanted = document.getElementById("filter").value.trim().toLowerCase();
  const status = document.querySelector('.chip[aria-pressed="true"]')?.dataset.status;
  let shown = 0;
  all("#documents tbody tr").forEach(row => {
    row.hidden = !((!status || row.dataset.status === status) && row.textContent.toLowerCase().includes(wanted));
    shown += !row.hidden;
  });
  document.getElementById("shown").textContent = shown;
};
const collator = new Intl.Collator("zh", { numeric: true });
const sort = heading => {
  const body = heading.closest("table").tBodies[0];
  const down = heading.getAttribute("aria-sort") === "ascending";
  all("th", heading.parentElement).forEach(one => one.removeAttribute("aria-sort"));
  heading.setAttribute("aria-sort", down ? "descending" : "ascending");
  const value = row => row.cells[heading.cellIndex].dataset.value ?? row.cells[heading.cellIndex].textContent;
  const rows = [...body.rows].sort((a, b) => collator.compare(value(a), value(b)));
  body.append(...(down ? rows.reverse() : rows));
};

// ---- the files beside this page, which are called as it is ----

const OWN = { xlsx: name => `../xlsx/${name}.xlsx` };
const lead = () => {
  const name = location.pathname.split("/").pop().replace(/\.html$/, "");
  all("a[data-own]").forEach(one => { one.href = OWN[one.dataset.own](name); });
  const document_id = document.querySelector('[name="document_id"]')?.value;
  if (root.dataset.serve !== undefined) all("a.pdf").forEach(one => { one.href = `../pdf/${document_id}${one.hash}`; });
};

// ---- decisions, where a server takes them ----

const dialog = () => document.getElementById("decision");
const whose = {
  get: () => { try { return localStorage.getItem("extract-name") ?? ""; } catch { return ""; } },
  set: name => { try { localStorage.setItem("extract-name", name); } catch { /* none */ } },
};
const PADDING = 1; // of the frame round a number
const aboutCell = cell => {
  const frame = marked(cell.dataset.mark, cell.closest(".sheet")).find(one => one instanceof SVGElement);
  const [x, y, width, height] = frame ? ["x", "y", "width", "height"].map(side => Number(frame.getAttribute(side))) : [];
  return {
    page: Number(cell.dataset.mark.split("-")[0]),
    box: frame ? [x + PADDING, y + PADDING, x + width - PADDING, y + height - PADDING] : null,
    printed: (cell.querySelector("s") ?? cell).textContent,
  };
};
const decide = (about, rule, kind) => {
  const form = dialog().querySelector("form");
  form.reset();
  form.elements.about.value = JSON.stringify(about);
  form.elements.rule.value = rule ?? "";
  form.elements.name.value = whose.get();
  if (kind) form.elements.kind.value = kind;
  dialog().querySelector(".about").textContent = `${about.printed} · p. ${about.page ?? "–"}`;
  dialog().showModal();
};
const decideHere = () => {
  const finding = findings().find(one => one.open && one.dataset.about);
  const cell = document.querySelector("td.pinned");
  if (cell?.dataset.about) decide(JSON.parse(cell.dataset.about), null, "corrected");
  else if (cell?.closest(".grid")) decide(aboutCell(cell), null, "corrected");
  else if (finding) decide(JSON.parse(finding.dataset.about), finding.dataset.rule);
};
const withdraw = row => {
  const { document_id, rule, kind, corrected, name, time, reason, ...about } = JSON.parse(row.dataset.about);
  const form = dialog().querySelector("form");
  form.elements.about.value = JSON.stringify(about);
  form.elements.rule.value = rule ?? "";
  form.elements.name.value = whose.get() || name;
  const gone = Object.assign(document.createElement("input"), { type: "hidden", name: "kind", value: "withdrawn" });
  all('[name="kind"]', form).forEach(one => one.remove());
  form.append(gone);
  form.submit();
};

// ---- what people do ----

document.addEventListener("mouseover", event => point(event.target));
document.addEventListener("toggle", event => {
  if (event.target.matches?.("details.finding") && event.target.open && !root.dataset.printing) {
    findings().filter(one => one !== event.target).forEach(one => { one.open = false; });
    show(event.target);
  }
}, true);
document.addEventListener("input", event => { if (event.target.id === "filter") filter(); });
document.addEventListener("click", event => {
  const at = selector => event.target.closest(selector);
  if (at("#language")) {
    speak(root.lang === "en" ? "zh-CN" : "en");
    remembered.set(root.lang);
  } else if (at("#keys")) document.getElementById("help").showModal();
  else if (at(".decide")) {
    const finding = at(".finding");
    decide(JSON.parse(finding.dataset.about), finding.dataset.rule);
  } else if (at(".withdraw")) withdraw(at("tr"));
  else if (at(".cancel")) dialog().close();
  else if (at("#correct")) decideHere();
  else if (at(".zoom")) at("figure").classList.toggle("zoomed");
  else if (at(".sort")) sort(at("th"));
  else if (at(".chip")) {
    const pressed = at(".chip").getAttribute("aria-pressed") !== "true";
    all(".chip").forEach(one => one.setAttribute("aria-pressed", one === at(".chip") && pressed));
    filter();
  } else if (at("[data-mark]")) pin(at("[data-mark]"));
});
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea") || document.querySelector("dialog[open]")) return;
  const table = event.target.closest(".grid");
  const act = table && event.key in arrows ? () => walk(table, arrows[event.key]) : {
    j: () => step(1),
    k: () => step(-1),
    ...(event.target.closest(".finding > summary") ? { ArrowDown: () => step(1), ArrowUp: () => step(-1) } : {}),
    Escape: close,
    ...(root.dataset.serve === undefined ? {} : { c: decideHere }),
    "?": () => document.getElementById("help").showModal(),
  }[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});
window.addEventListener("hashchange", follow);
window.addEventListener("DOMContentLoaded", () => {
  lead();
  follow();
});
document.addEventListener("submit", event => {
  if (event.target.elements.name) whose.set(event.target.elements.name.value);
});
let closedForPrint = [];
window.addEventListener("beforeprint", () => {
  root.dataset.printing = "yes";
  closedForPrint = findings().filter(one => !one.open);
  closedForPrint.forEach(one => { one.open = true; });
});
window.addEventListener("afterprint", () => {
  closedForPrint.forEach(one => { one.open = false; });
  delete root.dataset.printing;
});
