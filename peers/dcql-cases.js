// Queries and credentials by the thousand, drawn from a seed so that every run asks the same.

/** Mulberry32: the same numbers from the same seed. */
export class Random {
  constructor(seed) {
    this.state = seed;
  }

  next() {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from 0 to `end`, without `end`. */
  below(end) {
    return Math.floor(this.next() * end);
  }

  chance(probability) {
    return this.next() < probability;
  }

  of(list) {
    return list[this.below(list.length)];
  }

  /** Some of a list in its order, at least one. */
  some(list, probability = 0.5) {
    const chosen = list.filter(() => this.chance(probability));
    return chosen.length ? chosen : [this.of(list)];
  }
}

const TYPES = ["pid", "diploma", "licence"];
const NAMES = ["name", "age", "address", "degrees", "code", "absent"];

/**
 * Claims, each of which has the same kind of value in every credential and is there more often than not. Lists are not
 * empty and nothing is null: what becomes of those has tests of its own, because dcql departs from the specification.
 */
const SHAPE = {
  name: (random) => random.of(["Ada", "Grace", "Edsger", ""]),
  age: (random) => random.below(4),
  member: (random) => random.chance(0.5),
  ratio: (random) => random.of([0.5, 1.5, 2]),
  address: object({
    locality: (random) => random.of(["Delft", "Leiden"]),
    postal: object({ code: (random) => random.below(3), box: (random) => random.of(["1", "2"]) }),
  }),
  nationalities: list((random) => random.of(["NL", "BE", "DE"])),
  degrees: list(
    object({
      type: (random) => random.of(["BSc", "MSc"]),
      year: (random) => 2000 + random.below(3),
      grades: list((random) => random.below(10)),
      school: object({ code: (random) => random.below(3) }),
    }),
  ),
  table: list(list((random) => random.below(3))),
};

function object(members) {
  return (random) => {
    const there = Object.entries(members).filter(() => random.chance(0.8));
    return Object.fromEntries(there.map(([name, value]) => [name, value(random)]));
  };
}

function list(element) {
  return (random) => Array.from({ length: 1 + random.below(3) }, () => element(random));
}

export function credential(random) {
  return { vct: random.of(TYPES), claims: object(SHAPE)(random), holder_bound: random.chance(0.8) };
}

/** Every path into a value, without the empty one. */
function paths(value, path = []) {
  const below = value !== null && typeof value === "object" ? Object.keys(value) : [];
  const step = (key) => (Array.isArray(value) ? Number(key) : key);
  const further = below.flatMap((key) => paths(value[key], [...path, step(key)]));
  return path.length ? [path, ...further] : further;
}

const at = (value, path) => path.reduce((inner, step) => inner?.[step], value);

/** A path that leads into the claims, or would but for one step. */
function path(random, claims) {
  const real = random.of([...paths(claims), ["absent"]]);
  const wide = real.map((step) => (typeof step === "number" && random.chance(0.5) ? null : step));
  if (random.chance(0.8)) return wide;
  const changed = random.below(wide.length);
  const other = random.of([null, random.below(4), random.of(NAMES)]);
  return random.of([
    wide.with(changed, other),
    [...wide, other],
    wide.length > 1 ? wide.slice(0, -1) : wide,
  ]);
}

/** The value that is there or one beside it, now and then of another type. */
function values(random, claims, wanted) {
  const concrete = wanted.map((step) => step ?? 0);
  const there = at(claims, concrete);
  const fitting = ["string", "boolean"].includes(typeof there) || Number.isInteger(there) ? [there] : [];
  return random.some([...fitting, "Ada", 1, true, false, String(there), "NL", 2001], 0.4);
}

function claimsQuery(random, claims) {
  const wanted = path(random, claims);
  return { path: wanted, ...(random.chance(0.3) && { values: values(random, claims, wanted) }) };
}

/** A query for one credential, made from the one that it should find. */
function credentialQuery(random, id, { vct, claims }) {
  const wanted = Array.from({ length: 1 + random.below(4) }, () => claimsQuery(random, claims));
  const distinct = [...new Map(wanted.map((claim) => [JSON.stringify(claim.path), claim])).values()];
  const named = distinct.map((claim, position) => ({ id: `c${position}`, ...claim }));
  const ids = named.map((claim) => claim.id);
  const sets = Array.from({ length: 1 + random.below(3) }, () => random.some(ids));
  return {
    id,
    format: random.chance(0.95) ? "dc+sd-jwt" : "mso_mdoc",
    meta: random.chance(0.8) ? { vct_values: random.some([vct, ...TYPES], 0.3) } : {},
    ...(random.chance(0.2) && { multiple: true }),
    ...(random.chance(0.3) && { require_cryptographic_holder_binding: random.chance(0.5) }),
    ...(random.chance(0.05) && { trusted_authorities: [{ type: "aki", values: ["s9tIpPmhxdiuNkHMEWNpYim8S8Y"] }] }),
    ...(random.chance(0.85) && { claims: named, ...(random.chance(0.4) && { claim_sets: sets }) }),
  };
}

function credentialSets(random, ids) {
  const set = () => ({
    options: Array.from({ length: 1 + random.below(3) }, () => random.some(ids)),
    ...(random.chance(0.5) && { required: random.chance(0.5) }),
  });
  return Array.from({ length: 1 + random.below(2) }, set);
}

/** Credentials of a holder, and a query that some of them answer, wholly or nearly. */
export function holderCase(random) {
  const credentials = Array.from({ length: 1 + random.below(3) }, () => credential(random));
  const ids = Array.from({ length: 1 + random.below(3) }, (_, position) => `query-${position}`);
  // A claims path into an mdoc has two names, and dcql knows no other.
  const queries = ids.map((id) => {
    const query = credentialQuery(random, id, random.of(credentials));
    if (query.format === "mso_mdoc") delete query.claims, delete query.claim_sets, (query.meta = {});
    return query;
  });
  const sets = random.chance(0.4) && { credential_sets: credentialSets(random, ids) };
  return { credentials, query: { credentials: queries, ...sets } };
}

/** What a verifier sees of claims of which all but these paths is withheld: elements of lists leave no gap. */
export function withheld(claims, disclosed) {
  if (disclosed.some((path) => path.length === 0)) return claims;
  const below = (key) => disclosed.filter(([first]) => String(first) === key).map(([, ...rest]) => rest);
  const shown = Object.keys(claims)
    .map((key) => [key, below(key)])
    .filter(([, paths]) => paths.length)
    .map(([key, paths]) => [key, withheld(claims[key], paths)]);
  return Array.isArray(claims) ? shown.map(([, value]) => value) : Object.fromEntries(shown);
}

/** The lists of which elements are withheld, each with the positions that those it shows had. */
export function gaps(claims, disclosed, at = []) {
  if (disclosed.some((path) => path.length === 0) || typeof claims !== "object" || claims === null) return [];
  const below = (key) => disclosed.filter(([first]) => String(first) === key).map(([, ...rest]) => rest);
  const shown = Object.keys(claims).filter((key) => below(key).length);
  const isList = Array.isArray(claims);
  const own = isList && shown.length < claims.length ? [[at, shown.map(Number)]] : [];
  return own.concat(
    shown.flatMap((key, position) => gaps(claims[key], below(key), [...at, isList ? position : key])),
  );
}

/** Which values stand where, so that two ways of showing the same claims can be compared. */
export function leaves(value, path = []) {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object") return [`${JSON.stringify(path)} = ${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

/** The leaves at some paths of the claims. */
export function leavesAt(claims, disclosed) {
  const found = disclosed.flatMap((path) => leaves(at(claims, path), path.map(String)));
  return [...new Set(found)].toSorted();
}
