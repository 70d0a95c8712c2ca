"use strict";
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
});
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  heads.forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.cells[column].dataset.key;
      const isNumber = head.classList.contains("number");
      const value = (text) => (text === "inf" ? Infinity : Number(text));
      const order = (a, b) => {
        if (!isNumber) return key(a).localeCompare(key(b), "en", { numeric: true });
        const [x, y] = [value(key(a)), value(key(b))];
        return x === y ? 0 : x < y ? -1 : 1;
      };
      const rows = [...body.rows].sort((a, b) => (down ? order(b, a) : order(a, b)));
      body.append(...rows);
    });
  });
}
