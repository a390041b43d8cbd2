// What Python's operators, builtins and methods do, for the modules that translate.py writes. Whole numbers
// are JavaScript's, BigInt where they grow past 2**53; a float is a $Float, so that 1.0 stays one; a list is an
// array, a tuple a $Tuple, a dict a $Dict, a set a $Set; None is null. What Python refuses throws here too.

class $Tuple {
  constructor(items) {
    this.items = items;
  }
  [Symbol.iterator]() {
    return this.items[Symbol.iterator]();
  }
}

class $Float {
  constructor(value) {
    this.value = value;
  }
}

class $Dict {
  constructor() {
    this.map = new Map();
  }
  put(key, value) {
    const place = $key(key);
    const old = this.map.get(place);
    if (old) old[1] = value;
    else this.map.set(place, [key, value]);
  }
  find(key) {
    return this.map.get($key(key));
  }
}

class $Set {
  constructor() {
    this.map = new Map();
  }
  add(item) {
    const place = $key(item);
    if (!this.map.has(place)) this.map.set(place, item);
  }
}

class $Range {
  constructor(start, stop, step) {
    Object.assign(this, { start, stop, step });
  }
  get size() {
    const { start, stop, step } = this;
    return Math.max(Math.ceil((stop - start) / step), 0);
  }
  *[Symbol.iterator]() {
    for (let place = 0, count = this.size; place < count; place += 1) yield this.start + place * this.step;
  }
}

class $Slice {
  constructor(start, stop, step) {
    Object.assign(this, { start, stop, step });
  }
}

// ---- functions and classes ----

const $def = (words, made) => {
  made.$words = words ? words.split(" ") : [];
  return made;
};

// Calls with arguments by name.
function $named(called, self, positional, named) {
  if (called.$takes) return called.$takes(positional, named);
  const words = called.$words || [];
  const more = words.length && words[words.length - 1].startsWith("**") ? $dict() : null;
  const given = [...positional];
  for (const [name, value] of named.map.values()) {
    const place = words.indexOf(name);
    if (place >= 0 && given[place] === undefined) given[place] = value;
    else if (more && place < 0) more.put(name, value);
    else throw $TypeError(`unexpected or repeated keyword argument '${name}'`);
  }
  if (more) given[words.length - 1] = more;
  return called.apply(self, given);
}

function $named_method(owner, name, positional, named) {
  if (owner instanceof $object) return $named(owner[name], owner, positional, named);
  const called = $methods_of(owner)[name];
  if (!called || !called.$takes) throw $TypeError(`${name}() takes no keyword arguments`);
  return called.$takes([owner, ...positional], named);
}

const $partial = (called, ...rest) => {
  const named = rest.pop();
  return (...given) => $named(called, null, [...rest, ...given], named);
};

function $object() {}
$object.prototype.__init__ = function () {};

function $class(name, base, fields, frozen, methods, properties) {
  const made = function (...given) {
    const self = Object.create(made.prototype);
    made.prototype.__init__.apply(self, given);
    return self;
  };
  const prototype = (made.prototype = Object.create(base.prototype));
  if (fields) $dataclass(prototype, name, fields, frozen);
  Object.assign(prototype, methods);
  for (const each of Object.keys(properties)) Object.defineProperty(prototype, each, { get: properties[each] });
  prototype.$class = made;
  made.__name__ = name;
  made.$words = prototype.__init__.$words;
  return made;
}

function $dataclass(prototype, name, fields, frozen) {
  prototype.$fields = fields.map(([field]) => field);
  prototype.$hashed = frozen ? fields.filter(([, , hashed]) => hashed).map(([field]) => field) : null;
  prototype.__init__ = $def(prototype.$fields.join(" "), function (...given) {
    if (given.length > fields.length) throw $TypeError(`${name} takes ${fields.length} arguments`);
    for (let place = 0; place < fields.length; place += 1) {
      const [field, made] = fields[place];
      if (given[place] !== undefined) this[field] = given[place];
      else if (made) this[field] = made();
      else throw $TypeError(`${name} misses the argument '${field}'`);
    }
    if (frozen) Object.freeze(this);
  });
}

function $attr(owner, name) {
  if (owner !== null && typeof owner === "object" && owner.$class) {
    const found = owner[name];
    if (found !== undefined)
      return typeof found === "function" && !Object.hasOwn(owner, name) ? found.bind(owner) : found;
  } else if (typeof owner === "function" && name === "__name__") return owner.__name__;
  throw $AttributeError(`no attribute '${name}'`);
}

const $hasattr = (owner, name) => owner instanceof $object && owner[name] !== undefined;
const $getattr = (owner, name, other) => ($hasattr(owner, name) ? $attr(owner, name) : other);

// ---- exceptions ----

const $Exception = $class("Exception", $object, null, false, {
  __init__(...given) {
    this.args = $t(...given);
  },
}, {});  // prettier-ignore
const $exception = (name, base = $Exception) => $class(name, base, null, false, {}, {});
const $TypeError = $exception("TypeError");
const $ValueError = $exception("ValueError");
const $KeyError = $exception("KeyError");
const $IndexError = $exception("IndexError");
const $AttributeError = $exception("AttributeError");
const $ZeroDivisionError = $exception("ZeroDivisionError");
const $OverflowError = $exception("OverflowError");
const $RecursionError = $exception("RecursionError");
const $StopIteration = $exception("StopIteration");

const $raised = (problem) => (typeof problem === "function" ? problem() : problem);

// A method that a value does not have is JavaScript's TypeError, a stack that is full its RangeError.
function $caught(thrown) {
  if (thrown instanceof $object) return thrown;
  if (thrown instanceof RangeError) return $RecursionError(thrown.message);
  if (thrown instanceof TypeError) return $AttributeError(thrown.message);
  throw thrown;
}

// ---- types ----

