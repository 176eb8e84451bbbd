// The rich-text editor over the textarea of an article's text, or of one of the owner's own pages. Without this script the textarea takes HTML.
// What can stand in the text is exactly what the cleaner lets through (articles/html/tags.py). Nothing is rewritten while
// somebody types; what is pasted goes to the server first and comes back as readers would get it.

const template = document.getElementById("article-editor");
const textarea = document.getElementById("id_body");
const said = template.dataset;
const kit = await import(said.editor);
const { Editor, Extension, Mark, Node, pm } = kit;
const { pictureDialog } = await import(said.pictureScript);

// --- What can stand in a text

const attribute = (name, onlyIf = (value) => value) => ({
  default: null,
  parseHTML: (element) => (onlyIf(element.getAttribute(name)) ? element.getAttribute(name) : null),
  renderHTML: (values) => (values[name] ? { [name]: values[name] } : {}),
});
// An element and its twin, such as <strong> and <b>: one button, and each text keeps the one that it has.
const twins = (name, tags, shortcut) =>
  Mark.create({
    name,
    addAttributes: () => ({ tag: { default: tags[0], parseHTML: (element) => element.localName, renderHTML: () => ({}) } }),
    parseHTML: () => tags.map((tag) => ({ tag })),
    renderHTML: ({ mark }) => [mark.attrs.tag, 0],
    addKeyboardShortcuts() {
      return { [shortcut]: () => this.editor.commands.toggleMark(name) };
    },
  });
const block = (name, tag, content, more = {}) =>
  Node.create({ name, content, parseHTML: () => [{ tag }], renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0], ...more });

