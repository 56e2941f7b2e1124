// Our DCQL evaluator answers the same questions as the package dcql: what of a holder's credentials fits a query,
// what of it is disclosed, and whether a verifier accepts the answer. Where the two differ, the specification decides
// (OpenID4VP 1.0), and a test says by which section.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import { DcqlPresentationResult, DcqlQuery } from "dcql";
import { Random, gaps, holderCase, leaves, leavesAt, withheld } from "./dcql-cases.js";

const { CLAVIGER_EXAMPLES } = process.env;
if (!CLAVIGER_EXAMPLES) throw new Error("set CLAVIGER_EXAMPLES to the folder with the built examples of the crate vc");

const CASES = 3000;
const SEED = 20251124;

/** What our evaluator says to each of these questions. */
function ours(questions) {
  const input = questions.map((question) => JSON.stringify(question)).join("\n");
  const said = execFileSync(join(CLAVIGER_EXAMPLES, "dcql"), { input, maxBuffer: 1 << 28, encoding: "utf8" });
  return said.trimEnd().split("\n").map((line) => JSON.parse(line));
}

const theirCredential = ({ vct, claims, holder_bound }) => ({
  credential_format: "dc+sd-jwt",
  vct,
  claims,
  cryptographic_holder_binding: holder_bound,
});

function theirs({ query, credentials }) {
  const parsed = DcqlQuery.parse(query);
  DcqlQuery.validate(parsed);
  return DcqlQuery.query(parsed, credentials.map(theirCredential));
}

/** Both selections in one form: what fits, by which of the claim sets, and which claims are disclosed. */
function fromTheirs({ can_be_satisfied, credential_matches, credential_sets }) {
  const found = ({ input_credential_index, claims }) => ({
    credential: input_credential_index,
    claim_set: claims.valid_claim_sets[0].claim_set_index ?? null,
    disclosed: [...new Set(leaves(claims.valid_claim_sets[0].output))].toSorted(),
  });
  const matches = Object.entries(credential_matches).map(([id, match]) => [
    id,
    (match.valid_credentials ?? []).map(found),
  ]);
  return {
    satisfied: Boolean(can_be_satisfied),
    matches: Object.fromEntries(matches),
    options: (credential_sets ?? []).map((set) => set.matching_options ?? []),
  };
}

function fromOurs({ satisfied, matches, options }, credentials) {
  const found = ({ credential, claim_set, disclose }) => ({
    credential,
    claim_set,
    disclosed: leavesAt(credentials[credential].claims, disclose),
  });
  const inOneForm = Object.entries(matches).map(([id, list]) => [id, list.map(found)]);
  return { satisfied, matches: Object.fromEntries(inOneForm), options };
}

const random = new Random(SEED);
const cases = Array.from({ length: CASES }, () => holderCase(random));
const selections = ours(cases);

describe("our holder and dcql", () => {
  test(`select the same in ${CASES} pairs of query and credentials`, () => {
    for (const [position, question] of cases.entries()) {
      assert.deepEqual(
        fromOurs(selections[position], question.credentials),
        fromTheirs(theirs(question)),
        `case ${position}: ${JSON.stringify(question)}`,
      );
    }
  });

  test("meet every feature in them, answered and refused", () => {
    const count = (holds) => cases.filter((question, position) => holds(question.query, selections[position])).length;
    const some = (holds) => (query) => query.credentials.some(holds);
    const features = {
      satisfied: (_, selection) => selection.satisfied,
      refused: (_, selection) => !selection.satisfied,
      values: some((credential) => credential.claims?.some((claim) => claim.values)),
      positions: some((credential) => credential.claims?.some((claim) => claim.path.some(Number.isInteger))),
      nulls: some((credential) => credential.claims?.some((claim) => claim.path.includes(null))),
      claimSets: some((credential) => credential.claim_sets),
      laterClaimSet: (_, { matches }) => Object.values(matches).flat().some((match) => match.claim_set > 0),
      credentialSets: (query) => query.credential_sets,
      optionalSets: (query) => query.credential_sets?.some((set) => set.required === false),
      laterOption: ({ credential_sets: sets }, { options }) =>
        options.some((found, set) => found.length && String(found[0]) !== String(sets[set].options[0])),
      multiple: some((credential) => credential.multiple),
      withoutClaims: some((credential) => !credential.claims),
      unbound: some((credential) => credential.require_cryptographic_holder_binding === false),
      authorities: some((credential) => credential.trusted_authorities),
      otherFormat: some((credential) => credential.format !== "dc+sd-jwt"),
    };
    for (const [feature, holds] of Object.entries(features)) {
      assert.ok(count(holds) >= 50, `${feature}: ${count(holds)} of ${CASES}`);
    }
  });
});