const $is_whole = (value) => typeof value === "number" || typeof value === "bigint";
const $is_number = (value) => $is_whole(value) || typeof value === "boolean" || value instanceof $Float;
const $type_named = (name, test, make) => Object.assign(make, { $test: test, __name__: name });

const $bool = $type_named("bool", (value) => typeof value === "boolean", (value) => $true(value));
const $int = $type_named("int", (value) => $is_whole(value) || typeof value === "boolean", (value = 0, base = 10) => {
  if (typeof value === "string") return $whole_number(value, base);
  if (value instanceof $Float) {
    if (!Number.isFinite(value.value)) throw $OverflowError("cannot convert float infinity to integer");
    return $small(BigInt(Math.trunc(value.value)));
  }
  if ($is_whole(value)) return value;
  if (typeof value === "boolean") return Number(value);
  throw $TypeError("int() argument must be a string or a number");
});
const $float = $type_named("float", (value) => value instanceof $Float, (value) => {
  if (typeof value !== "string") return new $Float($real(value));
  const plain = $digits($strip(value, null, true, true)).replace(/(\d)_(?=\d)/g, "$1").toLowerCase();
  if (/^[+-]?(inf|infinity)$/.test(plain)) return new $Float(plain[0] === "-" ? -Infinity : Infinity);
  if (/^[+-]?nan$/.test(plain)) return new $Float(NaN);
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(plain))
    throw $ValueError(`could not convert string to float: ${$repr(value)}`);
  return new $Float(Number(plain));
});
const $str = $type_named("str", (value) => typeof value === "string", (value) => {
  if (typeof value === "string") return value;
  if (value instanceof $Exception) {
    const items = value.args.items;
    return items.length === 1 ? $str(items[0]) : items.length ? $repr(value.args) : "";
  }
  return $repr(value);
});
const $list = $type_named("list", Array.isArray, (value = []) => [...$each(value)]);
const $tuple = $type_named("tuple", (value) => value instanceof $Tuple, (value = $empty) =>
  value instanceof $Tuple ? value : $t(...$each(value)));  // prettier-ignore
const $dict = $type_named("dict", (value) => value instanceof $Dict, (value) => {
  if (value instanceof $Dict) return $dict_of(value.map.values());
  return $dict_of(value === undefined ? [] : Array.from($each(value), (pair) => $unpack(pair, 2)));
});
const $set = $type_named("set", (value) => value instanceof $Set, (value = []) => $set_of($each(value)));
const $NoneType = $type_named("NoneType", (value) => value === null, () => null);
const $types = [$bool, $int, $float, $str, $list, $tuple, $dict, $set];
$dict.methods = {
  fromkeys: (keys, value = null) => $dict_of(Array.from($each(keys), (key) => [key, value])),
};

function $type(value) {
  if (value === null) return $NoneType;
  return value instanceof $object ? value.$class : $types.find((type) => type.$test(value));
}

function $isinstance(value, ...types) {
  return types.some((type) => {
    if (type === null) return value === null;
    return type.$test ? type.$test(value) : value instanceof type;
  });
}

const $empty = new $Tuple([]);
const $t = (...items) => (items.length ? new $Tuple(items) : $empty);
const $slice = (start, stop, step) => new $Slice(start, stop, step);
const $pairs = (dict) => Array.from(dict.map.values(), ([key, value]) => [key, value]);

function $dict_of(pairs) {
  const made = new $Dict();
  for (const [key, value] of pairs) made.put(key, value);
  return made;
}

function $set_of(items) {
  const made = new $Set();
  for (const item of items) made.add(item);
  return made;
}

// What stands for a value in a Map: the same for equal values.
function $key(value) {
  if (typeof value === "string" || typeof value === "number" || value === null) return value;
  if (typeof value === "boolean") return Number(value);
  if (value instanceof $Float) return value.value;
  if (value instanceof $Tuple) return `\0(${value.items.map($key_text).join("\0,")}\0)`;
  if (Array.isArray(value) || value instanceof $Dict || value instanceof $Set)
    throw $TypeError(`unhashable type: '${$type(value).__name__}'`);
  if (value instanceof $object && value.$fields) {
    if (!value.$hashed) throw $TypeError(`unhashable type: '${value.$class.__name__}'`);
    return `\0${$id(value.$class)}(${value.$hashed.map((field) => $key_text(value[field])).join("\0,")}\0)`;
  }
  return value;
}

const $ids = new WeakMap();
let $last_id = 0;
function $id(value) {
  if (value === null || typeof value !== "object" && typeof value !== "function") return $key_text(value);
  if (!$ids.has(value)) $ids.set(value, ($last_id += 1));
  return $ids.get(value);
}

function $key_text(value) {
  const key = $key(value);
  return typeof key === "object" && key !== null ? `o${$id(key)}` : `${(typeof key)[0]}${key}`;
}

// ---- truth and comparison ----

function $true(value) {
  if (value === null || value === undefined || value === "" || value === 0 || value === false) return false;
  if (typeof value !== "object" || value instanceof $object) return value !== 0n;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof $Tuple) return value.items.length > 0;
  if (value instanceof $Float) return value.value !== 0;
  if (value instanceof $Dict || value instanceof $Set) return value.map.size > 0;
  return !(value instanceof $Range) || value.size > 0;
}

const $and = (left, right) => ($true(left) ? right() : left);
const $or_else = (left, right) => ($true(left) ? left : right());