const Link = Mark.create({
  name: "link",
  inclusive: false,
  addAttributes: () => ({ href: attribute("href"), title: attribute("title") }),
  parseHTML: () => [{ tag: "a[href]" }],
  renderHTML: ({ HTMLAttributes }) => ["a", HTMLAttributes, 0],
});
const Abbreviation = Mark.create({
  name: "abbreviation",
  addAttributes: () => ({ title: attribute("title") }),
  parseHTML: () => [{ tag: "abbr" }],
  renderHTML: ({ HTMLAttributes }) => ["abbr", HTMLAttributes, 0],
});
const Language = Mark.create({
  name: "language",
  addAttributes: () => ({ lang: attribute("lang") }),
  parseHTML: () => [{ tag: "span[lang]" }],
  renderHTML: ({ HTMLAttributes }) => ["span", HTMLAttributes, 0],
});
// A <caption> is no row, so a table with one stands in a box with it while it is edited; see `inside` and `outside`.
const CaptionedTable = block("captionedTable", "figure", "caption table", {
  group: "block",
  isolating: true,
  parseHTML: () => [{ tag: "figure", getAttrs: (element) => (element.querySelector(":scope > table") ? null : false) }],
});
// A picture of this site; what can be typed in it is its caption.
// Without a description it has the one of its upload; an empty one says that it is decorative here.
const ofPicture = (name) => ({ default: null, parseHTML: (element) => pictureIn(element).getAttribute(name), rendered: false });
const pictureIn = (element) => element.querySelector(":scope > img");
const Picture = Node.create({
  name: "picture",
  group: "block",
  content: "inline*",
  isolating: true,
  addAttributes: () => ({ src: ofPicture("src"), alt: ofPicture("alt") }),
  parseHTML: () => [
    {
      tag: "figure",
      getAttrs: (element) => (pictureIn(element) ? null : false),
      contentElement: (element) => element.querySelector("figcaption") || element.appendChild(document.createElement("figcaption")),
    },
  ],
  renderHTML: ({ node: { attrs }, HTMLAttributes }) => [
    "figure",
    HTMLAttributes,
    ["img", attrs.alt === null ? { src: attrs.src } : { alt: attrs.alt, src: attrs.src }],
    ["figcaption", 0],
  ],
  addKeyboardShortcuts() {
    return { Enter: () => this.editor.isActive("picture") && writeAfterPicture() };
  },
});
// The box that says when to call a doctor; it stands between the other blocks of the text and in none of them.
const Doctor = Node.create({
  name: "doctor",
  content: "block+",
  defining: true,
  parseHTML: () => [{ tag: "section.doctor" }],
  renderHTML: ({ HTMLAttributes }) => ["section", { class: "doctor", ...HTMLAttributes }, 0],
});
const Text = kit.Document.extend({ content: "(block | doctor)+" });
const Caption = block("caption", "figcaption", "inline*", { isolating: true });
const Terms = block("terms", "dl", "(term | description)+", { group: "block" });
const Term = block("term", "dt", "inline*");
const Description = block("description", "dd", "block+");
const Table = kit.Table.extend({
  renderHTML: ({ HTMLAttributes }) => ["table", HTMLAttributes, ["tbody", 0]],
  // Not the last Tab: it would add a row, and nobody could leave the table with the keyboard.
  addKeyboardShortcuts() {
    return {
      Tab: () => this.editor.commands.goToNextCell(),
      "Shift-Tab": () => this.editor.commands.goToPreviousCell(),
    };
  },
});
const Row = kit.TableRow.extend({
  addAttributes: () => ({
    // Of a row that was made here its cells say whether it is one of the head.
    head: {
      default: null,
      parseHTML: (element) => element.parentElement?.localName === "thead",
      renderHTML: ({ head }) => (head === null ? {} : { "data-head": head }),
    },
  }),
});
const cell = {
  colspan: { default: 1, parseHTML: (element) => element.colSpan || 1 },
  rowspan: { default: 1, parseHTML: (element) => element.rowSpan || 1 },
  colwidth: { default: null, rendered: false },
};
const Cell = kit.TableCell.extend({ addAttributes: () => cell });
const HeaderCell = kit.TableHeader.extend({ addAttributes: () => ({ ...cell, scope: attribute("scope") }) });
const Item = kit.ListItem.extend({
  content: "paragraph block*",
  // Tab leaves the text, for people without a mouse; the buttons and these keys nest items.
  addKeyboardShortcuts() {
    return {
      Enter: () => this.editor.commands.splitListItem("listItem"),
      "Mod-]": () => this.editor.commands.sinkListItem("listItem"),
      "Mod-[": () => this.editor.commands.liftListItem("listItem"),
    };
  },
});
const Numbered = kit.OrderedList.extend({
  addAttributes: () => ({
    start: { default: 1, parseHTML: (element) => element.start, renderHTML: ({ start }) => (start === 1 ? {} : { start }) },
    type: attribute("type"),
  }),
  renderHTML: ({ HTMLAttributes }) => ["ol", HTMLAttributes, 0],
});
const LANGUAGES_OF = ["paragraph", "heading", "bulletList", "orderedList", "listItem", "blockquote", "table", "tableRow", "tableCell"];
const Languages = Extension.create({
  name: "languages",
  addGlobalAttributes: () => [
    {
      types: [...LANGUAGES_OF, "tableHeader", "caption", "picture", "doctor", "terms", "term", "description"],
      attributes: { lang: attribute("lang") },
    },
  ],
});

// --- HTML as it is saved <-> HTML as it is edited

function inside(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const caption of body.querySelectorAll("caption")) {
    const figure = document.createElement("figure");
    const words = document.createElement("figcaption");
    if (caption.lang) words.lang = caption.lang;
    words.append(...caption.childNodes);
    caption.parentElement.replaceWith(figure);
    figure.append(words, caption.parentElement);
    caption.remove();
  }
  return body;
}

