// A text box that never loses a word: each keystroke is kept in this browser, and sent after a short pause.
// `version` counts the texts that Coach put in; as long as it is the same, what the leader typed wins.
const PAUSE = 300;

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

  let timer = 0;
  box.oninput = () => {
    keep();
    clearTimeout(timer);
    timer = setTimeout(() => say(box.value), PAUSE);
  };
  box.onblur = () => {
    clearTimeout(timer);
    if (box.value !== data.value) say(box.value);
  };
  box.onkeydown = (event) => {
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