function $eq(left, right) {
  if (left === right) return true;
  if (left === null || right === null) return false;
  if ($is_number(left) && $is_number(right)) return $plain_number(left) == $plain_number(right);
  if (typeof left !== "object" || typeof right !== "object") return false;
  if (left instanceof $Tuple) return right instanceof $Tuple && $eq_items(left.items, right.items);
  if (Array.isArray(left)) return Array.isArray(right) && $eq_items(left, right);
  if (left instanceof $Dict) {
    if (!(right instanceof $Dict) || left.map.size !== right.map.size) return false;
    return [...left.map].every(([key, [, value]]) => right.map.has(key) && $eq(value, right.map.get(key)[1]));
  }
  if (left instanceof $Set)
    return right instanceof $Set && left.map.size === right.map.size && $le(left, right);
  if (left.$fields && left.$class === right.$class)
    return left.$fields.every((field) => $eq(left[field], right[field]));
  return false;
}

const $eq_items = (left, right) =>
  left.length === right.length && left.every((item, place) => $eq(item, right[place]));
const $plain_number = (value) => (value instanceof $Float ? value.value : value);

// -1, 0 or 1, by what both are.
function $order(left, right, sign) {
  if ($is_number(left) && $is_number(right)) {
    const [one, other] = [$plain_number(left), $plain_number(right)];
    return one < other ? -1 : one > other ? 1 : one == other ? 0 : NaN;
  }
  if (typeof left === "string" && typeof right === "string")
    return left === right ? 0 : $order_items(Array.from(left, $code), Array.from(right, $code), sign);
  const lists = Array.isArray(left) && Array.isArray(right);
  if (lists || (left instanceof $Tuple && right instanceof $Tuple))
    return $order_items([...left], [...right], sign);
  throw $TypeError(`'${sign}' not supported between these`);
}

const $code = (letter) => letter.codePointAt(0);

function $order_items(left, right, sign) {
  const place = left.findIndex((item, at) => at >= right.length || !$eq(item, right[at]));
  if (place < 0) return left.length - right.length;
  return place >= right.length ? 1 : $order(left[place], right[place], sign);
}

const $contained = (left, right) => [...left.map.keys()].every((key) => right.map.has(key));
const $both_sets = (left, right) => left instanceof $Set && right instanceof $Set;

const $lt = (left, right) => {
  if (typeof left === "number" && typeof right === "number") return left < right;
  if ($both_sets(left, right)) return left.map.size < right.map.size && $contained(left, right);
  return $order(left, right, "<") < 0;
};
const $le = (left, right) => ($both_sets(left, right) ? $contained(left, right) : $order(left, right, "<=") <= 0);
const $gt = (left, right) => $lt(right, left);
const $ge = (left, right) => $le(right, left);

function $in(item, items) {
  if (typeof items === "string") {
    if (typeof item !== "string") throw $TypeError("'in <string>' requires string as left operand");
    return items.includes(item);
  }
  if (items instanceof $Dict || items instanceof $Set) return items.map.has($key(item));
  if (items instanceof $object && items.__contains__) return items.__contains__(item);
  for (const each of $each(items)) if (each === item || (typeof each !== "string" && $eq(item, each))) return true;
  return false;
}

// ---- numbers ----

const $small = (value) =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;

function $real(value) {
  if (value instanceof $Float) return value.value;
  if (!$is_number(value)) throw $TypeError("a number is needed");
  return Number(value);
}

// Computes with two numbers: `quick` with JavaScript's where the result is exact, else `exact` with BigInts;
// `floats` where one of them is a float.
function $arithmetic(left, right, quick, exact, floats, sign) {
  if (!$is_number(left) || !$is_number(right)) throw $TypeError(`unsupported operand type(s) for ${sign}`);
  if (left instanceof $Float || right instanceof $Float) return new $Float(floats($real(left), $real(right)));
  if (typeof left !== "bigint" && typeof right !== "bigint") {
    const made = quick(Number(left), Number(right));
    if (Number.isSafeInteger(made)) return made + 0;
  }
  return $small(exact(BigInt(left), BigInt(right)));
}

function $add(left, right) {
  if (typeof left === "number" && typeof right === "number" && Number.isSafeInteger(left + right))
    return left + right;
  if (typeof left === "string" && typeof right === "string") return left + right;
  if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  if (left instanceof $Tuple && right instanceof $Tuple) {
    if (!left.items.length || !right.items.length) return left.items.length ? left : right;
    return new $Tuple([...left.items, ...right.items]);
  }
  return $arithmetic(left, right, (a, b) => a + b, (a, b) => a + b, (a, b) => a + b, "+");
}

function $sub(left, right) {
  if ($both_sets(left, right))
    return $set_of([...left.map].filter(([key]) => !right.map.has(key)).map(([, item]) => item));
  return $arithmetic(left, right, (a, b) => a - b, (a, b) => a - b, (a, b) => a - b, "-");
}

function $mul(left, right) {
  if (typeof left === "number" && typeof right === "number" && Number.isSafeInteger(left * right))
    return left * right + 0;
  if ($is_number(left) && !$is_number(right)) return $mul(right, left);
  if ($int.$test(right)) {
    const count = Math.max(Number(right), 0);
    if (typeof left === "string") return left.repeat(count);
    if (Array.isArray(left)) return Array.from({ length: count }, () => left).flat(1);
    if (left instanceof $Tuple) return count === 1 ? left : $t(...Array(count).fill(left.items).flat(1));
  }
  return $arithmetic(left, right, (a, b) => a * b, (a, b) => a * b, (a, b) => a * b, "*");
}

function $nonzero(value) {
  if ($is_number(value) && !$true(value)) throw $ZeroDivisionError("division by zero");
  return value;
}

function $div(left, right) {
  if (!$is_number(left) || !$is_number(right)) throw $TypeError("unsupported operand type(s) for /");
  const made = $real(left) / $real($nonzero(right));
  if ($int.$test(left) && $int.$test(right) && !Number.isFinite(made))
    throw $OverflowError("integer division result too large for a float");
  return new $Float(made);
}

const $floor_big = (a, b) => a / b - (a % b !== 0n && a % b < 0n !== b < 0n ? 1n : 0n);
const $mod_float = (a, b) => (a % b !== 0 && a % b < 0 !== b < 0 ? (a % b) + b : a % b);