function outside(fragment) {
  const body = document.implementation.createHTMLDocument().body;
  body.append(fragment);
  for (const one of body.querySelectorAll('[colspan="1"]')) one.removeAttribute("colspan");
  for (const one of body.querySelectorAll('[rowspan="1"]')) one.removeAttribute("rowspan");
  for (const table of body.querySelectorAll("table")) {
    const rows = [...table.tBodies[0].rows];
    const isHead = (row) => row.dataset.head !== "false" && [...row.cells].every((one) => one.localName === "th");
    const length = rows.findIndex((row) => !isHead(row));
    const head = length < 0 ? rows.slice(0, -1) : rows.slice(0, length);
    for (const row of rows) delete row.dataset.head;
    if (head.length) table.createTHead().append(...head);
  }
  for (const words of body.querySelectorAll("img + figcaption")) {
    if (!words.hasChildNodes()) words.remove();
  }
  for (const figure of body.querySelectorAll("figure:not(:has(> img))")) {
    const [words, table] = figure.children;
    const caption = table.createCaption();
    if (words.lang) caption.lang = words.lang;
    caption.append(...words.childNodes);
    figure.replaceWith(table);
  }
  // One paragraph in an item or a cell is the words alone; the server says the same.
  for (const holder of body.querySelectorAll("li, td, th, dd")) {
    const [first, ...others] = holder.children;
    if (first?.localName === "p" && !first.attributes.length && others.every((one) => /^[uo]l$/.test(one.localName))) {
      first.replaceWith(...first.childNodes);
    }
  }
  return body.innerHTML;
}

const wordsOf = (element) => element.textContent.replace(/\s+/g, "");
const contentOf = (element) => [wordsOf(element), ...[...element.querySelectorAll("img")].map((one) => one.getAttribute("src"))].join(" ");

// --- The editor

const frame = document.createElement("div");
frame.className = "editor";
frame.append(template.content.cloneNode(true));
const tools = frame.querySelector("[role=toolbar]");
const notice = frame.querySelector("[role=status]");
const dialog = frame.querySelector("dialog");
const pictures = frame.querySelector("dialog + dialog");
const label = document.querySelector("label[for=id_body]");
label.id = "id_body_label";

const editor = new Editor({
  element: null,
  injectCSS: false, // The policy refuses styles that a script makes; these are in admin.css.
  enableInputRules: false,
  enablePasteRules: false,
  content: inside(textarea.value).innerHTML,
  extensions: [
    ...[Text, kit.Paragraph, kit.Text, kit.HardBreak, kit.History, kit.HorizontalRule, kit.Blockquote, kit.Gapcursor, kit.Dropcursor],
    kit.Heading.configure({ levels: [2, 3] }),
    ...[kit.BulletList, Numbered, Item, CaptionedTable, Picture, Doctor, Caption, Table, Row, Cell, HeaderCell, Terms, Term, Description],
    ...[Link, Abbreviation, Language, twins("bold", ["strong", "b"], "Mod-b"), twins("italic", ["em", "i"], "Mod-i")],
    ...[kit.Superscript, kit.Subscript, Languages],
  ],
  editorProps: {
    attributes: {
      "aria-labelledby": label.id,
      "aria-describedby": textarea.getAttribute("aria-describedby") || "",
      "aria-multiline": "true",
      role: "textbox",
    },
    // Before the editor itself reads what comes: its styles would run into the policy.
    handleDOMEvents: {
      paste: (view, event) => takes(event, event.clipboardData),
      drop: (view, event) => {
        if (view.dragging || !isForUs(event.dataTransfer)) return false;
        const place = view.posAtCoords({ left: event.clientX, top: event.clientY });
        if (place) editor.commands.setTextSelection(place.pos);
        return takes(event, event.dataTransfer);
      },
    },
  },
});
let openPictures = null;
const html = () => outside(pm.model.DOMSerializer.fromSchema(editor.schema).serializeFragment(editor.state.doc.content));

// Nobody's words or pictures are lost because they stand where this editor has no place for them: then the textarea stays.
const isComplete = contentOf(inside(html())) === contentOf(inside(textarea.value));
if (isComplete) start();

