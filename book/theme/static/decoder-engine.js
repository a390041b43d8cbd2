// The error guide in a browser: the same steps as book/errorguide, over the same catalogue (decoder-data.js).
// tests/test_decoder.py runs both over the same texts and demands the same answers.
(function (root) {
  "use strict";

  // ---- text.py ------------------------------------------------------------------------------------------------------
  // eslint-disable-next-line no-control-regex
  const ESCAPES = /\x1b\[[0-9;:]*[A-Za-z]|\x1b\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)|\x1b/gu;
  const LOST_ESCAPES = /\[[0-9]{1,2}(?:;[0-9]{1,3}){0,4}m/g;
  const LINE_START = /^[ \t]*(?:E[ \t]{2,}|[>|#│][ \t]*|\[(?:rank)?[0-9]+\]:[ \t]*)+/gm;
  const ENTITIES = [["&lt;", "<"], ["&gt;", ">"], ["&quot;", '"'], ["&#39;", "'"], ["&#x27;", "'"], ["&amp;", "&"], ["&nbsp;", " "]];
  const TOKENS = /(?<=[0-9])[xX](?=[0-9?])|[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[!-/:-@[-`{-~]|\n/g;
  const LONGEST_NUMBER = 15;
  const MOST_TOKENS = 60000;
  const DROPPED = "\"'`\\*";

  function clean(text) {
    for (const end of ["\r\n", "\r", "\u2028", "\u2029"]) text = text.split(end).join("\n");
    text = text.replace(ESCAPES, "").replace(LOST_ESCAPES, "");
    for (const [entity, character] of ENTITIES) text = text.split(entity).join(character);
    return text.split("×").join("x").replace(LINE_START, "");
  }

  const fold = (word) => word.toLowerCase().replaceAll("l", "1");

  function tokenize(text) {
    const tokens = [];
    let line = 0;
    for (const [piece] of text.matchAll(TOKENS)) {
      const first = piece[0];
      if (first === "\n") line += 1;
      else if (first >= "0" && first <= "9") {
        if (piece.length <= LONGEST_NUMBER) tokens.push({ kind: "n", value: Number(piece), line });
        else tokens.push({ kind: "w", value: "#", line, text: piece });
      } else if (first === "_" || /[A-Za-z]/.test(first)) tokens.push({ kind: "w", value: fold(piece), line, text: piece });
      else if (!DROPPED.includes(first)) tokens.push({ kind: "p", value: first, line });
    }
    return tokens.slice(-MOST_TOKENS);
  }

  // ---- match.py -----------------------------------------------------------------------------------------------------
  const LONGEST_GAP = 160;
  const LONGEST_NAME = 24;
  const MOST_DIMENSIONS = 12;
  const MOST_SHAPES = 40;
  const CUT = Symbol("cut");
  const NO = Symbol("no");
  const WRAPPERS = ["torch", "tensorflow", "tf", "size", "tensorshape"];

  const isMark = (token, characters) => token !== undefined && token.kind === "p" && characters.includes(token.value);
  const isWord = (token, word) => token !== undefined && token.kind === "w" && token.value === word;

  function skip(tokens, at, but = "") {
    while (at < tokens.length && tokens[at].kind === "p" && !but.includes(tokens[at].value)) at += 1;
    return at;
  }

  function readDimension(tokens, at) {
    if (at >= tokens.length) return [CUT, at];
    const { kind, value } = tokens[at];
    if (kind === "n") return [value, isWord(tokens[at + 1], "1") ? at + 2 : at + 1];
    if (kind === "p" && value === "?") return [null, at + 1];
    if (kind === "p" && value === "-" && at + 1 < tokens.length && tokens[at + 1].kind === "n") return [-tokens[at + 1].value, at + 2];
    if (kind === "w" && (value === "none" || value === "unknown")) return [null, at + 1];
    if (kind === "w" && value === "dimension" && at + 2 < tokens.length && isMark(tokens[at + 1], "(")) {
      const [inner, after] = readDimension(tokens, at + 2);
      if (inner !== NO && inner !== CUT && isMark(tokens[after], ")")) return [inner, after + 1];
    }
    return [NO, at];
  }

  function readShape(tokens, at) {
    const OPEN = "([{<?-";
    at = skip(tokens, at, OPEN);
    if (at + 1 < tokens.length && isMark(tokens[at], "([") && tokens[at + 1].kind === "w" && WRAPPERS.includes(tokens[at + 1].value)) at += 1;
    for (const word of ["torch", "tensorflow", "tf"]) {
      if (isWord(tokens[at], word)) {
        at = skip(tokens, at + 1, OPEN);
        break;
      }
    }
    if (isWord(tokens[at], "size") || isWord(tokens[at], "tensorshape")) at += 1;
    if (at >= tokens.length) return [CUT, at];
    if (isMark(tokens[at], "<")) return isWord(tokens[at + 1], "unknown") ? [null, Math.min(at + 3, tokens.length)] : [NO, at];
    let opened = 0;
    while (at < tokens.length && isMark(tokens[at], "([{") && opened < 3) {
      opened += 1;
      at += 1;
    }
    if (!opened) return readBareShape(tokens, at);
    const shape = [];
    let crossed = false;
    for (;;) {
      if (at >= tokens.length) return [CUT, at];
      if (isMark(tokens[at], ")]}")) {
        at += 1;
        while (opened > 1 && isMark(tokens[at], ")]}")) {
          opened -= 1;
          at += 1;
        }
        return [shape, at];
      }
      if (isMark(tokens[at], ",")) {
        at += 1;
        continue;
      }
      if (isWord(tokens[at], "x") && shape.length) {
        crossed = true;
        at += 1;
        continue;
      }
      const [value, after] = readDimension(tokens, at);
      if (value === CUT) return [CUT, after];
      if (value === NO && crossed) return [shape, at];
      if (value === NO || shape.length === MOST_DIMENSIONS) return [NO, at];
      shape.push(value);
      at = after;
    }
  }

  function readBareShape(tokens, at) {
    let [value, after] = readDimension(tokens, at);
    if (value === NO || value === CUT) return [value, at];
    const shape = [value];
    at = after;
    const crossed = isWord(tokens[at], "x");
    while (shape.length < MOST_DIMENSIONS) {
      if (crossed) {
        if (!isWord(tokens[at], "x")) break;
        [value, after] = readDimension(tokens, at + 1);
        if (value === CUT) return [CUT, after];
      } else {
        if (at >= tokens.length || tokens[at].kind !== "n") break;
        [value, after] = readDimension(tokens, at);
      }
      if (value === NO) break;
      shape.push(value);
      at = after;
    }
    return [shape, at];
  }

  function readShapes(tokens, at) {
    at = skip(tokens, at, "([{<");
    const second = tokens[at + 1];
    const outer = isMark(tokens[at], "([{") && (isMark(second, "([{") || isWord(second, "tensorshape") || isWord(second, "torch"));
    if (outer) at += 1;
    const shapes = [];
    while (shapes.length < MOST_SHAPES) {
      const [shape, after] = readShape(tokens, at);
      if (shape === CUT) return [shapes.length ? shapes : CUT, tokens.length];
      if (shape === NO) break;
      shapes.push(shape);
      at = after;
      if (isMark(tokens[at], ",;") || isWord(tokens[at], "and") || isWord(tokens[at], "vs")) at += 1;
      else break;
      const opening = skip(tokens, at, "([{<");
      if (opening >= tokens.length) {
        at = opening;
        break;
      }
      const next = tokens[opening];
      if (!isMark(next, "([{<") && !(next.kind === "w" && WRAPPERS.includes(next.value))) break;
    }
    if (!shapes.length) return [NO, at];
    if (outer && isMark(tokens[at], ")]}")) at += 1;
    return [shapes, at];
  }

  function strip(text, characters) {
    let start = 0;
    let end = text.length;
    while (start < end && characters.includes(text[start])) start += 1;
    while (end > start && characters.includes(text[end - 1])) end -= 1;
    return text.slice(start, end);
  }

  const spellName = (tokens) => strip(tokens.map((token) => (token.kind === "w" ? token.text : String(token.value))).join(""), " .,:;()[]{}<>");

  function readElement(tokens, at, elements, index) {
    const [kind, wanted] = elements[index];
    if (kind === "w" || kind === "n") {
      at = skip(tokens, at);
      if (at >= tokens.length) return [CUT, at];
      const token = tokens[at];
      if (token.kind === kind && token.value === wanted) return [true, at + 1];
      if (at === tokens.length - 1 && kind === "w" && token.kind === "w" && wanted.startsWith(token.value)) return [CUT, at];
      return [NO, at];
    }
    if (kind === "int") {
      at = skip(tokens, at);
      if (at >= tokens.length) return [CUT, at];
      if (tokens[at].kind !== "n") return [NO, at];
      if (at === tokens.length - 1 && index < elements.length - 1) return [CUT, at];
      const negative = at > 0 && isMark(tokens[at - 1], "-");
      return [negative ? -tokens[at].value : tokens[at].value, at + 1];
    }
    if (kind === "shape") return readShape(tokens, at);
    if (kind === "shapes") return readShapes(tokens, at);
    const longest = kind === "gap" ? LONGEST_GAP : LONGEST_NAME;
    const [following, word] = elements[index + 1];
    for (let end = at; end <= Math.min(at + longest, tokens.length); end += 1) {
      if (end >= tokens.length) return [CUT, end];
      const reached = following === "w" ? isWord(tokens[end], word) : isMark(tokens[end], "([");
      if (reached) return [kind === "gap" ? true : spellName(tokens.slice(at, end)), end];
    }
    return [NO, at];
  }

  function matchFrom(tokens, at, elements, index = 0) {
    const numbers = new Map();
    let words = 0;
    while (index < elements.length) {
      const [value, after] = readElement(tokens, at, elements, index);
      if (value === NO) return null;
      if (value === CUT) return { numbers, words, end: tokens.length, cut: true };
      const [kind, name] = elements[index];
      if (kind === "w") words += 1;
      else if (kind !== "n" && kind !== "gap") numbers.set(name, value);
      at = after;
      index += 1;
    }
    return { numbers, words, end: at, cut: false };
  }

  function enough(words, numbers, elements) {
    const total = elements.filter(([kind]) => kind === "w").length;
    const places = elements.filter(([kind]) => kind !== "w" && kind !== "n" && kind !== "gap").length;
    return words >= 4 && words * 2 >= total && (numbers.size > 0 || !places || words >= 7);
  }

  function indexTemplates(templates) {
    const first = new Map();
    const later = new Map();
    const append = (map, word, value) => (map.has(word) ? map.get(word).push(value) : map.set(word, [value]));
    templates.forEach((elements, which) => {
      append(first, elements[0][1], which);
      elements.forEach(([kind, word], place) => {
        if (place > 0 && kind === "w") append(later, word, [which, place]);
      });
    });
    return { first, later };
  }

  function find(tokens, templates, { first, later }) {
    const found = [];
    tokens.forEach((token, at) => {
      if (token.kind !== "w") return;
      for (const which of first.get(token.value) || []) add(found, which, templates[which], at, matchFrom(tokens, at, templates[which]), false);
    });
    const at = tokens.slice(0, 40).findIndex((token) => token.kind === "w");
    if (at >= 0) findBeheaded(found, tokens, at, templates, later);
    return found;
  }

  function add(found, which, elements, at, result, beheaded) {
    if (result === null) return;
    const { numbers, words, end, cut } = result;
    const whole = !(cut || beheaded);
    if (whole || enough(words, numbers, elements)) found.push({ template: which, start: at, end, words, numbers, whole });
  }

  function findBeheaded(found, tokens, at, templates, later) {
    const word = tokens[at].value;
    const places = (later.get(word) || []).map(([which, place]) => [which, place, at]);
    if (word.length > 2) {
      for (const [longer, uses] of later)
        if (longer !== word && longer.endsWith(word)) places.push(...uses.map(([which, place]) => [which, place + 1, at + 1]));
    }
    places.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
    for (const [which, place, start] of places) add(found, which, templates[which], at, matchFrom(tokens, start, templates[which], place), true);
  }

  // ---- expressions.py -----------------------------------------------------------------------------------------------
  const LARGEST = Number.MAX_SAFE_INTEGER;
  const isWhole = (value) => Number.isSafeInteger(value);
  const isShape = Array.isArray;

  function same(one, other) {
    if (isShape(one) && isShape(other)) return one.length === other.length && one.every((value, place) => same(value, other[place]));
    return one === other;
  }

  function evaluate(tree, numbers) {
    if (typeof tree === "string") return numbers.has(tree) ? numbers.get(tree) : null;
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

  const KNOWN_MAPS = new Map([
    [400, [16, 5, 5]], [784, [1, 28, 28]], [1024, [1, 32, 32]], [1568, [32, 7, 7]], [3072, [3, 32, 32]], [3136, [64, 7, 7]],
    [9216, [256, 6, 6]], [12288, [3, 64, 64]], [25088, [512, 7, 7]], [50176, [1024, 7, 7]], [62720, [1280, 7, 7]],
    [100352, [2048, 7, 7]], [150528, [3, 224, 224]], [268203, [3, 299, 299]], [131072, [2048, 8, 8]],
  ]);

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
      if (KNOWN_MAPS.has(features)) return KNOWN_MAPS.get(features);
      for (let side = Math.min(squareRoot(Math.floor(features / 16)), 1024); side > 1; side -= 1) {
        if (features % (side * side) === 0 && Math.floor(features / (side * side)) % 8 === 0) return [features / (side * side), side, side];
      }
      return null;
    },
    largest(...values) {
      const flat = values.filter(isWhole);
      return flat.length ? flat.reduce((a, b) => (b > a ? b : a)) : null;
    },
    magnitude: (number) => (isWhole(number) ? Math.abs(number) : null),
    power_of_two(number) {
      if (!isWhole(number) || number <= 0) return false;
      while (number % 2 === 0) number /= 2;
      return number === 1;
    },
  };

  // ---- explanation.py -----------------------------------------------------------------------------------------------
  const words = (text) => text.split(" ").map((word) => ["w", fold(word)]);
  const CHAINED = [
    words("the above exception was the direct cause of the following exception"),
    words("during handling of the above exception another exception occurred"),
  ];
  const TRACEBACK = [words("Traceback most recent call last")];
  const OTHER_EXCEPTIONS = ["indexerror", "memoryerror", "outofmemoryerror", "resourceexhaustederror"].map(fold);
  const MOST_OTHERS = 5;
  const MOST_CAUSES = 6;
  const MOST_KEPT = 500;
  const PLACEHOLDER = /\{([a-z][a-z0-9_]*)\}/g;

  // Templates arrive as lines of words, `#1` for a number, `...` for a gap and `{name:type}` for a place.
  function readTemplateElement(piece) {
    if (piece === "...") return ["gap"];
    if (piece[0] === "#") return ["n", Number(piece.slice(1))];
    if (piece[0] !== "{") return ["w", piece];
    const [name, type] = piece.slice(1, -1).split(":");
    return [type, name];
  }

  function prepare(catalogue) {
    const templates = [];
    const owners = [];
    for (const entry of catalogue.errors) {
      for (const line of entry.templates) {
        templates.push(line.split(" ").map(readTemplateElement));
        owners.push(entry);
      }
    }
    return { catalogue, templates, owners, index: indexTemplates(templates) };
  }

  function explain(text, prepared) {
    const { catalogue, templates, owners, index } = prepared;
    const tokens = tokenize(clean(text));
    let found = [];
    for (const candidate of find(tokens, templates, index)) {
      const entry = owners[candidate.template];
      const numbers = complete(entry, candidate.numbers);
      if (entry.only !== null && evaluate(entry.only, numbers) !== true) continue;
      if (isOtherException(tokens, candidate.start)) continue;
      found.push({ ...candidate, entry, said: candidate.numbers, numbers });
    }
    found = bestOfOverlapping(found);
    if (!found.length) return null;
    const rootCause = pickRoot(tokens, found);
    const others = [];
    const seen = new Set([rootCause.entry.id]);
    for (const candidate of found.filter((each) => each !== rootCause).reverse()) {
      if (seen.has(candidate.entry.id) || others.length >= MOST_OTHERS) continue;
      seen.add(candidate.entry.id);
      others.push(describe(candidate, catalogue, found));
    }
    return { ...describe(rootCause, catalogue, found), others };
  }

  function complete(entry, said) {
    const numbers = new Map(said);
    for (const [name, tree] of entry.derive) {
      if (numbers.has(name) && numbers.get(name) !== null) continue;
      const value = evaluate(tree, numbers);
      if (value !== null) numbers.set(name, value);
    }
    return numbers;
  }

  function isOtherException(tokens, start) {
    for (let at = start - 1; at >= 0 && at >= start - 12 && tokens[at].line === tokens[start].line; at -= 1)
      if (tokens[at].kind === "w" && OTHER_EXCEPTIONS.includes(tokens[at].value)) return true;
    return false;
  }

  function heaviest(one, other) {
    const keys = (candidate) => [
      candidate.words + 2 * candidate.said.size,
      [...candidate.numbers.values()].filter((value) => value !== null).length,
      candidate.whole ? 1 : 0,
      -candidate.start,
      -candidate.template,
    ];
    const a = keys(one);
    const b = keys(other);
    for (let place = 0; place < a.length; place += 1) if (a[place] !== b[place]) return b[place] - a[place];
    return 0;
  }

  function bestOfOverlapping(found) {
    const kept = [];
    for (const candidate of [...found].sort(heaviest)) {
      if (kept.every((other) => candidate.end <= other.start || other.end <= candidate.start)) {
        kept.push(candidate);
        if (kept.length >= MOST_KEPT) break;
      }
    }
    return kept.sort((a, b) => a.start - b.start);
  }

  function occurrences(tokens, templates) {
    const places = [];
    tokens.forEach((token, at) => {
      if (token.kind !== "w") return;
      for (const elements of templates) {
        if (elements[0][1] !== token.value) continue;
        const result = matchFrom(tokens, at, elements);
        if (result && !result.cut) places.push(at);
      }
    });
    return places;
  }

  function pickRoot(tokens, found) {
    const marks = [...occurrences(tokens, CHAINED).map((at) => [at, true]), ...occurrences(tokens, TRACEBACK).map((at) => [at, false])];
    marks.sort((a, b) => a[0] - b[0] || Number(a[1]) - Number(b[1]));
    const groups = new Map();
    let group = 0;
    let block = 0;
    let state = 0;
    for (const candidate of found) {
      while (state < marks.length && marks[state][0] <= candidate.start) {
        if (marks[state][1]) block += 1;
        else if (!(state > 0 && marks[state - 1][1])) {
          group += 1;
          block = 0;
        }
        state += 1;
      }
      if (!groups.has(group)) groups.set(group, new Map());
      const blocks = groups.get(group);
      if (!blocks.has(block)) blocks.set(block, []);
      blocks.get(block).push(candidate);
    }
    const chain = [...groups.get(group).entries()].sort((a, b) => a[0] - b[0]).map((each) => each[1]);
    // Of a chain the first is the root, unless it says no numbers and a later one does.
    return (chain.find((candidates) => candidates.at(-1).said.size > 0) ?? chain[0]).at(-1);
  }

  const plain = (map, keep) => Object.fromEntries([...map].filter(([name, value]) => keep(name, value)));

  function describe(candidate, catalogue, found) {
    const entry = candidate.entry;
    let { numbers, said } = candidate;
    if (entry.collect) {
      const alike = found.filter((other) => other.entry === entry);
      numbers = new Map(alike[0].numbers).set(entry.collect, alike.length);
      said = alike[0].said;
    }
    const causes = rankCauses(entry, catalogue.causes, numbers);
    let kind = entry.kind;
    if (causes.length && causes[0].fits && catalogue.causes[causes[0].id].kind) kind = catalogue.causes[causes[0].id].kind;
    const other = entry.kinds.find(([tree]) => evaluate(tree, numbers) === true);
    if (other) kind = other[1];
    const meant = Object.entries(entry.numbers).filter(([name]) => numbers.has(name) && numbers.get(name) !== null);
    return {
      id: entry.id,
      kind,
      framework: entry.framework,
      title: entry.title,
      numbers: plain(numbers, (name, value) => name in entry.numbers || (said.has(name) && typeof value !== "string")),
      meanings: Object.fromEntries(meant),
      causes,
      repairs: causes.map((cause) => cause.repair).filter((repair) => repair),
      page: `errors/${entry.id}`,
      chapter: entry.chapter,
      others: [],
    };
  }

  function rankCauses(entry, shared, numbers) {
    const specific = [];
    const fitting = [];
    const possible = [];
    for (const id of entry.causes) {
      const cause = shared[id];
      const values = new Map(numbers);
      for (const [name, tree] of cause.let) values.set(name, evaluate(tree, values));
      const repair = fill(cause.repair[entry.framework], values, true);
      const fits = cause.when !== null && evaluate(cause.when, values) === true;
      if (!fits && cause.when !== null) continue;
      const reason = fill(cause.reason ?? cause.general, values, false) || fill(cause.general, values, true);
      (!fits ? possible : cause.specific ? specific : fitting).push({ id, title: cause.title, reason, repair, fits });
    }
    return [...specific, ...fitting, ...possible].slice(0, MOST_CAUSES);
  }

  function fill(text, numbers, bare) {
    let missing = false;
    const filled = text.replace(PLACEHOLDER, (_, name) => {
      const known = numbers.has(name) ? numbers.get(name) : null;
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

  root.errorguide = { explain, prepare, spell };
})(typeof window === "undefined" ? globalThis : window);