const $floordiv = (left, right) =>
  $arithmetic(left, $is_number(left) ? $nonzero(right) : right, (a, b) => Math.floor(a / b), $floor_big,
    (a, b) => Math.floor(a / b), "//");  // prettier-ignore
const $mod = (left, right) =>
  $arithmetic(left, $is_number(left) ? $nonzero(right) : right, $mod_float, (a, b) => a - $floor_big(a, b) * b,
    $mod_float, "%");  // prettier-ignore

function $pow(left, right) {
  if ($int.$test(left) && $int.$test(right) && right >= 0) return $small(BigInt(left) ** BigInt(right));
  const [base, power] = [$real(left), $real(right)];
  if (base === 0 && power < 0) throw $ZeroDivisionError("0.0 cannot be raised to a negative power");
  const made = base ** power;
  if (!Number.isFinite(made) && Number.isFinite(base) && Number.isFinite(power))
    throw $OverflowError("Numerical result out of range");
  return new $Float(made);
}

const $neg = (value) => (value instanceof $Float ? new $Float(-value.value) : $sub(0, value));
const $abs = (value) => ($lt(value, 0) ? $neg(value) : value instanceof $Float ? value : $add(value, 0));

function $or(left, right) {
  if (left instanceof $Dict && right instanceof $Dict)
    return $dict_of([...left.map.values(), ...right.map.values()]);
  if ($both_sets(left, right)) return $set_of([...left.map.values(), ...right.map.values()]);
  throw $TypeError("unsupported operand type(s) for |");
}

const $iadd = (left, right) => {
  if (!Array.isArray(left)) return $add(left, right);
  left.push(...$each(right));
  return left;
};
const $ior = (left, right) => {
  if (!(left instanceof $Dict)) return $or(left, right);
  for (const [key, value] of $pairs(right)) left.put(key, value);
  return left;
};
const [$isub, $imul, $idiv, $ifloordiv, $imod] = [$sub, $mul, $div, $floordiv, $mod];

// A float with `digits` digits, a tie to the even one as Python has it.
function $fixed(value, digits) {
  const [long, made] = [value.toFixed(60), value.toFixed(digits)];
  const rest = long.slice(long.indexOf(".") + 1 + digits);
  if (!/^50*$/.test(rest)) return made;
  const cut = long.slice(0, long.length - rest.length).replace(/\.$/, "");
  return Number(cut[cut.length - 1]) % 2 ? made : cut;
}

function $round(value, digits = null) {
  if (!(value instanceof $Float)) return value;
  const made = Number($fixed(value.value, digits ?? 0));
  return digits === null ? $int(new $Float(made)) : new $Float(made);
}

// ---- texts of values ----

function $repr(value) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if ($is_whole(value)) return String(value);
  if (typeof value === "string") return $quoted(value);
  if (value instanceof $Float) return $float_text(value.value);
  if (value instanceof $Tuple)
    return `(${value.items.map($repr).join(", ")}${value.items.length === 1 ? "," : ""})`;
  if (Array.isArray(value)) return `[${value.map($repr).join(", ")}]`;
  if (value instanceof $Dict) return `{${$pairs(value).map(([k, v]) => `${$repr(k)}: ${$repr(v)}`).join(", ")}}`;
  if (value.$fields) {
    const shown = value.$fields.map((field) => `${field}=${$repr(value[field])}`);
    return `${value.$class.__name__}(${shown.join(", ")})`;
  }
  if (typeof value === "function" && $types.includes(value)) return `<class '${value.__name__}'>`;
  throw $TypeError("a value whose repr is not known");
}

function $float_text(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0.0";
  const [digits, exponent] = value.toExponential().split("e");
  if (Number(exponent) < -4 || Number(exponent) >= 16) {
    const places = exponent.slice(1).padStart(2, "0");
    return `${digits}e${exponent[0]}${places}`;
  }
  const plain = Math.abs(value) < 1e-6 || Math.abs(value) >= 1e15 ? $plain_digits(value) : String(value);
  return plain.includes(".") ? plain : `${plain}.0`;
}

const $plain_digits = (value) => (Number.isInteger(value) ? String(BigInt(value)) : value.toFixed(20).replace(/0+$/, ""));

const $ESCAPES = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };
function $quoted(value) {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  const inside = Array.from(value, (letter) => {
    if (letter in $ESCAPES) return $ESCAPES[letter];
    if (letter === quote) return `\\${letter}`;
    if (!/[\p{C}\p{Z}]/u.test(letter) || letter === " ") return letter;
    const code = letter.codePointAt(0);
    const [mark, width] = code < 256 ? ["x", 2] : code < 65536 ? ["u", 4] : ["U", 8];
    return `\\${mark}${code.toString(16).padStart(width, "0")}`;
  });
  return quote + inside.join("") + quote;
}