function start() {
  const asOpened = editor.state.doc;
  const asSaved = textarea.value;
  // An unchanged text is sent as it came, to the letter.
  const save = () => {
    textarea.value = editor.state.doc.eq(asOpened) ? asSaved : html();
  };
  textarea.hidden = true;
  textarea.after(frame);
  const page = frame.querySelector(".editor-page");
  editor.mount(page);
  label.addEventListener("click", () => editor.commands.focus());
  editor.on("update", save);
  textarea.form.addEventListener("submit", save);
  editor.on("transaction", show);
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) COMMANDS[button.name]();
  });
  for (const select of tools.querySelectorAll("select")) {
    select.addEventListener("change", () => {
      CHOICES[select.name](select.value);
      if (select.name !== "block") select.value = "";
    });
  }
  // One of the owner's own pages cites nothing.
  tools.querySelector("[name=source]")?.addEventListener("focus", offerSources);
  tools.querySelector("[name=source]")?.addEventListener("pointerdown", offerSources);
  tools.addEventListener("keydown", moveAmongTools);
  page.addEventListener("keydown", (event) => {
    if (!event.altKey || event.key !== "F10") return;
    stop(event);
    tools.querySelector("[tabindex='0']").focus();
  });
  // Not inside the form of the article, where it could be no form of its own.
  document.body.append(dialog, pictures);
  dialog.addEventListener("close", linkChosen);
  rove(tools.querySelector("button"));
  show();
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}

// --- Pasting

const isForUs = (data) => Boolean(data.getData("text/html") || data.files.length);

// Returns whether this module takes what is pasted or dropped; plain text is left to the editor.
function takes(event, data) {
  if (!isForUs(data)) return false;
  event.preventDefault();
  const pasted = data.getData("text/html");
  const files = [...data.files].filter((one) => one.type.startsWith("image/"));
  // A copied picture comes as a file, and often with HTML of its address besides.
  if (files.length && !wordsOf(inside(pasted))) askForPicture({ files });
  else if (pasted) insert(pasted);
  else tell(said.noPicture);
  return true;
}

const token = () => textarea.form.elements.csrfmiddlewaretoken.value;

