"use strict";
// Documents dropped or chosen are sent one after the other, each as the body of a request of its own.
{
  const at = id => document.getElementById(id);
  const most = Number(at("upload").dataset.most);
  const words = state => at("words").querySelector(`[data-state="${state}"]`)?.cloneNode(true) ?? state;
  const isPdf = file => file.name.toLowerCase().endsWith(".pdf");
  const lines = new Map();
  let sending = 0, wasBusy = false;

  const line = (key, name, state, told, page) => {
    const item = lines.get(key) ?? at("items").appendChild(document.createElement("li"));
    lines.set(key, item);
    const called = document.createElement(page ? "a" : "span");
    called.textContent = name;
    if (page) called.href = encodeURIComponent(page);
    const badge = document.createElement("span");
    badge.className = `badge ${state}`;
    badge.append(words(state));
    item.replaceChildren(badge, called);
    if (told) item.append(Object.assign(document.createElement("small"), { textContent: told }));
  };

  const send = async file => {
    const key = `${file.name} ${file.size}`;
    if (file.size > most) return line(key, file.name, "error", words("large").textContent);
    line(key, file.name, "sending");
    try {
      const headers = { "X-Name": encodeURIComponent(file.name), "Content-Type": "application/pdf" };
      const answer = await fetch("/upload", { method: "POST", body: file, headers });
      const told = await answer.json();
      lines.get(key)?.remove();
      lines.delete(key);
      if (answer.ok) line(told.document_id, file.name, "waiting");
      else line(key, file.name, "error", told.error);
    } catch (error) {
      line(key, file.name, "error", String(error));
    }
  };
  const sendAll = async files => {
    sending += 1;
    at("progress").hidden = false;
    for (const file of files.filter(isPdf)) await send(file);
    sending -= 1;
    watch();
  };

  const inside = async entry => {
    if (entry.isFile) return [await new Promise((done, failed) => entry.file(done, failed))];
    const reader = entry.createReader();
    const found = [];
    for (;;) {
      const some = await new Promise((done, failed) => reader.readEntries(done, failed));
      if (!some.length) return (await Promise.all(found.map(inside))).flat();
      found.push(...some);
    }
  };

  const watch = async () => {
    const told = await (await fetch("/progress")).json();
    const shown = told.busy || sending || wasBusy || lines.size ? told.items : []; // what is long done is in the list below
    shown.forEach(one => line(one.document_id, one.name, one.state, one.told, one.page));
    at("progress").hidden = !(told.busy || sending);
    at("bar").max = Math.max(told.total, 1);
    at("bar").value = told.count;
    at("counted").textContent = `${told.count} / ${told.total}`;
    if (wasBusy && !told.busy && !sending) at("fresh").hidden = false;
    wasBusy = told.busy;
    if (told.busy || sending) setTimeout(watch, 700);
  };

  const drop = at("drop");
  drop.addEventListener("dragover", event => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", async event => {
    event.preventDefault();
    drop.classList.remove("over");
    const entries = [...event.dataTransfer.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean);
    const files = entries.length ? (await Promise.all(entries.map(inside))).flat() : [...event.dataTransfer.files];
    sendAll(files);
  });
  for (const id of ["files", "folder"]) {
    at(id).addEventListener("change", event => {
      const files = [...event.target.files];
      event.target.value = "";
      sendAll(files);
    });
  }
  watch();
}