function $format(value, format) {
  if (format === ".1f") return $fixed($real(value), 1);
  if (!$int.$test(value)) throw $TypeError("only whole numbers are written with commas");
  return String($int(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

// ---- items ----

// What a loop goes over.
function $each(value) {
  if (Array.isArray(value) || typeof value === "string") return value;
  if (value instanceof $Tuple) return value.items;
  if (value instanceof $Dict) return Array.from(value.map.values(), ([key]) => key);
  if (value instanceof $Set) return value.map.values();
  if (value && !(value instanceof $object) && typeof value[Symbol.iterator] === "function") return value;
  throw $TypeError("object is not iterable");
}

// What a comprehension makes of each item, one after the other; `keeps` is its condition.
function* $of(items, make, keeps) {
  for (const each of items) if (keeps === undefined || keeps(each)) yield make(each);
}
const $iter = (value) => $each(value)[Symbol.iterator]();

function $next(iterator, ...other) {
  const { done, value } = iterator.next();
  if (!done) return value;
  if (other.length) return other[0];
  throw $StopIteration();
}

function $unpack(value, count) {
  const items = [...$each(value)];
  if (items.length !== count) throw $ValueError(`${count} values are unpacked, but there are ${items.length}`);
  return items;
}

function $unpackStar(value, before, after) {
  const items = [...$each(value)];
  if (items.length < before + after) throw $ValueError("not enough values to unpack");
  const end = items.length - after;
  return [...items.slice(0, before), items.slice(before, end), ...items.slice(end)];
}

const $letters = (value) => (/[\ud800-\udfff]/.test(value) ? Array.from(value) : value);

function $len(value) {
  if (typeof value === "string") return $letters(value).length;
  if (Array.isArray(value)) return value.length;
  if (value instanceof $Tuple) return value.items.length;
  if (value instanceof $Dict || value instanceof $Set) return value.map.size;
  if (value instanceof $Range) return value.size;
  throw $TypeError("object has no len()");
}

function $place(index, length) {
  if (!$int.$test(index)) throw $TypeError("indices must be integers or slices");
  const place = Number(index) < 0 ? Number(index) + length : Number(index);
  if (place < 0 || place >= length) throw $IndexError("index out of range");
  return place;
}

// Start, end and step of a slice in a sequence of some length.
function $bounds(slice, length) {
  const step = slice.step === null ? 1 : Number(slice.step);
  if (step === 0) throw $ValueError("slice step cannot be zero");
  const clip = (given, missing) => {
    if (given === null) return missing;
    const place = Number($int(given)) < 0 ? Number(given) + length : Number(given);
    return step > 0 ? Math.min(Math.max(place, 0), length) : Math.min(Math.max(place, -1), length - 1);
  };
  return [clip(slice.start, step > 0 ? 0 : length - 1), clip(slice.stop, step > 0 ? length : -1), step];
}

function $sliced(items, slice) {
  const [start, stop, step] = $bounds(slice, items.length);
  if (step === 1) return items.slice(start, Math.max(stop, start));
  const made = [];
  for (let place = start; step > 0 ? place < stop : place > stop; place += step) made.push(items[place]);
  return typeof items === "string" ? made.join("") : made;
}

function $get(owner, index) {
  if (owner instanceof $Dict) {
    const found = owner.find(index);
    if (found) return found[1];
    throw $KeyError(index);
  }
  if (owner instanceof $object && owner.__getitem__) return owner.__getitem__(index);
  if (owner instanceof $Tuple) {
    if (!(index instanceof $Slice)) return owner.items[$place(index, owner.items.length)];
    const made = $sliced(owner.items, index);
    return made.length === owner.items.length && (index.step ?? 1) === 1 ? owner : $t(...made);
  }
  if (Array.isArray(owner))
    return index instanceof $Slice ? $sliced(owner, index) : owner[$place(index, owner.length)];
  if (typeof owner === "string") {
    const letters = $letters(owner);
    if (!(index instanceof $Slice)) return letters[$place(index, letters.length)];
    const made = $sliced(letters, index);
    return typeof made === "string" ? made : made.join("");
  }
  if (owner instanceof $Range && index instanceof $Slice) {
    const [start, stop, step] = $bounds(index, owner.size);
    const at = (place) => owner.start + place * owner.step;
    return new $Range(at(start), at(stop), owner.step * step);
  }
  throw $TypeError("object is not subscriptable");
}

function $put(owner, index, value) {
  if (owner instanceof $Dict) owner.put(index, value);
  else if (Array.isArray(owner)) owner[$place(index, owner.length)] = value;
  else if (owner instanceof $object && owner.__setitem__) owner.__setitem__(index, value);
  else throw $TypeError("object does not support item assignment");
}

function $del(owner, index) {
  if (Array.isArray(owner) && index instanceof $Slice && index.step === null) {
    const [start, stop] = $bounds(index, owner.length);
    owner.splice(start, Math.max(stop - start, 0));
  } else if (Array.isArray(owner)) owner.splice($place(index, owner.length), 1);
  else if (!(owner instanceof $Dict)) throw $TypeError("object does not support item deletion");
  else if (!owner.map.delete($key(index))) throw $KeyError(index);
}

// ---- builtins ----

// A builtin that takes arguments by name: its other arguments as one object.
const $with_names = (made) => {
  const called = (...given) => made(given, {});
  called.$takes = (given, named) => made(given, Object.fromEntries($pairs(named)));
  return called;
};

function* $any_zip(over, strict) {
  const iterators = over.map($iter);
  for (;;) {
    const steps = iterators.map((each) => each.next());
    if (!steps.length || steps.some(({ done }) => done)) {
      if (strict && steps.some(({ done }) => !done)) throw $ValueError("zip() arguments differ in length");
      return;
    }
    yield $t(...steps.map(({ value }) => value));
  }
}

const $zip = $with_names((given, { strict = false }) => $any_zip(given, strict));

const $best = (before) =>
  $with_names((given, { key = null, default: other }) => {
    const items = [...$each(given.length === 1 ? given[0] : given)];
    if (!items.length && other !== undefined) return other;
    if (!items.length) throw $ValueError("iterable argument is empty");
    const rank = (item) => (key ? key(item) : item);
    return items.reduce((best, item) => (before(rank(item), rank(best)) ? item : best));
  });
const $max = $best($gt);
const $min = $best($lt);

const $in_order = (items, { key = null, reverse = false }) => {
  const rank = (item) => (key ? key(item) : item);
  const sign = reverse ? -1 : 1;
  const ranked = items.map((item) => [rank(item), item]);
  ranked.sort(([one], [other]) => ($lt(one, other) ? -sign : $lt(other, one) ? sign : 0));
  return ranked.map(([, item]) => item);
};
const $sorted = $with_names(([items], named) => $in_order([...$each(items)], named));

const $sum = (items, start = 0) => {
  let total = start;
  for (const item of $each(items)) total = $add(total, item);
  return total;
};
const $any = (items) => {
  for (const item of $each(items)) if ($true(item)) return true;
  return false;
};
const $all = (items) => {
  for (const item of $each(items)) if (!$true(item)) return false;
  return true;
};
const $reversed = (items) => [...$each(items)].reverse()[Symbol.iterator]();
const $chr = (code) => String.fromCodePoint(code);

function* $map(called, ...over) {
  for (const items of $any_zip(over, false)) yield called(...items.items);
}

function* $enumerate_from(items, start) {
  let place = start;
  for (const item of $each(items)) yield $t(place++, item);
}
const $enumerate = $with_names(([items, first = 0], { start = first }) => $enumerate_from(items, start));

function $range(...given) {
  if (given.some((each) => !$int.$test(each))) throw $TypeError("range() takes whole numbers");
  const [one, other, step = 1] = given.map(Number);
  if (step === 0) throw $ValueError("range() arg 3 must not be zero");
  return given.length === 1 ? new $Range(0, one, 1) : new $Range(one, other, step);
}

const $itertools = {
  *product(...over) {
    const lists = over.map((each) => [...$each(each)]);
    const made = lists.reduce((starts, items) => starts.flatMap((start) => items.map((item) => [...start, item])), [[]]);
    for (const items of made) yield $t(...items);
  },
};

// ---- methods ----

const $SPACES = "\t\n\v\f\r\x1c-\x1f \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000";
const $digit = /\p{Nd}/u;

function $whole_number(value, base) {
  if (base === 10 && /^-?\d{1,15}$/.test(value)) return Number(value) + 0;
  const digits = $digits($strip(value, null, true, true)).replace(/([0-9a-z])_(?=[0-9a-z])/gi, "$1");
  if (!(base === 10 ? /^[+-]?\d+$/ : /^[0-9a-f]+$/i).test(digits))
    throw $ValueError(`invalid literal for int() with base ${base}: ${$repr(value)}`);
  if (base !== 10) return parseInt(digits, base);
  return digits[0] === "-" ? $small(-BigInt(digits.slice(1))) : $small(BigInt(digits.replace("+", "")));
}

// A text with the digits of all scripts as 0 to 9.
const $digits = (value) => Array.from(value, (letter) => ($digit.test(letter) ? $digit_value(letter) : letter)).join("");

// Such digits stand in runs of ten.
function $digit_value(letter) {
  let start = letter.codePointAt(0);
  while ($digit.test(String.fromCodePoint(start - 1))) start -= 1;
  return (letter.codePointAt(0) - start) % 10;
}

const $IS_SPACE = new RegExp(`^[${$SPACES}]$`);
function $strip(value, letters, left, right) {
  const goes = letters === null ? (letter) => $IS_SPACE.test(letter) : (letter) => letters.includes(letter);
  let [start, end] = [0, value.length];
  while (left && start < end && goes(value[start])) start += 1;
  while (right && start < end && goes(value[end - 1])) end -= 1;
  return value.slice(start, end);
}

const $affix = (test) => (value, given) =>
  given instanceof $Tuple ? given.items.some((each) => test(value, each)) : test(value, given);
const $split_once = (value, place, sign, missing) =>
  place < 0 ? $t(...missing) : $t(value.slice(0, place), sign, value.slice(place + sign.length));
const $padding = (value, width) => " ".repeat(Math.max(width - $len(value), 0));

// A string apart at a sign, at most so often; -1 stands for always.
function $parts(value, sign, most) {
  const parts = value.split(sign);
  return most < 0 || parts.length <= most ? parts : [...parts.slice(0, most), parts.slice(most).join(sign)];
}

const $string_methods = {
  count(s, part) {
    let count = 0;
    for (let at = s.indexOf(part); at >= 0; at = s.indexOf(part, at + part.length)) count += 1;
    return count;
  },
  endswith: $affix((s, end) => s.endsWith(end)),
  expandtabs(s, width = 8) {
    let column = 0;
    return Array.from(s, (letter) => {
      const made = letter === "\t" ? " ".repeat(width - (column % width)) : letter;
      column = letter === "\n" || letter === "\r" ? 0 : column + made.length;
      return made;
    }).join("");
  },
  format(s, ...given) {
    return s.replace(/\{\{|\}\}|\{(.*?)\}|[{}]/g, (found, field) => {
      if (found === "{{" || found === "}}") return found[0];
      if (field !== "" && field !== "!r") throw $ValueError(`a field that format() does not have here: ${found}`);
      return (field ? $repr : $str)(given.shift());
    });
  },
  index(s, part) {
    const place = s.indexOf(part);
    if (place < 0) throw $ValueError("substring not found");
    return $len(s.slice(0, place));
  },
  isdecimal: (s) => /^\p{Nd}+$/u.test(s),
  islower: (s) => s !== s.toUpperCase() && s === s.toLowerCase(),
  isupper: (s) => s !== s.toLowerCase() && s === s.toUpperCase(),
  join(s, items) {
    const parts = [...$each(items)];
    if (parts.some((part) => typeof part !== "string")) throw $TypeError("join() takes strings");
    return parts.join(s);
  },
  ljust: (s, width) => s + $padding(s, width),
  lower: (s) => s.toLowerCase(),
  lstrip: (s, letters = null) => $strip(s, letters, true, false),
  partition: (s, sign) => $split_once(s, s.indexOf(sign), sign, [s, "", ""]),
  removeprefix: (s, start) => (s.startsWith(start) ? s.slice(start.length) : s),
  removesuffix: (s, end) => (end && s.endsWith(end) ? s.slice(0, -end.length) : s),
  replace: (s, old, made, most = -1) => $parts(s, old, most).join(made),
  rfind(s, part, start = 0, end = null) {
    const found = s.slice(0, end ?? s.length).lastIndexOf(part);
    return found < start ? -1 : found;
  },
  rjust: (s, width) => $padding(s, width) + s,
  rpartition: (s, sign) => $split_once(s, s.lastIndexOf(sign), sign, ["", "", s]),
  rstrip: (s, letters = null) => $strip(s, letters, false, true),
  split: (s, sign = null, most = -1) =>
    sign === null ? s.split(new RegExp(`[${$SPACES}]+`, "u")).filter(Boolean) : $parts(s, sign, most),
  splitlines(s) {
    const lines = s.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
    return lines[lines.length - 1] === "" ? lines.slice(0, -1) : lines;
  },
  startswith: $affix((s, start) => s.startsWith(start)),
  strip: (s, letters = null) => $strip(s, letters, true, true),
  upper: (s) => s.toUpperCase(),
};

const $list_methods = {
  append: (items, item) => { items.push(item); return null; },
  copy: (items) => [...items],
  count: (items, item) => items.filter((each) => $eq(each, item)).length,
  extend: (items, more) => { for (const item of [...$each(more)]) items.push(item); return null; },
  index(items, item) {
    const place = items.findIndex((each) => $eq(each, item));
    if (place < 0) throw $ValueError("the item is not in the list");
    return place;
  },
  insert: (items, place, item) => { items.splice(place, 0, item); return null; },
  pop(items, place = -1) {
    if (!items.length) throw $IndexError("pop from empty list");
    return items.splice($place(place, items.length), 1)[0];
  },
  reverse: (items) => { items.reverse(); return null; },
  remove(items, item) { items.splice($list_methods.index(items, item), 1); return null; },
  sort: $with_names(([items], named) => { items.splice(0, items.length, ...$in_order(items, named)); return null; }),
};

const $tuple_methods = {
  count: (tuple, item) => $list_methods.count(tuple.items, item),
  index: (tuple, item) => $list_methods.index(tuple.items, item),
};

const $dict_methods = {
  copy: (dict) => $dict_of(dict.map.values()),
  get(dict, key, other = null) {
    const found = dict.find(key);
    return found ? found[1] : other;
  },
  items: (dict) => Array.from(dict.map.values(), ([key, value]) => $t(key, value)),
  keys: (dict) => $each(dict),
  pop(dict, key, other) {
    const found = dict.find(key);
    if (!found && other === undefined) throw $KeyError(key);
    dict.map.delete($key(key));
    return found ? found[1] : other;
  },
  setdefault(dict, key, value = null) {
    if (!dict.find(key)) dict.put(key, value);
    return dict.find(key)[1];
  },
  update: (dict, more) => { $ior(dict, more); return null; },
  values: (dict) => Array.from(dict.map.values(), ([, value]) => value),
};

const $set_methods = {
  add: (set, item) => { set.add(item); return null; },
};

function $methods_of(value) {
  if (typeof value === "string") return $string_methods;
  if (Array.isArray(value)) return $list_methods;
  if (value instanceof $Tuple) return $tuple_methods;
  if (value instanceof $Dict) return $dict_methods;
  if (value instanceof $Set) return $set_methods;
  return (value && value.methods) || {};
}

function $call(owner, name, ...given) {
  if (owner instanceof $object) return owner[name](...given);
  const called = $methods_of(owner)[name];
  if (!called) throw $AttributeError(`no attribute '${name}'`);
  return called === owner.methods?.[name] ? called(...given) : called(owner, ...given);
}

// ---- regular expressions ----

const $WORD = "\\p{L}\\p{N}_";
const $CLASSES = { d: "\\p{Nd}", D: "\\P{Nd}", w: $WORD, s: $SPACES };

// A pattern of Python's as JavaScript's: with Python's classes, and without the blanks of re.VERBOSE.
function $pattern(pattern, flags) {
  let made = "";
  let inside = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const letter = pattern[at];
    if (letter === "\\") {
      made += $escape(pattern[(at += 1)], inside, pattern, at);
      if ("xu".includes(pattern[at])) {
        const width = pattern[at] === "x" ? 2 : 4;
        made += `\\u{${pattern.slice(at + 1, at + 1 + width)}}`;
        at += width;
      }
    } else if (inside) {
      inside = letter !== "]";
      made += letter === "[" ? "\\[" : "(){}/|.".includes(letter) ? `\\${letter}` : letter;
    } else if (letter === "[") {
      inside = true;
      made += letter;
      if (pattern[at + 1] === "^") made += pattern[(at += 1)];
      if (pattern[at + 1] === "]") made += `\\${pattern[(at += 1)]}`;
    } else if (flags.includes("x") && /\s/.test(letter)) continue;
    else if (flags.includes("x") && letter === "#") while (at + 1 < pattern.length && pattern[at + 1] !== "\n") at += 1;
    else if (pattern.startsWith("(?P<", at)) {
      made += "(?<";
      at += 3;
    } else if (letter === ".") made += flags.includes("s") ? "[\\s\\S]" : "[^\\n]";
    else if (letter === "$") made += flags.includes("m") ? "(?=\\n|(?![\\s\\S]))" : "(?=\\n?(?![\\s\\S]))";
    else if (letter === "^") made += flags.includes("m") ? "(?<=\\n|(?<![\\s\\S]))" : "(?<![\\s\\S])";
    else if (letter === "{" && !/^\{\d*,?\d*\}/.test(pattern.slice(at)) || letter === "}" && !/\{\d*,?\d*$/.test(pattern.slice(0, at)))
      made += `\\${letter}`;
    else made += letter;
  }
  return made;
}

function $escape(letter, inside) {
  if ("xu".includes(letter)) return "";
  if (letter in $CLASSES) return inside || letter === "D" ? $CLASSES[letter] : `[${$CLASSES[letter]}]`;
  if (letter === "W" || letter === "S") {
    if (inside) throw $ValueError(`\\${letter} in a class of a pattern`);
    return `[^${$CLASSES[letter.toLowerCase()]}]`;
  }
  if (letter === "b") return `(?:(?<=[${$WORD}])(?![${$WORD}])|(?<![${$WORD}])(?=[${$WORD}]))`;
  if ("nrtfv".includes(letter) || /[1-9]/.test(letter)) return `\\${letter}`;
  return /[\\^$.*+?()[\]{}|/-]/.test(letter) && (inside || letter !== "-") ? `\\${letter}` : letter;
}

const $Match = $class("Match", $object, null, false, {
  __init__(found) {
    this.found = found;
    this.lastgroup = null;
    for (const name in found.groups) if (found.groups[name] !== undefined) this.lastgroup = name;
  },
  group(which = 0) {
    const value = typeof which === "string" ? this.found.groups[which] : this.found[which];
    return value === undefined ? null : value;
  },
  __getitem__(which) {
    return this.group(which);
  },
  start() {
    return this.found.index;
  },
  end() {
    return this.found.index + this.found[0].length;
  },
}, {});  // prettier-ignore

const $Pattern = $class("Pattern", $object, null, false, {
  __init__(pattern, flags) {
    const made = $pattern(pattern, flags);
    this.all = new RegExp(made, "gu");
    this.here = new RegExp(made, "yu");
  },
  match(text) {
    this.here.lastIndex = 0;
    const found = this.here.exec(text);
    return found && $Match(found);
  },
  search(text) {
    this.all.lastIndex = 0;
    const found = this.all.exec(text);
    return found && $Match(found);
  },
  finditer(text) {
    return Array.from(text.matchAll(this.all), (found) => $Match(found));
  },
  findall(text) {
    return Array.from(text.matchAll(this.all), (found) =>
      found.length < 3 ? found[found.length - 1] ?? "" : $t(...found.slice(1).map((part) => part ?? "")));
  },
  split(text) {
    const made = [];
    let from = 0;
    for (const found of text.matchAll(this.all)) {
      made.push(text.slice(from, found.index));
      from = found.index + found[0].length;
    }
    return [...made, text.slice(from)];
  },
  sub(made, text) {
    return text.replace(this.all, (...found) => {
      const groups = found.slice(0, found.findIndex((part, place) => place && typeof part === "number"));
      return made.replace(/\\(\d)/g, (_, place) => groups[place] ?? "");
    });
  },
}, {});  // prettier-ignore

const $patterns = new Map();
const $re = {
  VERBOSE: $set_of(["x"]),
  DOTALL: $set_of(["s"]),
  MULTILINE: $set_of(["m"]),
  compile(pattern, flags = $set_of([])) {
    const written = [...flags.map.values()].join("");
    const place = `${written} ${pattern}`;
    if (!$patterns.has(place)) $patterns.set(place, $Pattern(pattern, written));
    return $patterns.get(place);
  },
  match: (pattern, text, flags) => $re.compile(pattern, flags).match(text),
  search: (pattern, text, flags) => $re.compile(pattern, flags).search(text),
  findall: (pattern, text, flags) => $re.compile(pattern, flags).findall(text),
  finditer: (pattern, text, flags) => $re.compile(pattern, flags).finditer(text),
  split: (pattern, text) => $re.compile(pattern).split(text),
  sub: (pattern, made, text) => $re.compile(pattern).sub(made, text),
};

// ---- the way in and out: JSON, with Python's difference between 1 and 1.0 ----

function $loads(json) {
  const marked = json.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (word) => (word[0] === '"' ? word : `{"\0":"${word}"}`));
  return $from_plain(JSON.parse(marked.replaceAll("\0", "\\u0000")));
}

// A plain value of JavaScript as Python's. A number is whole where it has no fraction.
function $from_plain(value) {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : Number.isInteger(value) ? BigInt(value) : new $Float(value);
  if (value === undefined) return null;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map($from_plain);
  if ("\0" in value) return /^-?\d+$/.test(value["\0"]) ? $whole_number(value["\0"], 10) : $float(value["\0"]);
  return $dict_of(Object.entries(value).map(([name, each]) => [name, $from_plain(each)]));
}

// Python's json.dumps.
function $dumps(value) {
  if (value === null || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "string")
    return JSON.stringify(value).replace(/[\x7f-\uffff]/g, (c) => (c === "\x7f" ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`));
  if (typeof value === "number") return String(value);
  if (value instanceof $Float) {
    const { value: number } = value;
    return Number.isFinite(number) ? $float_text(number) : Number.isNaN(number) ? "NaN" : `${number}`;
  }
  if (Array.isArray(value) || value instanceof $Tuple) return `[${[...value].map($dumps).join(", ")}]`;
  if (value instanceof $Dict) return `{${$pairs(value).map(([key, each]) => `${$dumps($str(key))}: ${$dumps(each)}`).join(", ")}}`;
  throw $TypeError(`Object of type ${$type(value).__name__} is not JSON serializable`);
}

// What $dumps would write, read by JSON.parse.
function $to_plain(value) {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof $Float) return value.value;
  if (Array.isArray(value) || value instanceof $Tuple) return Array.from(value, $to_plain);
  if (value instanceof $Dict) return Object.fromEntries($pairs(value).map(([key, each]) => [$str(key), $to_plain(each)]));
  return value;
}

// The functions of a module for the page: plain values in, plain values out. `call` takes and returns JSON.
function $for_the_page(functions) {
  const made = { call: (name, json) => $dumps(functions[name](...$loads(json))) };
  for (const [name, called] of Object.entries(functions))
    made[name] = (...given) => $to_plain(called(...given.map($from_plain)));
  return made;
}
