// The error guide in a browser: the steps of book/errorguide in their order and under their names, over the same
// catalogue (decoder-data.js). One file, and no module: a page that is opened from a disk may load no modules.
// tests/test_decoder.py runs both over the same texts and demands the same answers.
(function (root) {
  "use strict";

  let knownMaps = {}; // for `maps` in an expression; prepare takes it from the catalogue

  function prepare(catalogue) {
    knownMaps = catalogue.known_maps;
    const templates = catalogue.errors.flatMap((entry) => entry.templates.map((line) => [entry, readTemplate(line)]));
    return { index: indexTemplates(templates), words: wordsOf(templates), keys: keysOf(templates), sharedCauses: catalogue.causes };
  }

  function explain(text, { index, words: known, keys, sharedCauses }) {
    const cleaned = clean(shortened(text, keys));
    const tokens = withWholeWords(split(cleaned), known);
    let matches = find(tokens, index);
    matches = complete(matches);
    const chosen = choose(matches, tokens);
    if (!chosen.length) return null;
    const told = chosen.map((match) => {
      const causes = rank(match, sharedCauses);
      const kind = kindOf(match, causes, sharedCauses);
      return tell(match, causes, kind, messageOf(match, tokens, cleaned), placeOf(match, tokens, cleaned));
    });
    return { ...told[0], unknown: unknownError(matches, tokens, cleaned), others: told.slice(1) };
  }

  // ---- text.py: read ------------------------------------------------------------------------------------------------
  // eslint-disable-next-line no-control-regex
  const ESCAPES = /\x1b\[[0-9;:]*[A-Za-z]|\x1b\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)|\x1b/gu;
  const WRITTEN_ESCAPES = /\\(?:u001[bB]|x1[bB]|033|e)(?=\[)/g;
  const LOST_ESCAPES = /\[[0-9]{1,2}(?:;[0-9]{1,3}){0,4}m/g;
  const WRITTEN_ENDS = /(?<![A-Za-z0-9_])[A-Za-z]:\\[^ \t\n"'<>|]*|\\{1,4}[nrt]/g;
  const INVISIBLE = /[\xad\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g;
  const SPACES = /[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
  const FULL_WIDTH = /[\uff01-\uff5e]/g;
  const OTHER_MARKS = {
    "×": "x", "、": ",", "。": ".", "【": "[", "】": "]", "〔": "[", "〕": "]", "《": "<", "》": ">",
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "﹣": "-",
  };
  const TAGS = /<(\/?)(br|p|div|li|ul|ol|tr|td|table|pre|span|code|samp|font|strong|em|b|i|a)(?:[ \t][^<>\n]{0,200})?\/?>/gi;
  const INLINE_TAGS = ["span", "code", "samp", "font", "strong", "em", "b", "i", "a"];
  const ENTITIES = [["&lt;", "<"], ["&gt;", ">"], ["&quot;", '"'], ["&apos;", "'"], ["&nbsp;", " "], ["&times;", "x"]];
  const CODES = /&#(?:x([0-9a-fA-F]{2,4})|([0-9]{2,5}));/g;
  const LINE_START = /^(?:[ \t]*(?:E[ \t]{2,}|[>|#│┃╎] ?|\[(?:[A-Za-z]{1,12})?[0-9]+\]: ?|\[[0-9]+,[0-9]+\]<std(?:err|out)>: ?|\((?:[A-Za-z_]{1,40} )?pid=[0-9]+(?:, ip=[0-9.]+)?\) ?))+/gm;
  const CONSOLES = [80, 120];
  const NARROWEST = 36;
  const TOKENS = /(?<=[0-9])[xX](?=[0-9])|[A-Za-z_][A-Za-z0-9_]*|[0-9]+|(?<=[A-Za-z0-9_)])\*(?=[A-Za-z0-9_(])|[!-)+-/:-@[-`{-~]|\n/g;
  const LONGEST_NUMBER = 15;
  const DROPPED = "\"'`\\";
  const LONG = 100000;
  const [AT_THE_START, AT_THE_END] = [10000, 40000];
  const [BEFORE, AFTER] = [6000, 2000];
  const MOST_PARTS = 48000;
  const OFTEN = 8;
  const CUT_HERE = "\n\n";

  const read = (text) => split(clean(text));

  function split(cleaned) {
    const tokens = [];
    let line = 0;
    for (const { 0: piece, index: start } of cleaned.matchAll(TOKENS)) {
      const end = start + piece.length;
      if (piece === "\n") line += 1;
      else if (/^[0-9]/.test(piece)) {
        if (piece.length <= LONGEST_NUMBER) tokens.push({ kind: "n", value: Number(piece), line, text: piece, start, end });
        else tokens.push({ kind: "w", value: "#", line, text: piece, start, end });
      } else if (/^[A-Za-z_]/.test(piece)) tokens.push({ kind: "w", value: fold(piece), line, text: piece, start, end });
      else if (!DROPPED.includes(piece)) tokens.push({ kind: "p", value: piece, line, text: piece, start, end });
    }
    return tokens;
  }

  function withWholeWords(tokens, known) {
    const whole = [];
    for (const token of tokens) {
      const half = whole[whole.length - 1];
      const broken = half && half.kind === "w" && token.kind === "w" && token.line === half.line + 1 && token.start === half.end + 1;
      if (broken && known.has(half.value + token.value) && !(known.has(half.value) && known.has(token.value) && token.value.length > 1)) {
        const [value, text] = [half.value + token.value, half.text + token.text];
        whole[whole.length - 1] = { kind: "w", value, line: token.line, text, start: half.start, end: token.end };
      } else whole.push(token);
    }
    return whole;
  }

  function clean(text) {
    for (const end of ["\r\n", "\r", "\x85", "\u2028", "\u2029"]) text = text.replaceAll(end, "\n");
    text = text.replace(WRITTEN_ESCAPES, "\x1b").replace(WRITTEN_ENDS, lineEnd);
    text = text.replace(ESCAPES, "").replace(LOST_ESCAPES, "");
    text = text.replace(INVISIBLE, "").replace(SPACES, " ");
    text = text.replace(/[×、。【】〔〕《》‐‑‒–—−﹣]/g, (mark) => OTHER_MARKS[mark]);
    text = text.replace(FULL_WIDTH, (mark) => String.fromCharCode(mark.charCodeAt(0) - 0xfee0));
    text = text.replace(TAGS, (_, slash, name) => (INLINE_TAGS.includes(name.toLowerCase()) ? "" : "\n"));
    for (const [entity, character] of ENTITIES) text = text.replaceAll(entity, character);
    text = text.replace(CODES, character).replaceAll("&amp;", "&");
    return withWholeNumbers(text.replace(LINE_START, ""));
  }

  function withWholeNumbers(text) {
    const lengths = text.split("\n").map((line) => [...line].length);
    const longest = lengths.reduce((a, b) => Math.max(a, b));
    const several = longest >= NARROWEST && lengths.filter((length) => length === longest).length > 1;
    for (const edge of [...new Set(several ? [...CONSOLES, longest] : CONSOLES)].sort((a, b) => a - b)) {
      text = text.replace(new RegExp(`^(.{${edge - 2}}[0-9 ,x(\\[][0-9])\\n(?=[0-9])`, "gmu"), "$1");
    }
    return text;
  }

  const lineEnd = (found) => (found[0] !== "\\" ? found : found.endsWith("n") ? "\n" : " ");

  function character(_, hexadecimal, decimal) {
    const code = hexadecimal ? parseInt(hexadecimal, 16) : parseInt(decimal, 10);
    return code >= 32 && code < 127 ? String.fromCharCode(code) : " ";
  }

  function shortened(text, keys) {
    if (text.length <= LONG) return text;
    const folded = fold(text);
    const middle = text.length - AT_THE_END;
    if (folded.length !== text.length) return text.slice(0, AT_THE_START) + CUT_HERE + text.slice(middle);
    const within = (at, key) => (at >= 0 && at + key.length <= middle ? at : -1);
    const found = [];
    for (const key of keys) {
      const places = [];
      let at = within(folded.indexOf(key, AT_THE_START), key);
      while (at >= 0 && places.length < OFTEN) {
        places.push(at);
        at = within(folded.indexOf(key, at + key.length), key);
      }
      if (at >= 0) places.push(folded.lastIndexOf(key, middle - key.length));
      found.push(...places.map((place) => [places.length, place]));
    }
    found.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    const parts = [[0, AT_THE_START], [middle, text.length]];
    let left = MOST_PARTS;
    for (const [, at] of found) {
      if (left < BEFORE + AFTER) break;
      if (parts.some(([start, end]) => start <= at && at + AFTER / 2 <= end)) continue;
      parts.push([Math.max(AT_THE_START, at - BEFORE), Math.min(at + AFTER, middle)]);
      left -= BEFORE + AFTER;
    }
    return withCuts(parts, text).map(([start, end]) => text.slice(start, end)).join(CUT_HERE);
  }

  function withCuts(parts, text) {
    const joined = [];
    for (const [start, end] of parts.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
      const last = joined[joined.length - 1];
      if (last && start <= last[1]) last[1] = Math.max(last[1], end);
      else joined.push([start, end]);
    }
    joined.slice(0, -1).forEach((one, place) => {
      const lineEnd = text.indexOf("\n", one[1]);
      if (lineEnd >= 0 && lineEnd < Math.min(one[1] + 1000, joined[place + 1][0])) one[1] = lineEnd + 1;
    });
    return joined;
  }

  const fold = (word) => word.toLowerCase().replaceAll("l", "1");

  // ---- template.py: here templates arrive as lines: words, `#1` for a number, `...` for a gap, `{name:type}` --------
  const LONGEST_GAP = 160;
  const LONGEST_NAME = 24;

  const readTemplate = (line) => line.split(" ").map(readTemplateElement);

  function readTemplateElement(piece) {
    if (piece === "...") return ["gap"];
    if (piece[0] === "#") return ["n", Number(piece.slice(1))];
    if (piece[0] !== "{") return ["w", piece];
    const [name, type] = piece.slice(1, -1).split(":");
    return [type, name];
  }

  // ---- sizes.py -----------------------------------------------------------------------------------------------------
  const NO = Symbol("no");
  const CUT = Symbol("cut");
  const DIFFERENT = [NO, null];
  const ENDED = [CUT, null];
  const MOST_DIMENSIONS = 12;
  const MOST_SHAPES = 40;
  const OPENING = "([{";
  const CLOSING = ")]}";
  const LIBRARIES = ["torch", fold("tensorflow"), "tf"];
  const SHAPE_TYPES = ["size", "tensorshape"];
  const SYMBOL = /^[su][0-9]{1,4}$/;
  const SYMBOL_FUNCTIONS = ["max", "min", "mod", "floor", "ceiling", "ceil", "floordiv", "cleandiv", "pythonmod", "trunctoint"].map(fold);
  const MOST_OF_A_SYMBOL = 40;

  const isMark = (tokens, at, characters) => tokens[at]?.kind === "p" && characters.includes(tokens[at].value);
  const isWord = (tokens, at, ...words) => tokens[at]?.kind === "w" && words.includes(tokens[at].value);
  const isNumber = (tokens, at) => tokens[at]?.kind === "n";

  function skipMarks(tokens, at, but = "") {
    while (tokens[at]?.kind === "p" && !but.includes(tokens[at].value)) at += 1;
    return at;
  }

  function mayBeSymbol(tokens, at) {
    if (at >= tokens.length) return false;
    const { kind, value } = tokens[at];
    if (kind === "w") return SYMBOL_FUNCTIONS.includes(value) || SYMBOL.test(value);
    if (kind === "n") return isMark(tokens, at + 1, "*");
    return value === "(" && (isMark(tokens, at + 1, "(") || mayBeSymbol(tokens, at + 1));
  }

  function readSymbol(tokens, at) {
    const start = at;
    let depth = 0;
    let symbols = false;
    let operand = true;
    for (; at < tokens.length; at += 1) {
      if (at - start > MOST_OF_A_SYMBOL) return DIFFERENT;
      const { kind, value } = tokens[at];
      if (operand) {
        if (kind === "p" && "(-".includes(value)) depth += value === "(" ? 1 : 0;
        else if (kind === "w" && SYMBOL_FUNCTIONS.includes(value) && isMark(tokens, at + 1, "(")) continue;
        else if (kind === "n" || (kind === "w" && SYMBOL.test(value))) {
          symbols = symbols || kind === "w";
          operand = false;
        } else return DIFFERENT;
      } else if (kind === "p" && "+-*/%".includes(value)) {
        if (value === "/" && isMark(tokens, at + 1, "/")) at += 1;
        operand = true;
      } else if (depth && isMark(tokens, at, ",")) operand = true;
      else if (depth && isMark(tokens, at, ")")) depth -= 1;
      else break;
    }
    return symbols && !operand && !depth ? [null, at] : DIFFERENT;
  }

  function readSize(tokens, at) {
    if (at >= tokens.length) return ENDED;
    if (mayBeSymbol(tokens, at)) {
      const symbol = readSymbol(tokens, at);
      if (symbol !== DIFFERENT) return symbol;
    }
    if (isNumber(tokens, at)) {
      const long = isWord(tokens, at + 1, "1");
      return [tokens[at].value, long ? at + 2 : at + 1];
    }
    if (isMark(tokens, at, "?") || isWord(tokens, at, "none", "unknown")) return [null, at + 1];
    if (isMark(tokens, at, "-") && isNumber(tokens, at + 1)) return [-tokens[at + 1].value, at + 2];
    if (isWord(tokens, at, "dimension") && isMark(tokens, at + 1, "(")) {
      const [value, after] = readSize(tokens, at + 2);
      if (value !== NO && value !== CUT && isMark(tokens, after, ")")) return [value, after + 1];
    }
    return DIFFERENT;
  }

  function readShape(tokens, at) {
    at = skipMarks(tokens, at, "([{<?-");
    if (isMark(tokens, at, OPENING) && isWord(tokens, at + 1, ...LIBRARIES, ...SHAPE_TYPES)) at += 1;
    if (isWord(tokens, at, ...LIBRARIES)) at = skipMarks(tokens, at + 1, "([{<?-");
    if (isWord(tokens, at, ...SHAPE_TYPES)) at += 1;
    if (isMark(tokens, at, "<")) return isWord(tokens, at + 1, "unknown") ? [null, Math.min(at + 3, tokens.length)] : DIFFERENT;
    let opened = 0;
    while (opened < 3 && isMark(tokens, at, OPENING)) {
      if (opened && beginsWithComputedSize(tokens, at)) break;
      opened += 1;
      at += 1;
    }
    if (!opened) return readBareShape(tokens, at);
    const shape = [];
    let crossed = false;
    while (!isMark(tokens, at, CLOSING)) {
      if (isMark(tokens, at, ",")) {
        at += 1;
        continue;
      }
      if (shape.length && isWord(tokens, at, "x")) {
        crossed = true;
        at += 1;
        continue;
      }
      const [size, after] = readSize(tokens, at);
      if (size === CUT) return ENDED;
      if (size === NO && crossed) return [shape, at];
      if (size === NO || shape.length === MOST_DIMENSIONS) return DIFFERENT;
      shape.push(size);
      at = after;
    }
    while (opened && isMark(tokens, at, CLOSING)) {
      opened -= 1;
      at += 1;
    }
    return [shape, at];
  }

  function beginsWithComputedSize(tokens, at) {
    if (!mayBeSymbol(tokens, at)) return false;
    const symbol = readSymbol(tokens, at);
    return symbol !== DIFFERENT && symbol[1] < tokens.length && !isMark(tokens, symbol[1], CLOSING);
  }

  function readBareShape(tokens, at) {
    let [size, after] = readSize(tokens, at);
    if (size === NO || size === CUT) return [size, after];
    const shape = [size];
    at = after;
    const crossed = isWord(tokens, at, "x");
    while (shape.length < MOST_DIMENSIONS && (crossed ? isWord(tokens, at, "x") : isNumber(tokens, at))) {
      [size, after] = readSize(tokens, crossed ? at + 1 : at);
      if (size === CUT) return ENDED;
      if (size === NO) break;
      shape.push(size);
      at = after;
    }
    return [shape, at];
  }

  function readShapes(tokens, at) {
    const shapes = [];
    while (shapes.length < MOST_SHAPES) {
      const [shape, after] = readShape(tokens, at);
      if (shape === CUT) return shapes.length ? [shapes, tokens.length] : ENDED;
      if (shape === NO) break;
      shapes.push(shape);
      at = after;
      if (!isMark(tokens, at, ",;") && !isWord(tokens, at, "and", "vs")) break;
      at += 1;
      const opening = skipMarks(tokens, at, "([{<");
      if (!isMark(tokens, opening, "([{<") && !isWord(tokens, opening, ...LIBRARIES, ...SHAPE_TYPES)) break;
    }
    return shapes.length ? [shapes, at] : DIFFERENT;
  }

  // ---- match.py: find -----------------------------------------------------------------------------------------------
  const WITHOUT_VALUE = ["w", "n", "gap"];
  const MOST_TOKENS_BEFORE = 40;

  function indexTemplates(templates) {
    const index = { first: new Map(), later: new Map(), joined: new Map() };
    const append = (map, word, value) => (map.has(word) ? map.get(word).push(value) : map.set(word, [value]));
    templates.forEach(([entry, elements], number) => {
      const template = { number, entry, elements };
      append(index.first, elements[0][1], template);
      if (elements[1]?.[0] === "w") append(index.joined, elements[0][1] + elements[1][1], template);
      elements.forEach(([kind, word], place) => {
        if (place > 0 && kind === "w") append(index.later, word, [template, place]);
      });
    });
    return index;
  }

  function wordsOf(templates) {
    const found = templates.flatMap(([, elements]) => elements.filter(([kind]) => kind === "w").map(([, word]) => word));
    return new Set([...found, "none", "unknown", "dimension", ...LIBRARIES, ...SHAPE_TYPES]);
  }

  function keysOf(templates) {
    const longest = templates.map(([, elements]) =>
      elements
        .filter(([kind]) => kind === "w")
        .map(([, word]) => word)
        .reduce((a, b) => (b.length > a.length || (b.length === a.length && b > a) ? b : a)),
    );
    return [...new Set(longest)].sort();
  }

  function find(tokens, index) {
    const found = [];
    tokens.forEach(({ kind }, at) => {
      if (kind === "w") for (const template of startingWith(tokens, at, index)) found.push(matchAt(tokens, at, at, template));
    });
    const firstWord = tokens.slice(0, MOST_TOKENS_BEFORE).findIndex((token) => token.kind === "w");
    if (firstWord >= 0) found.push(...findWithoutStart(tokens, firstWord, index));
    return found.filter((match) => match !== null);
  }

  function startingWith(tokens, at, index) {
    const word = tokens[at].value;
    const broken = brokenWord(tokens, at);
    return [...(index.first.get(word) ?? []), ...(index.joined.get(word) ?? []), ...((broken && index.first.get(broken)) ?? [])];
  }

  function findWithoutStart(tokens, start, index) {
    const first = tokens[start].value;
    const places = (index.later.get(first) ?? []).map(([template, place]) => [template, place, start]);
    if (first.length > 2) {
      for (const [word, uses] of index.later)
        if (word !== first && word.endsWith(first)) places.push(...uses.map(([template, place]) => [template, place + 1, start + 1]));
    }
    places.sort((a, b) => a[0].number - b[0].number || a[1] - b[1] || a[2] - b[2]);
    return places.map(([template, place, at]) => matchAt(tokens, start, at, template, place));
  }

  function matchAt(tokens, start, at, template, place = 0) {
    const said = new Map();
    let words = 0;
    let cut = false;
    const { elements, entry } = template;
    let skipped = -1;
    for (let number = place; number < elements.length; number += 1) {
      if (number === skipped) continue;
      let [value, after] = readElement(tokens, at, elements, number);
      if (value === NO) {
        if (!joinedWords(tokens, at, elements, number)) return null;
        [value, after] = [null, skipMarks(tokens, at) + 1];
        skipped = number + 1;
        words += 1;
      }
      if (value === CUT) {
        cut = true;
        at = tokens.length;
        break;
      }
      const [kind, name] = elements[number];
      if (kind === "w") words += 1;
      else if (!WITHOUT_VALUE.includes(kind)) said.set(name, value);
      at = after;
    }
    const whole = place === 0 && !cut;
    if (!whole && !enough(words, said, elements)) return null;
    return { template, entry, start, end: at, words, said, numbers: said, whole };
  }

  function enough(words, said, elements) {
    const total = elements.filter(([kind]) => kind === "w").length;
    const hasPlaces = elements.some(([kind]) => !WITHOUT_VALUE.includes(kind));
    return words >= 4 && words * 2 >= total && (said.size > 0 || !hasPlaces || words >= 7);
  }

  function readElement(tokens, at, elements, number) {
    const [kind, wanted] = elements[number];
    if (kind === "shape") return readShape(tokens, at);
    if (kind === "shapes") return readShapes(tokens, at);
    if (kind === "gap" || kind === "name") return readUntil(tokens, at, kind, elements[number + 1]);
    at = skipMarks(tokens, at);
    if (at >= tokens.length) return ENDED;
    const token = tokens[at];
    const last = at === tokens.length - 1;
    if (kind === "int") {
      if (mayBeSymbol(tokens, at)) {
        const symbol = readSymbol(tokens, at);
        if (symbol !== DIFFERENT) return symbol;
      }
      if (token.kind !== "n") return DIFFERENT;
      if (last && number < elements.length - 1) return ENDED;
      return [isMark(tokens, at - 1, "-") ? -token.value : token.value, at + 1];
    }
    if (token.kind === kind && token.value === wanted) return [token.value, at + 1];
    if (kind === "w" && token.kind === "w") {
      if (last && wanted.startsWith(token.value)) return ENDED;
      if (brokenWord(tokens, at) === wanted) return [wanted, at + 2];
    }
    return DIFFERENT;
  }

  function brokenWord(tokens, at) {
    if (at + 1 >= tokens.length) return null;
    const [half, other] = [tokens[at], tokens[at + 1]];
    const broken = half.kind === "w" && other.kind === "w" && half.line + 1 === other.line && other.start === half.end + 1;
    return broken ? half.value + other.value : null;
  }

  function joinedWords(tokens, at, elements, number) {
    if (number + 1 >= elements.length || elements[number][0] !== "w" || elements[number + 1][0] !== "w") return false;
    return isWord(tokens, skipMarks(tokens, at), elements[number][1] + elements[number + 1][1]);
  }

  function readUntil(tokens, at, kind, [following, word]) {
    const longest = kind === "gap" ? LONGEST_GAP : LONGEST_NAME;
    for (let end = at; end <= Math.min(at + longest, tokens.length); end += 1) {
      if (end === tokens.length) return ENDED;
      if (following === "w" ? isWord(tokens, end, word) : isMark(tokens, end, "(["))
        return [nameOf(tokens.slice(at, end)), end];
    }
    return DIFFERENT;
  }

  const nameOf = (tokens) => tokens.map((token) => token.text).join("").replace(/^[ .,:;()[\]{}<>]+|[ .,:;()[\]{}<>]+$/g, "");

  // ---- expressions.py -----------------------------------------------------------------------------------------------
  const LARGEST = Number.MAX_SAFE_INTEGER;
  const isWhole = (value) => Number.isSafeInteger(value);
  const isShape = Array.isArray;

  function same(one, other) {
    if (isShape(one) && isShape(other)) return one.length === other.length && one.every((value, place) => same(value, other[place]));
    return one === other;
  }

  function evaluate(tree, numbers) {
    if (typeof tree === "string") return numbers.get(tree) ?? null;
    if (typeof tree === "number") return tree;
    const [head, ...rest] = tree;
    const value = (part) => evaluate(part, numbers);
    switch (head) {
      case "text":
        return rest[0];
      case "none":
        return null;
      case "list":
        return rest.map(value);
      case "not":
        return value(rest[0]) !== true;
      case "and":
        return rest.every((part) => value(part) === true);
      case "or":
        return rest.some((part) => value(part) === true);
      case "if":
        return value(value(rest[0]) === true ? rest[1] : rest[2]);
      case "call":
        return FUNCTIONS[rest[0]](...rest.slice(1).map(value));
      case "slice": {
        const [shape, low, high] = rest.map(value);
        return isShape(shape) ? shape.slice(low === null ? undefined : low, high === null ? undefined : high) : null;
      }
    }
    const [left, right] = rest.map(value);
    if (left === null || right === null) return null;
    if (head === "item") {
      if (!isShape(left) || !isWhole(right) || right < -left.length || right >= left.length) return null;
      return left[right < 0 ? left.length + right : right];
    }
    if (head === "in") {
      if (typeof right === "string") return typeof left === "string" && right.includes(left);
      return isShape(right) && right.some((each) => same(each, left));
    }
    if (head === "==") return same(left, right);
    if (head === "!=") return !same(left, right);
    if (!isWhole(left) || !isWhole(right)) return null;
    return arithmetic(head, left, right);
  }

  function arithmetic(operator, left, right) {
    if (operator === "//" || operator === "%") {
      if (right <= 0 || left < 0) return null;
      return operator === "//" ? Math.floor(left / right) : left % right;
    }
    if (operator === "+" || operator === "-" || operator === "*") {
      const value = operator === "+" ? left + right : operator === "-" ? left - right : left * right;
      return Math.abs(value) <= LARGEST ? value + 0 : null;
    }
    if (operator === "<") return left < right;
    if (operator === "<=") return left <= right;
    return operator === ">" ? left > right : left >= right;
  }

  function squareRoot(number) {
    let side = Math.floor(Math.sqrt(number));
    while (side * side > number) side -= 1;
    while ((side + 1) * (side + 1) <= number) side += 1;
    return side;
  }

  const USUAL_CHANNELS = [
    512, 256, 128, 64, 32, 16, 384, 192, 96, 48, 24, 320, 160, 120, 50, 20, 12, 10, 8, 6,
    2048, 1024, 1280, 1536, 1792, 1408, 960, 576, 3, 1,
  ];

  const FUNCTIONS = {
    prod(shape) {
      if (!isShape(shape)) return null;
      let total = 1;
      for (const size of shape) {
        if (!isWhole(size) || size < 0) return null;
        total *= size;
        if (total > LARGEST) return null;
      }
      return total;
    },
    rank: (shape) => (isShape(shape) ? shape.length : null),
    root(number) {
      if (!isWhole(number) || number < 0) return null;
      const side = squareRoot(number);
      return side * side === number ? side : null;
    },
    known: (value) => value !== null,
    permuted(one, other) {
      if (!isShape(one) || !isShape(other) || one.includes(null) || other.includes(null)) return null;
      const sorted = (shape) => [...shape].sort((a, b) => a - b);
      return !same(one, other) && same(sorted(one), sorted(other));
    },
    differing(one, other) {
      if (!isShape(one) || !isShape(other) || one.length !== other.length) return null;
      const axes = [];
      one.forEach((size, axis) => {
        if (size !== null && other[axis] !== null && size !== other[axis]) axes.push(axis);
      });
      return axes;
    },
    without_ones: (shape) => (isShape(shape) ? shape.filter((size) => size !== 1) : null),
    contains: (name, ...words) => (typeof name === "string" ? words.some((word) => name.toLowerCase().includes(word)) : null),
    starts: (name, ...words) => (typeof name === "string" ? words.some((word) => name.toLowerCase().startsWith(word)) : null),
    maps(features) {
      if (!isWhole(features) || features < 16) return null;
      if (features in knownMaps) return knownMaps[features];
      for (let side = Math.min(squareRoot(Math.floor(features / 16)), 1024); side > 1; side -= 1) {
        if (features % (side * side) === 0 && Math.floor(features / (side * side)) % 8 === 0) return [features / (side * side), side, side];
      }
      return null;
    },
    same_maps(one, other) {
      if (!isWhole(one) || !isWhole(other) || one === other || Math.min(one, other) < 1) return null;
      const met = [one, other].filter((size) => size in knownMaps).map((size) => knownMaps[size][0]);
      for (const [smallest, usual] of [[1, met], [2, USUAL_CHANNELS], [1, USUAL_CHANNELS]]) {
        for (const channels of usual) {
          if (one % channels || other % channels) continue;
          const sides = [FUNCTIONS.root(one / channels), FUNCTIONS.root(other / channels)];
          if (!sides.includes(null) && Math.min(...sides) >= smallest) return sides.map((side) => [channels, side, side]);
        }
      }
      return null;
    },
    gcd(one, other) {
      if (!isWhole(one) || !isWhole(other) || Math.min(one, other) <= 0) return null;
      while (other) [one, other] = [other, one % other];
      return one;
    },
    largest(...values) {
      const flat = values.filter(isWhole);
      return flat.length ? flat.reduce((a, b) => (b > a ? b : a)) : null;
    },
    magnitude: (number) => (isWhole(number) ? Math.abs(number) : null),
  };

  // ---- numbers.py: complete -----------------------------------------------------------------------------------------
  const complete = (matches) => matches.map((match) => ({ ...match, numbers: withDerived(match.said, match.entry.derive) }));

  function withDerived(said, derive) {
    const numbers = new Map(said);
    for (const [name, tree] of derive) {
      if ((numbers.get(name) ?? null) !== null) continue;
      const value = evaluate(tree, numbers);
      if (value !== null) numbers.set(name, value);
    }
    return numbers;
  }

  // ---- choice.py: choose --------------------------------------------------------------------------------------------
  const words = (text) => text.split(" ").map((word) => ["w", fold(word)]);
  const LINK = "link";
  const TRACEBACK = "traceback";
  const MARKS = indexTemplates([
    [LINK, words("the above exception was the direct cause of the following exception")],
    [LINK, words("during handling of the above exception another exception occurred")],
    [TRACEBACK, words("Traceback most recent call last")],
  ]);
  const OTHER_EXCEPTIONS = ["IndexError", "MemoryError", "OutOfMemoryError", "ResourceExhaustedError"].map(fold);
  const MOST_TOKENS_AFTER_NAME = 12;
  const MOST_KEPT = 500;
  const MOST_OTHERS = 5;

  function choose(matches, tokens) {
    matches = matches.filter((match) => counts(match, tokens));
    matches = bestOfOverlapping(matches);
    if (!matches.length) return [];
    const root = rootOfLastError(matches, tokens);
    const chosen = new Map([[root.entry.id, root]]);
    for (const match of [...matches].reverse()) if (!chosen.has(match.entry.id)) chosen.set(match.entry.id, match);
    return [...chosen.values()].slice(0, 1 + MOST_OTHERS).map((match) => summedUp(match, matches));
  }

  function counts(match, tokens) {
    const { only } = match.entry;
    if (only !== null && evaluate(only, match.numbers) !== true) return false;
    const before = tokens.slice(Math.max(0, match.start - MOST_TOKENS_AFTER_NAME), match.start);
    const { line } = tokens[match.start];
    return !before.some((token) => token.line === line && OTHER_EXCEPTIONS.includes(token.value));
  }

  function score(match) {
    const known = [...match.numbers.values()].filter((value) => value !== null).length;
    return [match.words + 2 * match.said.size, known, Number(match.whole), -match.start, -match.template.number];
  }

  function bestOfOverlapping(matches) {
    const scored = matches.map((match) => [score(match), match]);
    scored.sort(([a], [b]) => b[0] - a[0] || b[1] - a[1] || b[2] - a[2] || b[3] - a[3] || b[4] - a[4]);
    const kept = [];
    for (const [, match] of scored) {
      if (kept.every((other) => match.end <= other.start || other.end <= match.start)) {
        kept.push(match);
        if (kept.length === MOST_KEPT) break;
      }
    }
    return kept.sort((a, b) => a.start - b.start);
  }

  function rootOfLastError(matches, tokens) {
    const marks = find(tokens, MARKS).filter((mark) => mark.whole);
    let passed = 0;
    let link = 0;
    let lastOf = new Map();
    for (const match of matches) {
      while (passed < marks.length && marks[passed].start <= match.start) {
        if (marks[passed].entry === LINK) link += 1;
        else if (passed === 0 || marks[passed - 1].entry !== LINK) lastOf = new Map();
        passed += 1;
      }
      lastOf.set(link, match);
    }
    const chain = [...lastOf.values()];
    return chain.find((match) => match.said.size > 0) ?? chain[0];
  }

  function summedUp(match, matches) {
    const count = match.entry.collect;
    if (count === null) return match;
    const alike = matches.filter((other) => other.entry === match.entry);
    return { ...alike[0], numbers: new Map(alike[0].numbers).set(count, alike.length) };
  }

  // ---- causes.py: rank ----------------------------------------------------------------------------------------------
  const MOST_CAUSES = 8;
  const MOST_SHOWN = 3;
  const [SPECIFIC, FITTING, POSSIBLE, FOOTER] = [0, 1, 2, 3];

  function rank(match, shared) {
    const ranked = [];
    for (const id of match.entry.causes) {
      const cause = shared[id];
      const numbers = new Map(match.numbers);
      for (const [local, tree] of cause.let) numbers.set(local, evaluate(tree, numbers));
      let place;
      if (cause.footer) place = FOOTER;
      else if (cause.when === null) place = POSSIBLE;
      else if (evaluate(cause.when, numbers) === true) place = cause.specific ? SPECIFIC : FITTING;
      else continue;
      const reason = fill(cause.reason ?? cause.general, numbers) || fill(cause.general, numbers, true);
      const repairs = cause.repair[match.entry.framework].map((choice) => {
        const [code, intent, loses] = [choice.code, choice.intent, choice.loses].map((text) => fill(text, numbers, true));
        return { code, intent, loses };
      });
      const pointed = place === SPECIFIC || place === FITTING;
      ranked.push([place, { id, title: cause.title, reason, repairs, fits: place === SPECIFIC, pointed, footer: cause.footer }]);
    }
    ranked.sort(([a], [b]) => a - b);
    const causes = ranked.map(([, cause]) => cause);
    return [...causes.filter((cause) => !cause.footer).slice(0, MOST_CAUSES), ...causes.filter((cause) => cause.footer)];
  }

  function shownOf(causes) {
    const single = causes.filter((cause) => !cause.footer);
    for (const count of [single.filter((cause) => cause.fits).length, single.filter((cause) => cause.pointed).length]) {
      if (count) return Math.min(count, MOST_SHOWN);
    }
    return Math.min(single.length, 2);
  }

  function repairText(cause) {
    return cause.repairs
      .flatMap(({ code, intent, loses }) => [...(intent ? [`# ${intent}:`] : []), code, ...(loses ? [`# Careful: ${loses}`] : [])])
      .join("\n");
  }

  function kindOf(match, causes, shared) {
    for (const [tree, kind] of match.entry.kinds) if (evaluate(tree, match.numbers) === true) return kind;
    if (causes.length && causes[0].pointed && shared[causes[0].id].kind) return shared[causes[0].id].kind;
    return match.entry.kind;
  }

  // ---- quoted.py: messageOf, unknownError ---------------------------------------------------------------------------
  const MOST_CHARACTERS = 5000;
  const MOST_OF_AN_ERROR = 200;
  const ELLIPSIS = " ... ";
  const NAME_BEFORE = /(?:[A-Za-z_][A-Za-z0-9_.]*(?:Error|Exception|Warning)[A-Za-z0-9_]*[ \t]*:[ \t\n]*)+$|[A-Za-z_][A-Za-z0-9_.]*(?:Error|Exception|Warning)[A-Za-z0-9_]*[ \t]*:[^\n]{0,80}$/i;
  const MARKS_AFTER = /^[)\]}'\"`]*[.!]?/;
  const WHITE = /[ \t\n\x0b\x0c]+/g;
  const ERROR_LINE = /^[ \t]*(?:[A-Za-z_][A-Za-z0-9_]*\.)*([A-Z][A-Za-z0-9_]*(?:Error|Exception|Failed|Fault))(?::[ \t].*|:?[ \t]*)$/mg;
  const LINKS = /^[ \t]*(?:The above exception was the direct cause|During handling of the above exception)/m;
  const AT_THE_EXIT = /^[ \t]*(?:Exception ignored in|Error in atexit|Exception in thread|--- Logging error ---)/m;
  const WRAPPERS = new Set([
    "ChildFailedError", "ProcessRaisedException", "ProcessExitedException", "CalledProcessError", "LightningError",
    "RayTaskError", "TuneError", "TrainingFailedError", "DistBackendError", "DistStoreError", "DistNetworkError",
    "BrokenPipeError", "ConnectionResetError", "ConnectionRefusedError", "EOFError", "BrokenProcessPool",
    "RemoteError", "ExecutionError", "PapermillExecutionError", "CellExecutionError", "BackendCompilerFailed",
    "TorchRuntimeError", "RetryError", "CommandError", "TerminatedWorkerError",
  ]);
  const SIGNS_OF_A_WRAPPER = [
    "exit code", "exit status", "exitcode", "exited unexpectedly", "terminated with", "returned non-zero",
    "worker process", "Call to CreateProcess",
  ];

  function messageOf(match, tokens, cleaned) {
    let { start } = tokens[match.start];
    let { end } = tokens[match.end - 1];
    const before = NAME_BEFORE.exec(cleaned.slice(Math.max(0, start - 200), start));
    if (before) start -= before[0].length;
    end += MARKS_AFTER.exec(cleaned.slice(end, end + 20))[0].length;
    let said = "";
    for (const token of tokens.slice(match.start, match.end)) {
      if (token.end - token.start !== token.text.length) {
        said += cleaned.slice(start, token.start) + token.text;
        start = token.end;
      }
    }
    return withoutMiddle(onOneLine(said + cleaned.slice(start, end)), MOST_CHARACTERS);
  }

  const onOneLine = (text) => text.replace(WHITE, " ").replace(/^ +| +$/g, "");

  function withoutMiddle(text, longest = 400) {
    const characters = [...text];
    if (characters.length <= longest) return text;
    const kept = Math.floor((longest - ELLIPSIS.length) / 2);
    return characters.slice(0, kept).join("").replace(/ +$/, "") + ELLIPSIS + characters.slice(-kept).join("").replace(/^ +/, "");
  }

  function unknownError(matches, tokens, cleaned) {
    const ends = matches.filter((match) => counts(match, tokens)).map((match) => tokens[match.end - 1].end);
    const after = cleaned.indexOf("\n", ends.reduce((a, b) => Math.max(a, b)));
    if (after < 0) return null;
    const rest = cleaned.slice(after).split(AT_THE_EXIT)[0];
    const errors = [...rest.matchAll(ERROR_LINE)].filter((error) => !isWrapper(error));
    if (!errors.length) return null;
    const link = LINKS.exec(rest);
    if (link && link.index < errors[0].index) return null;
    return withoutMiddle(onOneLine(errors[errors.length - 1][0]), MOST_OF_AN_ERROR);
  }

  const isWrapper = (error) => WRAPPERS.has(error[1]) || SIGNS_OF_A_WRAPPER.some((sign) => error[0].includes(sign));

  // ---- place.py: placeOf --------------------------------------------------------------------------------------------
  const HEADERS = [
    /^[ \t]*File "([^"\n]{1,300})", line ([0-9]{1,7})(?:, in ([^\n]{1,80}))?[ \t]*$/,
    /^[ \t]*((?:Cell|Input) In ?\[[0-9]{1,5}\])(?:, line ([0-9]{1,7}))?(?:, in ([^\n]{1,200}))?[ \t]*$/,
    /^[ \t]*File ([^\n:]{0,3}[^\n:]{1,300}):([0-9]{1,7})(?:, in ([^\n]{1,200}))?[ \t]*$/,
    /^[ \t]*\[?(<ipython-input-[^>\n]{1,60}>|[^ \n\](]{1,300}\.py)(?:\]\([^)\n]{0,200}\))?() in ([^\n]{1,200})[ \t]*$/,
    /^([^ \n\"':]{1,300}\.py):([0-9]{1,7}):(?: in ([^\n]{1,80})| [A-Za-z]{1,40}Warning:[^\n]*)?[ \t]*$/,
    /^[ \t]*((?:[A-Za-z]:)?[^ \n:]{1,300}\.py):([0-9]{1,7}) in ([A-Za-z_<][^ \n]{0,80}) *│?$/,
    /^[ \t]*([^ \n:]{1,300}\.py):([0-9]{1,7}) ([A-Za-z_][A-Za-z0-9_]*) +\*{0,2}$/,
  ];
  const [PYTHON, PYTEST, RICH, KERAS] = [0, 4, 5, 6];
  const IS_WARNING = /\.py:[0-9]+: [A-Za-z]+Warning:/;
  const ARROW = /^[ \t]*(?:-{1,6}>|❱) *([0-9]{1,7})(?:[ \t]([^\n]*))?$/;
  const CARETS = /^[ \t]*[~^][~^ ]*$/;
  const TRACEBACK_LINE = /Traceback \(most recent call last\)/;
  const INSTALLED = /site-packages|dist-packages|[\/\\]lib[\/\\]python[0-9]|python[0-9.]*[\/\\]lib[\/\\]|<frozen|<string>|<__array_function__|__autograph_generated|^\/usr\/lib|conda[0-9]*[\/\\](?:envs[\/\\][^\/\\]+[\/\\])?lib[\/\\]|importlib|(?:^|[\/\\])torch[\/\\](?:_[a-z]|(?:nn|utils|autograd|optim|jit|fx|functional|serialization|distributed|cuda|fft|tensor)(?:[\/\\]|\.py))|(?:^|[\/\\])torchvision[\/\\]transforms|(?:^|[\/\\])keras[\/\\](?:src|engine|layers|utils|backend|models)|(?:^|[\/\\])tensorflow[\/\\](?:python|core)|tensorflow_core|(?:^|[\/\\])numpy[\/\\](?:core|_core|lib|ma)|<decorator-gen|<eval_with_key>|pytorch_lightning[\/\\]|lightning[\/\\]pytorch|<timed |unittest[\/\\]|_pytest[\/\\]/i;
  const NAME = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*|\[[0-9A-Za-z_'\"-]{1,20}\])*$/;
  const CALL = /^((?:[A-Za-z_][A-Za-z0-9_]*)(?:\.[A-Za-z_][A-Za-z0-9_]*|\[[0-9A-Za-z_'\"+-]{1,20}\])*)\(/;
  const CHANGED = /^([A-Za-z_][A-Za-z0-9_.]*)\.([a-z_]+)\([^()]{0,30}\)$/;
  const A_LAYER = /, self\.[^ ]+\)$/;
  const KEEPING_SHAPES = ["to", "float", "double", "half", "long", "int", "cuda", "cpu", "detach", "contiguous", "clone", "type"];
  const TURNING = ["t", "transpose", "permute", "squeeze", "unsqueeze", "mean", "sum", "argmax", "swapaxes", "movedim", "numpy"];
  const BUILT = /^(?:[A-Za-z_][A-Za-z0-9_]*\.)*[A-Z][A-Za-z0-9_]*\([^()]{0,80}\)\(/;
  const KEYWORD = /^[A-Za-z_][A-Za-z0-9_]*[ ]?=[ ]?(?!=)/;
  const OPERATION = /^([A-Za-z_][A-Za-z0-9_.]*) ?(?:[-+*\/@]|\*\*|\/\/)=? ?([A-Za-z_][A-Za-z0-9_.]*)$/;
  const STATEMENT = /^(?:return|yield|await|assert|raise|print) +|^print(?=\()/;
  const OTHER_METHODS = /^(?:_|forward|get|compute|encode|decode|step|train|valid|test|shared|run|call|loss|criterion|calc|make|build|load|save|log|sample|generate|predict|fit|evaluate|apply|init|super|backward|process|prepare)/;
  const LOSS = /loss|criterion|crit$|bce|cross_entropy/i;
  const LIBRARY_NAMES = [
    "torch", "F", "nn", "tf", "np", "numpy", "keras", "functional", "jnp", "K", "layers", "einops", "jax", "lax",
    "tensorflow", "ops", "T",
  ];
  const METHODS = [
    "view", "reshape", "permute", "transpose", "squeeze", "unsqueeze", "expand", "expand_as", "repeat", "matmul", "mm",
    "bmm", "dot", "add", "add_", "sub", "mul", "mul_", "copy_", "view_as", "flatten", "unflatten", "split", "chunk",
    "gather", "scatter_", "index_select", "masked_fill", "masked_fill_", "mv", "unfold", "swapaxes", "movedim",
    "broadcast_to", "baddbmm", "addmm", "assign",
  ];
  const SHOWN_TOO = [
    "matmul", "mm", "bmm", "dot", "add", "add_", "sub", "mul", "mul_", "copy_", "expand_as", "view_as", "gather",
    "masked_fill", "masked_fill_", "mv", "baddbmm", "addmm", "assign",
  ];
  const NO_TENSORS = [
    "self", "None", "True", "False", "model", "net", "network", "loader", "dataloader", "train_loader", "val_loader",
    "test_loader", "train_dataloader", "val_dataloader", "dataset", "device", "config", "cfg", "args", "opt",
    "optimizer", "criterion", "loss_fn", "epoch", "path", "stride", "padding", "dilation", "groups", "dim", "axis",
    "mode", "p", "size", "shape", "kernel_size", "training", "output_size", "scale_factor", "reduction", "batch_size",
    "epochs", "callbacks", "verbose", "trainer", "dtype", "num_classes", "batch", "sample", "generator", "train_gen",
    "train_generator", "val_generator", "test_generator", "train_ds", "val_ds", "test_ds", "train_dataset",
    "val_dataset", "bias", "eps", "name", "i", "j", "idx", "step", "batch_idx",
  ];
  const FIT_METHODS = ["fit", "predict", "evaluate", "train_on_batch", "predict_on_batch", "test_on_batch", "partial_fit"];
  const WITHOUT_BATCH = /load_|set_weights|assign|\.add\(|Sequential\(|Model\(|layers\.|^for /;
  const WHOLE = /^[a-zA-Z_][a-zA-Z0-9_.]{0,40}\([^()]{1,30}\)$/;
  const MOST_CODE = 160;
  const MOST_LINES_BELOW = 25;
  const MOST_LINES_BETWEEN = 6;
  const MOST_LINES_BEHIND = 400;
  const MOST_NAMED = 3;

  const trimmed = (text) => text.replace(/^[ \t]+|[ \t]+$/g, "");
  const unique = (values) => [...new Set(values)];

  function placeOf(match, tokens, cleaned) {
    const lines = cleaned.split("\n");
    let frames = framesBefore(lines, tokens[match.start].line);
    if (!frames.length) frames = framesBehind(lines, tokens[match.end - 1].line);
    const own = frames.filter(([file]) => !INSTALLED.test(file));
    if (!own.length) return null;
    const [path, line, called, code, marked] = own[own.length - 1];
    let file = path.split(/[/\\]/).pop();
    if (/^<?ipython-input-|^[0-9]+\.py$/.test(file)) file = "the notebook's cell";
    file = file.replace(/^(?:Cell|Input) In ?/, "cell In ");
    const names = named(marked || code, marked !== null);
    const show = names.length ? `print(${names.join(", ")})` : null;
    return { file, line, function: called, code, show, where: where(names), verify: verify(file, line, code, show, match) };
  }

  function framesBefore(lines, end) {
    let start = end;
    while (start > 0 && !TRACEBACK_LINE.test(lines[start])) start -= 1;
    return framesOf(lines, start, end + 1, end);
  }

  function framesBehind(lines, end) {
    let stop = Math.min(lines.length, end + MOST_LINES_BEHIND);
    for (let number = end + 1 + MOST_LINES_BETWEEN; number < stop; number += 1) {
      if (TRACEBACK_LINE.test(lines[number])) {
        stop = number;
        break;
      }
    }
    if (!framesOf(lines, end + 1, Math.min(end + MOST_LINES_BETWEEN, stop), stop).length) return [];
    return framesOf(lines, end + 1, stop, stop);
  }

  function framesOf(lines, start, stop, end) {
    const heads = [];
    for (let number = start; number < stop; number += 1) {
      const text = lines[number];
      if (![".py", " In", "File ", "<ipython"].some((sign) => text.includes(sign))) continue;
      const kind = HEADERS.findIndex((header) => header.test(text));
      if (kind >= 0) heads.push([number, kind, HEADERS[kind].exec(text)]);
    }
    return heads.map(([number, kind, found], place) => {
      const following = place + 1 < heads.length ? heads[place + 1][0] : lines.length;
      return frameOf(lines, number, kind, found, Math.min(following, number + MOST_LINES_BELOW), end);
    });
  }

  function frameOf(lines, number, kind, [, path, lineSaid, called], until, end) {
    let file = path;
    if (kind === RICH && number) {
      const above = lines[number - 1].replace(/^[ \t│]+|[ \t│]+$/g, "");
      if (above.startsWith("/") || above.startsWith("~")) file = above + file;
    }
    let line = lineSaid;
    let code = null;
    let marked = null;
    if (kind === PYTEST && !IS_WARNING.test(lines[number]) && !called) {
      let above = number - 1;
      while (above >= 0 && number - above < 4 && (!trimmed(lines[above]) || CARETS.test(lines[above]))) above -= 1;
      code = above >= 0 && !lines[above].includes("Error") ? lines[above] : null;
    } else {
      let arrow = null;
      for (let below = number + 1; below < until; below += 1) {
        arrow = ARROW.exec(lines[below]);
        if (arrow) {
          line = arrow[1];
          code = (arrow[2] ?? "").replaceAll("│", " ");
          break;
        }
      }
      if (arrow === null && number + 1 < until && (number + 1 < end || kind === PYTEST) && [PYTHON, PYTEST, KERAS].includes(kind)) {
        code = lines[number + 1];
        if (number + 2 < until && CARETS.test(lines[number + 2])) {
          const marks = lines[number + 2];
          marked = code.slice(marks.length - marks.replace(/^[ \t]+/, "").length, marks.replace(/[ \t]+$/, "").length);
        }
      }
    }
    code = trimmed(code ?? "");
    const name = trimmed((called ?? "").split("(")[0]);
    return [
      file,
      line ? Number(line) : null,
      !name || name.startsWith("<") ? null : name.split(".").pop(),
      code && !code.startsWith("Traceback") && !code.startsWith("File ") ? [...code].slice(0, MOST_CODE).join("") : null,
      marked && code ? trimmed(marked) : null,
    ];
  }

  function where(names) {
    const tensors = names.filter((name) => name.endsWith(".shape")).map((name) => name.slice(0, -".shape".length));
    if (!tensors.length) return null;
    let its = ` (its names are your ${tensors.join(" and ")})`;
    if (tensors.length === 1) its = tensors[0] === "x" ? "" : ` (its x is your ${tensors[0]})`;
    const layer = names[names.length - 1];
    const made = layer.endsWith(".shape") ? "" : `; a new layer goes where ${layer} is made`;
    return `A repair of the data goes before this line${its}${made}.`;
  }

  function verify(file, line, code, show, match) {
    const spot = line !== null ? `line ${line} of ${file}` : `the line in ${file}`;
    const [one, other, weight] = ["mat1", "mat2", "weight"].map((name) => match.numbers.get(name) ?? null);
    let gives = "";
    if (show && A_LAYER.test(show)) {
      if (isShape(one) && isShape(other) && one.length === 2 && other.length === 2) {
        gives = other[1] !== null ? `, and give ${other[1]} as the last size` : "";
      } else if (["pytorch-conv-channels", "pytorch-conv-rank"].includes(match.entry.id) && isShape(weight)) {
        gives = weight.length && weight[0] !== null ? `, and give ${weight[0]} channels` : "";
      }
    }
    const again = code && WITHOUT_BATCH.test(code) ? "again" : "with a batch of the same kind";
    return `To check the repair, run ${spot} ${again}: it should pass${gives}.`;
  }

  function named(code, marked) {
    return code ? shownBy(rightSide(code.split(/ +#/)[0]), 0, marked) : [];
  }

  function shownBy(written, depth, marked = false) {
    const code = written.replace(/^ +| +$/g, "");
    const operation = OPERATION.exec(code);
    if (operation) return unique(operation.slice(1).filter(isTensor)).map((name) => `${name}.shape`);
    const call = CALL.exec(code);
    if (!call || depth > 6) return [];
    const built = BUILT.exec(code);
    if (built) return shapesOf(argumentsOf(code.slice(built[0].length)), marked);
    const parts = call[1].split(".");
    const args = argumentsOf(code.slice(call[0].length));
    const inner = args.find((value) => CALL.test(value));
    const first = args.length ? operand(args[0], marked) : null;
    let shapes = shapesOf(args, marked);
    const last = parts[parts.length - 1].split("[")[0];
    if (/^[A-Z]/.test(last) && last !== "F") return [];
    if (parts.length > 1 && METHODS.includes(last) && !LIBRARY_NAMES.includes(parts[0])) {
      const receiver = parts.slice(0, -1).join(".");
      return [...(isTensor(receiver) ? [`${receiver}.shape`] : []), ...(SHOWN_TOO.includes(last) ? shapes : [])].slice(0, MOST_NAMED);
    }
    const mapping = args.find((value) => value.startsWith("**"));
    if (mapping) return NAME.test(mapping.slice(2)) ? [`{name: value.shape for name, value in ${mapping.slice(2)}.items()}`] : [];
    const within = () => (inner ? shownBy(inner, depth + 1) : []);
    if (FIT_METHODS.includes(last) && inner && first === null) shapes = [];
    if (LOSS.test(last) || FIT_METHODS.includes(last) || LIBRARY_NAMES.includes(parts[0])) return shapes.length ? shapes : within();
    if (parts[0] === "self" && parts.length > 1 && !OTHER_METHODS.test(last)) {
      const inside = shapes.length ? shapes : within();
      if (!inside.every((shape) => shape.endsWith(".shape"))) return inside;
      return inside.length ? [...inside.slice(0, 2), call[1]] : [];
    }
    if (parts.length === 1 || ["forward", "encode", "decode", "__call__", "apply"].includes(last)) {
      if (["main", "train", "test", "run", "fit", "evaluate", "validate"].includes(parts[0]) || /^[A-Z]/.test(parts[0])) return [];
      if (inner && !shapes.length) return within();
      return parts.length > 1 || args.length <= MOST_NAMED ? shapes : [];
    }
    return [];
  }

  function shapesOf(args, marked) {
    const tensors = args.map((argument) => operand(argument, marked)).filter((value) => value !== null);
    return unique(tensors).map((value) => `${value}.shape`).slice(0, MOST_NAMED);
  }

  function operand(argument, marked) {
    return tensorIn(argument) ?? (marked && givesTensor(argument) ? argument : null);
  }

  function givesTensor(argument) {
    return WHOLE.test(argument) && shownBy(argument, 1).length > 0;
  }

  function tensorIn(argument) {
    if (isTensor(argument)) return argument;
    const changed = CHANGED.exec(argument);
    if (!changed || !isTensor(changed[1]) || LIBRARY_NAMES.includes(changed[1])) return null;
    if (TURNING.includes(changed[2])) return argument;
    return KEEPING_SHAPES.includes(changed[2]) || METHODS.includes(changed[2]) ? changed[1] : null;
  }

  function isTensor(name) {
    return NAME.test(name) && !NO_TENSORS.includes(name.split(".").pop()) && !NO_TENSORS.includes(name);
  }

  function rightSide(code) {
    let depth = 0;
    for (let at = 0; at < code.length; at += 1) {
      if ("([{".includes(code[at])) depth += 1;
      else if (")]}".includes(code[at])) depth -= 1;
      else if (code[at] === "=" && !depth && at && at + 1 < code.length) {
        if (code[at + 1] === "=" || "=!<>".includes(code[at - 1])) break;
        const right = code.slice(at + 1).replace(/^ +| +$/g, "");
        if ("+-*/@".includes(code[at - 1])) return `${code.slice(0, at - 1).replace(/^ +| +$/g, "")} ${code[at - 1]} ${right}`;
        return rightSide(right);
      }
    }
    return code.replace(/^ +| +$/g, "").replace(STATEMENT, "");
  }

  function argumentsOf(text) {
    const found = [];
    let depth = 0;
    let start = 0;
    for (let at = 0; at <= text.length; at += 1) {
      const mark = at < text.length ? text[at] : ")";
      if ("([{".includes(mark)) depth += 1;
      else if (")]}".includes(mark) && depth) depth -= 1;
      else if (!depth && ",)]}".includes(mark)) {
        found.push(text.slice(start, at).replace(/^ +| +$/g, ""));
        start = at + 1;
        if (mark !== ",") break;
      }
    }
    return found.flatMap((argument) => {
      const value = argument.replace(KEYWORD, "");
      if (value && "[(".includes(value[0]) && "])".includes(value[value.length - 1])) return argumentsOf(value.slice(1));
      return value ? [value] : [];
    });
  }

  // ---- explanation.py: tell -----------------------------------------------------------------------------------------
  function tell(match, causes, kind, message, place) {
    const { entry, numbers, said } = match;
    const told = [...numbers].filter(([name, value]) => name in entry.numbers || (said.has(name) && typeof value !== "string"));
    const meant = Object.entries(entry.numbers).filter(([name]) => (numbers.get(name) ?? null) !== null);
    return {
      id: entry.id,
      kind,
      framework: entry.framework,
      title: entry.title,
      numbers: Object.fromEntries(told),
      meanings: Object.fromEntries(meant),
      causes,
      shown: shownOf(causes),
      repairs: causes.filter((cause) => cause.repairs.length).map(repairText),
      page: `errors/${entry.id}`,
      chapter: entry.chapter,
      message,
      place,
      unknown: null,
      others: [],
    };
  }

  // What is said of the numbers: [[number, whose it is, what it is], ...]
  function toldNumbers(explanation) {
    const told = Object.entries(explanation.meanings).map(([name, meaning]) => {
      const cut = meaning.indexOf(": ");
      return { role: meaning.slice(0, cut), value: explanation.numbers[name], what: meaning.slice(cut + 2) };
    });
    const sizes = new Set(told.filter(({ value, what }) => !isShape(value) && !what.startsWith("how many ")).map(({ role, value }) => `${role} ${value}`));
    const single = ({ role, value }) =>
      isShape(value) && (value.some((size) => sizes.has(`${role} ${size}`)) || (value.length > 0 && value.every((size) => size === null)));
    return told.filter((each) => !single(each)).map(({ role, value, what }) => [spell(value), role, what]);
  }

  // ---- wording.py ---------------------------------------------------------------------------------------------------
  const PLACEHOLDER = /\{([a-z][a-z0-9_]*)\}/g;

  function fill(text, numbers, bare = false) {
    let missing = false;
    const filled = text.replace(PLACEHOLDER, (_, name) => {
      const known = numbers.get(name) ?? null;
      if (known === null) {
        missing = true;
        return name;
      }
      return spell(known);
    });
    return bare || !missing ? filled : "";
  }

  function spell(value) {
    if (!isShape(value)) return String(value);
    const inner = value.map((size) => (size === null ? "?" : spell(size))).join(", ");
    return value.length === 1 && !isShape(value[0]) ? `(${inner},)` : `(${inner})`;
  }

  root.errorguide = { explain, prepare, spell, read, readTemplate, indexTemplates, find, bestOfOverlapping, evaluate, toldNumbers, withoutMiddle };
})(typeof window === "undefined" ? globalThis : window);