async function insert(pasted) {
  // Where it goes, also when somebody types until the server has answered.
  let place = editor.state.selection.getBookmark();
  const follow = ({ transaction }) => {
    place = place.map(transaction.mapping);
  };
  editor.on("transaction", follow);
  const form = new FormData();
  // Of a picture only that it was there matters, and it may be megabytes.
  form.append("html", pasted.replace(/(\ssrc\s*=\s*["']?data:)[^"'\s>]*/gi, "$1"));
  form.append("around", html());
  form.append("taken", [...document.querySelectorAll("[name^=sources-][name$=-position]")].map((one) => one.value).join(" "));
  let answer;
  try {
    const response = await fetch(said.paste, {
      method: "POST",
      body: form,
      headers: { "X-CSRFToken": token(), Accept: "application/json" },
    });
    answer = await response.json();
  } catch {
    answer = { error: said.failed };
  }
  editor.off("transaction", follow);
  if (answer.error) return tell(answer.error);
  editor.view.dispatch(editor.state.tr.setSelection(place.resolve(editor.state.doc)));
  editor.view.pasteHTML(inside(answer.html).innerHTML);
  return tell(answer.left_out.length ? said.left : "", answer.left_out);
}

function tell(words, lines = []) {
  const list = document.createElement("ul");
  list.append(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  const sentence = Object.assign(document.createElement("p"), { textContent: words });
  notice.replaceChildren(...(words ? [sentence] : []), ...(lines.length ? [list] : []));
}

// --- The tools

const run = () => editor.chain().focus();
const COMMANDS = {
  undo: () => run().undo().run(),
  redo: () => run().redo().run(),
  bold: () => run().toggleMark("bold").run(),
  italic: () => run().toggleMark("italic").run(),
  superscript: () => run().unsetMark("subscript").toggleMark("superscript").run(),
  subscript: () => run().unsetMark("superscript").toggleMark("subscript").run(),
  bulletList: () => run().toggleBulletList().run(),
  orderedList: () => run().toggleOrderedList().run(),
  sink: () => run().sinkListItem("listItem").run(),
  lift: () => run().liftListItem("listItem").run(),
  blockquote: () => run().toggleWrap("blockquote").run(),
  link: () => askForLink(),
  doctor: () => toggleDoctor(),
  picture: () => askForPicture(editor.isActive("picture") ? { picture: editor.getAttributes("picture") } : {}),
  clear: () => run().unsetAllMarks().run(),
};
const CHOICES = {
  block: (value) => (value === "p" ? run().setNode("paragraph") : run().setNode("heading", { level: Number(value[1]) })).run(),
  sign: (value) => run().insertContent({ type: "text", text: value }).run(),
  source: (value) => run().insertContent({ type: "text", text: `[${value}]` }).run(),
  table: (value) => ({
    insert: () => run().insertTable({ rows: 3, cols: 2, withHeaderRow: true }),
    rowAfter: () => run().addRowAfter(),
    rowBefore: () => run().addRowBefore(),
    columnAfter: () => run().addColumnAfter(),
    columnBefore: () => run().addColumnBefore(),
    deleteRow: () => run().deleteRow(),
    deleteColumn: () => run().deleteColumn(),
    headerRow: () => run().toggleHeaderRow(),
    headerColumn: () => run().toggleHeaderColumn(),
    merge: () => run().mergeOrSplit(),
    caption: () => run().command(withCaption),
    deleteCaption: () => run().command(withoutCaption),
    deleteTable: () => (editor.isActive("captionedTable") ? run().deleteNode("captionedTable") : run().deleteTable()),
  })[value]().run(),
};

// Shows in the tools what the words at the cursor are.
function show() {
  for (const name of ["bold", "italic", "superscript", "subscript", "bulletList", "orderedList", "blockquote", "link", "picture", "doctor"]) {
    tools.querySelector(`button[name=${name}]`).setAttribute("aria-pressed", editor.isActive(name));
  }
  const level = [2, 3].find((one) => editor.isActive("heading", { level: one }));
  tools.querySelector("[name=block]").value = level ? `h${level}` : "p";
  const isInTable = editor.isActive("table");
  const hasCaption = editor.isActive("captionedTable");
  const isOffered = (choice) => {
    if (choice === "insert") return !isInTable && !hasCaption;
    if (choice === "deleteCaption") return hasCaption;
    return isInTable && !(choice === "caption" && hasCaption);
  };
  for (const option of tools.querySelectorAll("[name=table] option")) {
    if (option.value) option.disabled = !isOffered(option.value);
  }
}

// One stop for Tab, arrows from tool to tool: https://www.w3.org/WAI/ARIA/apg/patterns/toolbar/
function rove(to) {
  for (const tool of tools.querySelectorAll("button, select")) tool.tabIndex = tool === to ? 0 : -1;
}

function moveAmongTools(event) {
  const all = [...tools.querySelectorAll("button, select")];
  const at = all.indexOf(event.target);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (event.key === "Escape") return editor.commands.focus();
  if (to === undefined) return undefined;
  stop(event);
  const next = all[(to + all.length) % all.length];
  rove(next);
  return next.focus();
}

// The sources of the form, also those that are not saved yet.
function offerSources() {
  const select = tools.querySelector("[name=source]");
  const rows = [...document.querySelectorAll("[name^=sources-][name$=-position]")].filter((one) => /-\d+-/.test(one.name) && one.value);
  // Marks in the text name a source by its number as the form was opened, until the save; a new one by what is typed, if that is free.
  const field = (one, name) => document.getElementsByName(one.name.replace("position", name))[0]?.value;
  const taken = new Set(rows.map((one) => field(one, "was")).filter(Boolean));
  const found = rows
    .filter((one) => field(one, "was") || !taken.has(one.value))
    .map((one) => [Number(field(one, "was") || one.value), field(one, "title")]);
  const options = found.sort((one, other) => one[0] - other[0]).map(([number, title]) => new Option(`[${number}] ${title}`.slice(0, 80), number));
  const none = new Option(said.noSources, "");
  none.disabled = true;
  select.replaceChildren(select.options[0], ...(options.length ? options : [none]));
}

function askForLink() {
  const { href = "" } = editor.getAttributes("link");
  dialog.querySelector("input").value = href;
  dialog.querySelector("[value=remove]").hidden = !href;
  dialog.returnValue = "";
  dialog.showModal();
}

function linkChosen() {
  const address = dialog.querySelector("input").value.trim();
  const chain = run().extendMarkRange("link");
  if (dialog.returnValue === "remove") chain.unsetMark("link").run();
  else if (dialog.returnValue !== "set" || !address) editor.commands.focus();
  else if (editor.state.selection.empty && !editor.isActive("link")) {
    const marks = [{ type: "link", attrs: { href: address } }];
    run().insertContent({ type: "text", text: titleOf(address), marks }).run();
  } else chain.setMark("link", { href: address }).run();
}

const titleOf = (address) => [...dialog.querySelectorAll("option")].find((one) => one.value === address)?.label || address;

// --- The caption of a table, and the box that says when to call a doctor

// Returns the nearest node of that name around the cursor, and where it begins.
function around(state, name) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if ($from.node(depth).type.name === name) return { node: $from.node(depth), at: $from.before(depth) };
  }
  return null;
}

function withCaption({ tr, state, commands }) {
  const { node, at } = around(state, "table");
  const { captionedTable, caption } = state.schema.nodes;
  tr.replaceWith(at, at + node.nodeSize, captionedTable.create(null, [caption.create(), node]));
  return commands.setTextSelection(at + 2);
}

// The words of a caption stay, above the table.
function withoutCaption({ tr, state, commands }) {
  const found = around(state, "captionedTable");
  const [caption, table] = found.node.children;
  const words = caption.childCount ? [state.schema.nodes.paragraph.create(null, caption.content)] : [];
  tr.replaceWith(found.at, found.at + found.node.nodeSize, [...words, table]);
  // Into the first cell: past the words, the table, its row and the cell.
  return commands.setTextSelection(found.at + (words.length ? words[0].nodeSize : 0) + 4);
}

// Puts the blocks of the selection into a box, or a new list at an empty line; takes a box away and leaves its words.
function toggleDoctor() {
  const title = { type: "heading", attrs: { level: 3 }, content: [{ type: "text", text: doctorTitle() }] };
  if (editor.isActive("doctor")) return run().command(withoutDoctor).run();
  if (!around(editor.state, "paragraph")?.node.childCount && editor.state.selection.empty) {
    const list = { type: "bulletList", content: [{ type: "listItem", content: [{ type: "paragraph" }] }] };
    return run().insertContent({ type: "doctor", content: [title, list] }).run();
  }
  return run().wrapIn("doctor").run();
}

function withoutDoctor({ tr, state }) {
  const { from, to } = state.selection;
  state.doc.nodesBetween(from, to, (node, at) => {
    if (node.type.name === "doctor") tr.replaceWith(tr.mapping.map(at), tr.mapping.map(at + node.nodeSize), node.content);
  });
  return true;
}

const doctorTitle = () => said[`doctor${textarea.form.elements.language?.value === "es" ? "Es" : "En"}`];

// --- Pictures

function askForPicture(about) {
  openPictures ||= pictureDialog(pictures, { address: said.upload, failed: said.noUpload, token, done: pictureChosen });
  openPictures(about);
}

// What was chosen has `src` when it is a new picture, else only its new description; `remove` takes out the one at the cursor.
function pictureChosen({ src, alt, caption, remove }) {
  if (remove) return run().deleteNode("picture").run();
  if (alt === undefined) return editor.commands.focus();
  if (!src) return run().updateAttributes("picture", { alt }).run();
  const content = caption ? [{ type: "text", text: caption }] : [];
  const before = around(editor.state, "picture");
  if (!before) return run().insertContent({ type: "picture", attrs: { src, alt }, content }).run();
  // After the picture that the cursor is in, as when several are added in turn.
  const at = before.at + before.node.nodeSize;
  return run().insertContentAt(at, { type: "picture", attrs: { src, alt }, content }).setTextSelection(at + 1 + (caption || "").length).run();
}

// Enter ends the caption; without this, nobody could write below a picture at the end.
function writeAfterPicture() {
  const after = editor.state.selection.$from.after();
  return run().insertContentAt(after, { type: "paragraph" }).setTextSelection(after + 1).run();
}
