// A text box that never loses a word: each keystroke is kept in this browser, and sent after a short pause.
// `version` counts the texts that Coach put in; as long as it is the same, what the leader typed wins.
const PAUSE = 100;

export default function (component) {
  const { data, parentElement, setStateValue, setTriggerValue } = component;
  const box = parentElement.querySelector("#box");
  const copy = parentElement.querySelector("#copy");
  const said = parentElement.querySelector("#said");
  const store = `coach.${data.store}`;

  parentElement.querySelector("label").textContent = data.label;
  parentElement.querySelector("#hint").textContent = data.hint;
  box.placeholder = data.placeholder;
  box.rows = data.rows;
  copy.hidden = !data.copy;

  const keep = () => {
    try { localStorage.setItem(store, JSON.stringify({ version: data.version, text: box.value })); } catch { /* private mode */ }
  };
  const kept = () => {
    try { return JSON.parse(localStorage.getItem(store)); } catch { return null; }
  };
  const say = (text) => {
    setStateValue("text", { version: data.version, text });
  };

  if (box.dataset.version !== String(data.version)) {
    const before = box.dataset.version === undefined ? kept() : null;
    box.dataset.version = String(data.version);
    box.value = data.value;
    if (before && before.version === data.version && before.text !== data.value) {
      box.value = before.text;
      say(before.text);
    } else {
      keep();
    }
  }

  // Marks come with offsets in code points for the text they were made of; here they are in UTF-16 units.
  const under = parentElement.querySelector("#under");
  const about = parentElement.querySelector("#about");
  const units = (text, point) => Array.from(text).slice(0, point).join("").length;
  let marks = (data.marks || []).map((m) => ({ ...m, start: units(data.marked, m.start), end: units(data.marked, m.end) }));
  let drawn = data.marked || "";

  const moved = (text) => {
    // The part that was edited lies between what both texts begin with and what both end with.
    let head = 0;
    while (head < drawn.length && head < text.length && drawn[head] === text[head]) head += 1;
    let tail = 0;
    while (tail < drawn.length - head && tail < text.length - head && drawn.at(-1 - tail) === text.at(-1 - tail)) tail += 1;
    const change = text.length - drawn.length;
    marks = marks
      .filter((m) => m.end <= head || m.start >= drawn.length - tail)
      .map((m) => (m.start >= drawn.length - tail && m.end > head ? { ...m, start: m.start + change, end: m.end + change } : m));
    drawn = text;
  };
  const draw = () => {
    if (drawn !== box.value) moved(box.value);
    under.replaceChildren();
    let at = 0;
    for (const m of [...marks].sort((a, b) => a.start - b.start)) {
      if (m.start < at) continue;
      const mark = document.createElement("mark");
      mark.className = m.shape;
      mark.textContent = drawn.slice(m.start, m.end);
      mark.about = m.about;
      mark.from = m.start;
      under.append(drawn.slice(at, m.start), mark);
      at = m.end;
    }
    under.append(`${drawn.slice(at)}\n`);
    under.scrollTop = box.scrollTop;
  };
  const tell = (mark) => {
    for (const other of under.querySelectorAll(".here")) other.classList.remove("here");
    if (mark) mark.classList.add("here");
    const quoted = mark && !mark.about.startsWith("“") ? `“${mark.textContent.trim()}”: ` : "";
    const text = mark ? quoted + mark.about : "";
    if (about.textContent !== text) about.textContent = text;
  };
  const atCaret = () => {
    const caret = box.selectionStart;
    tell([...under.querySelectorAll("mark")].find((m) => m.from <= caret && caret <= m.from + m.textContent.length));
  };
  let pointer = "";
  const atPointer = (event) => {
    // A page that moves under a pointer at rest must not talk over the keyboard.
    const place = `${event.screenX},${event.screenY}`;
    const moved = pointer !== "" && pointer !== place;
    pointer = place;
    if (!moved) return;
    const inside = (r) => r.left <= event.clientX && event.clientX <= r.right && r.top <= event.clientY && event.clientY <= r.bottom;
    const mark = [...under.querySelectorAll("mark")].find((m) => [...m.getClientRects()].some(inside));
    if (mark) tell(mark);
  };
  draw();
  if (box.matches(":focus")) atCaret();
  box.onscroll = () => { under.scrollTop = box.scrollTop; };
  box.onmousemove = atPointer;
  box.onmouseleave = () => (box.matches(":focus") ? atCaret() : tell());
  box.onkeyup = (event) => { if (event.key !== "F8") atCaret(); };
  box.onclick = atCaret;
  box.onfocus = atCaret;

  let timer = 0;
  box.oninput = () => {
    keep();
    draw();
    clearTimeout(timer);
    timer = setTimeout(() => say(box.value), PAUSE);
  };
  box.onblur = () => {
    clearTimeout(timer);
    if (box.value !== data.value) say(box.value);
  };
  const toNextRemark = () => {
    const remarks = [...under.querySelectorAll("mark")].filter((m) => m.className);
    const next = remarks.find((m) => m.from > box.selectionStart) || remarks[0];
    if (!next) return;
    box.setSelectionRange(next.from, next.from + next.textContent.length);
    tell(next);
  };
  box.onkeydown = (event) => {
    if (event.key === "F8") {
      event.preventDefault();
      toNextRemark();
    }
    if (data.submit && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      clearTimeout(timer);
      setTriggerValue("submit", { version: data.version, text: box.value });
    }
  };
  copy.onclick = async () => {
    try {
      await navigator.clipboard.writeText(box.value);
    } catch {
      box.select();
      document.execCommand("copy");
    }
    said.textContent = "Copied.";
    setTimeout(() => { said.textContent = ""; }, 4000);
  };
  return () => clearTimeout(timer);
}