describe("our verifier and dcql", () => {
  /** Of each selection an answer, honest or with one claim, credential or property changed. */
  const answers = cases.flatMap(({ query, credentials }, position) => {
    // No answer proves to us that an authority stands behind an issuer (§6.1.1); dcql leaves that to others.
    if (query.credentials.some((credential) => credential.trusted_authorities)) return [];
    const entries = Object.entries(selections[position].matches).filter(([, list]) => list.length);
    const answer = entries.map(([id, list]) => {
      const { multiple } = query.credentials.find((credential) => credential.id === id);
      const shown = (multiple || random.chance(0.05) ? list : [random.of(list)]).map(({ credential, disclose }) => {
        const dropped = random.chance(0.15) ? random.below(disclose.length) : -1;
        const held = credentials[credential];
        const kept = disclose.filter((_, place) => place !== dropped);
        return {
          vct: random.chance(0.03) ? "other" : held.vct,
          claims: withheld(held.claims, kept),
          withheld: gaps(held.claims, kept),
          holder_bound: held.holder_bound && random.chance(0.97),
        };
      });
      return [id, shown];
    });
    return { query, answer: Object.fromEntries(answer.filter(() => random.chance(0.95))) };
  });

  function theirVerdict({ query, answer }) {
    const parsed = DcqlQuery.parse(query);
    const presented = Object.entries(answer).map(([id, list]) => [id, list.map(theirCredential)]);
    try {
      const result = DcqlPresentationResult.fromDcqlPresentation(Object.fromEntries(presented), { dcqlQuery: parsed });
      return Boolean(result.can_be_satisfied);
    } catch {
      return false;
    }
  }

  const asksForPositions = ({ credentials }) =>
    credentials.some((credential) => credential.claims?.some((claim) => claim.path.some(Number.isInteger)));

  test("accept and refuse the same answers, but that ours knows more of positions", () => {
    const verdicts = ours(answers);
    for (const [position, question] of answers.entries()) {
      const { accepted, reason } = verdicts[position];
      const theirs = theirVerdict(question);
      // To dcql a position is any element of the list (see below).
      if (!accepted && theirs && asksForPositions(question.query)) continue;
      assert.equal(accepted, theirs, `${reason}: ${JSON.stringify(question)}`);
    }
    const accepted = verdicts.filter((verdict) => verdict.accepted).length;
    assert.ok(accepted > 500 && verdicts.length - accepted > 500, `${accepted} of ${verdicts.length} accepted`);
  });
});

const pid = (more) => ({ credentials: [{ id: "pid", format: "dc+sd-jwt", meta: { vct_values: ["pid"] }, ...more }] });
const held = (claims) => [{ vct: "pid", claims, holder_bound: true }];
/** Whether our verifier accepts these claims as an answer to one path. */
const accepts = (claims, path, withheld = []) =>
  ours([{ query: pid({ claims: [{ path }] }), answer: { pid: [{ ...held(claims)[0], withheld }] } }])[0].accepted;
/** Whether dcql does. */
function theyAccept(claims, path) {
  const dcqlQuery = DcqlQuery.parse(pid({ claims: [{ path }] }));
  try {
    const presented = { pid: held(claims).map(theirCredential) };
    return Boolean(DcqlPresentationResult.fromDcqlPresentation(presented, { dcqlQuery }).can_be_satisfied);
  } catch {
    return false;
  }
}

describe("where dcql departs from the specification, ours does not:", () => {
  /** Whether a holder of these claims can answer, by each of the two. */
  function fits(claims, ...wanted) {
    const question = { query: pid({ claims: wanted.map((claim) => ({ ...claim })) }), credentials: held(claims) };
    return { ours: ours([question])[0].satisfied, theirs: Boolean(theirs(question).can_be_satisfied) };
  }

  test("a position is exact in a list of which nothing is withheld, for a verifier too (§7.1.1, step 2.3)", () => {
    assert.deepEqual([accepts({ n: ["a", "b"] }, ["n", 5]), theyAccept({ n: ["a", "b"] }, ["n", 5])], [false, true]);
    assert.deepEqual([accepts({ n: ["a", "b"] }, ["n", 1]), theyAccept({ n: ["a", "b"] }, ["n", 1])], [true, true]);
  });

  test("a position lies within bounds in a list of which something is withheld (RFC 9901 §4.2.7, §7.1)", () => {
    const gap = [[["n"], [2]]];
    assert.deepEqual([0, 1, 2, 3].map((position) => accepts({ n: ["c"] }, ["n", position], gap)), [true, true, true, false]);
  });

  test("a claim whose value is null exists (§7.1.1, step 2.1: \"if the key does not exist\")", () => {
    assert.deepEqual(fits({ name: null }, { path: ["name"] }), { ours: true, theirs: false });
  });

  test("a name in what is no object ends the search, whatever the other elements are (§7.1.1, step 2.1)", () => {
    const claims = { degrees: [{ type: "BSc" }, "MSc"] };
    assert.deepEqual(fits(claims, { path: ["degrees", null, "type"] }), { ours: false, theirs: true });
  });

  test("a position in what is no list ends the search, whatever the other elements are (§7.1.1, step 2.3)", () => {
    assert.deepEqual(fits({ table: [[1], 2] }, { path: ["table", null, 0] }), { ours: false, theirs: true });
  });

  test("a list is no object, so a name does not lead into it (§7.1.1, step 2.1)", () => {
    assert.deepEqual(fits({ table: [1] }, { path: ["table", "0"] }), { ours: false, theirs: true });
  });

  test("an empty list has no elements to select (§7.1.1, step 3)", () => {
    assert.deepEqual(fits({ table: [] }, { path: ["table", null] }), { ours: false, theirs: true });
  });

  test("a holder ignores a claims query for a claim that was asked for (§6.1, `claims`)", () => {
    const twice = [{ path: ["name"] }, { path: ["name"], values: ["Grace"] }];
    assert.deepEqual(fits({ name: "Ada" }, ...twice), { ours: true, theirs: false });
  });
});

