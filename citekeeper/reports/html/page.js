"use strict";
(() => {
  const controls = document.querySelector(".controls");
  if (!controls) return;
  const rows = Array.from(document.querySelectorAll("tbody tr"));
  const find = controls.querySelector("#find");
  const state = controls.querySelector("#state");
  const attention = controls.querySelector("#attention");
  const order = controls.querySelector("#order");
  const shown = controls.querySelector("output");
  const text = new Map();
  const words = (row) => {
    if (!text.has(row)) text.set(row, row.textContent.toLowerCase());
    return text.get(row);
  };
  const filter = () => {
    const wanted = find.value.trim().toLowerCase();
    let count = 0;
    for (const row of rows) {
      const fits = (!state || !state.value || row.dataset.state === state.value)
        && (!attention || !attention.checked || row.dataset.attention === "1")
        && (!wanted || words(row).includes(wanted));
      row.hidden = !fits;
      if (fits) count += 1;
    }
    shown.textContent = count === rows.length ? `${rows.length} shown` : `${count} of ${rows.length} shown`;
  };
  const keys = {
    document: (row) => Number(row.dataset.number),
    gravest: (row) => Number(row.dataset.rank),
    state: (row) => row.dataset.state,
    address: (row) => row.querySelector("code").textContent,
  };
  const sort = () => {
    const key = keys[order.value];
    for (const body of document.querySelectorAll("tbody")) {
      const sorted = Array.from(body.rows).map((row) => [key(row), Number(row.dataset.number), row]);
      sorted.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1]));
      // Out of the page while its rows move: thousands of them are laid out once, not on the way.
      const table = body.parentNode;
      body.remove();
      body.append(...sorted.map((each) => each[2]));
      table.append(body);
    }
  };
  let waiting = 0;
  find.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  for (const each of [state, attention]) if (each) each.addEventListener("change", filter);
  order.addEventListener("change", sort);
  addEventListener("beforeprint", () => {
    for (const each of document.querySelectorAll("tr:not([hidden]) details")) each.open = true;
  });
  controls.hidden = false;
  filter();
})();