describe("queries that are not valid", () => {
  const claim = (more) => pid({ claims: [{ path: ["name"], ...more }] });
  const sets = (options) => ({ ...pid({}), credential_sets: [{ options }] });
  const claims = (claims, claim_sets) => pid({ claims, claim_sets });
  const named = (id, path) => ({ id, path: [path] });
  /** What is wrong, by which section, where our refusal points, and whether dcql refuses it too. */
  const invalid = [
    ["no credentials", "§6", { credentials: [] }, "credentials", true],
    ["no credential sets in their list", "§6", { ...pid({}), credential_sets: [] }, "credential_sets", true],
    ["an empty id", "§6.1", pid({ id: "" }), "credentials[0].id", true],
    ["an id with a space", "§6.1", pid({ id: "a b" }), "credentials[0].id", true],
    ["an id twice", "§6.1", { credentials: [1, 2].flatMap(() => pid().credentials) }, "credentials[1].id", true],
    ["no format", "§6.1", pid({ format: undefined }), "credentials[0].format", true],
    ["no meta", "§6.1", pid({ meta: undefined }), "credentials[0].meta", false],
    ["text in the place of true or false", "§6.1", pid({ multiple: "yes" }), "credentials[0].multiple", true],
    ["no claims in their list", "§6.1", pid({ claims: [] }), "credentials[0].claims", true],
    ["no authorities", "§6.1", pid({ trusted_authorities: [] }), "credentials[0].trusted_authorities", true],
    [
      "an authority without values",
      "§6.1.1",
      pid({ trusted_authorities: [{ type: "aki" }] }),
      "credentials[0].trusted_authorities[0].values",
      true,
    ],
    ["no type in their list", "§B.3.5", pid({ meta: { vct_values: [] } }), "credentials[0].meta.vct_values", false],
    ["no options", "§6.2", sets([]), "credential_sets[0].options", true],
    ["an empty option", "§6.2", sets([[]]), "credential_sets[0].options[0]", false],
    ["an option with an unknown id", "§6.2", sets([["other"]]), "credential_sets[0].options[0][0]", true],
    ["a claim without path", "§6.3", claim({ path: undefined }), "credentials[0].claims[0].path", true],
    ["a claim without values in their list", "§6.3", claim({ values: [] }), "credentials[0].claims[0].values", false],
    ["a fraction as value", "§6.3", claim({ values: [0.5] }), "credentials[0].claims[0].values[0]", true],
    ["a claim's id twice", "§6.3", claims([named("a", "a"), named("a", "b")]), "credentials[0].claims[1].id", false],
    [
      "a claim without id beside claim sets",
      "§6.3",
      claims([named("a", "a"), { path: ["b"] }], [["a"]]),
      "credentials[0].claims[1].id",
      false,
    ],
    ["claim sets without claims", "§6.4.1", pid({ claim_sets: [["a"]] }), "credentials[0].claim_sets", true],
    ["an unknown id in a set", "§6.1", claims([named("a", "a")], [["b"]]), "credentials[0].claim_sets[0][0]", true],
    ["an empty path", "§7", claim({ path: [] }), "credentials[0].claims[0].path", true],
    ["a negative position", "§7", claim({ path: ["a", -1] }), "credentials[0].claims[0].path[1]", true],
    ["a fraction as position", "§7", claim({ path: ["a", 0.5] }), "credentials[0].claims[0].path[1]", true],
    ["true in a path", "§7", claim({ path: [true] }), "credentials[0].claims[0].path[0]", true],
  ];

  for (const [wrong, section, query, place, both] of invalid) {
    test(`${wrong} (${section}) ${both ? "is refused by both" : "is refused by ours alone"}`, () => {
      assert.equal(ours([{ query }])[0].refused?.place, place);
      const judge = () => DcqlQuery.validate(DcqlQuery.parse(query));
      if (both) assert.throws(judge);
      else assert.doesNotThrow(judge);
    });
  }
});
